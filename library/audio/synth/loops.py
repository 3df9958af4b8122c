"""Loops: hits and notes laid on a grid of sixteenths, closed without a seam."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from library.audio.synth import filters, noise
from library.audio.synth.mixdown import fold, saturate
from library.audio.synth.space import Room, placed, wide
from library.audio.synth.studio import Recipe, Signal, Studio

BEATS_PER_BAR = 4
STEPS_PER_BEAT = 4
LEVELS = {".": 0.0, "-": 0.3, "o": 0.6, "x": 0.8, "X": 1.0}
"""What the marks of a pattern mean: how hard a step is hit."""


def frames_of(beats: float, bpm: float, rate: int) -> int:
    """Return the length of some beats in whole frames (nearest)."""
    return round(beats * 60 / bpm * rate)


@dataclass(frozen=True)
class Lane:
    """One sound and where it is hit: a mark per sixteenth, spaces for the eye."""

    recipe: Recipe
    pattern: str
    level: float = 1.0

    @property
    def steps(self) -> str:
        """The pattern without its spaces."""
        return self.pattern.replace(" ", "")


@dataclass(frozen=True)
class Break:
    """A drum loop; ``swing`` delays every second sixteenth by that part of it."""

    bpm: float
    lanes: tuple[Lane, ...]
    swing: float = 0.0
    drive: float = 1.4
    top_hz: float = 16000.0
    dust: float = 0.0
    room: Room | None = None

    @property
    def beats(self) -> float:
        """How long the loop is."""
        return len(self.lanes[0].steps) / STEPS_PER_BEAT

    def __call__(self, studio: Studio) -> Signal:
        hits: list[tuple[float, Signal]] = []
        for lane in self.lanes:
            hit = lane.level * wide(lane.recipe(studio))
            hits.extend(
                (step + self.swing * (step % 2), LEVELS[mark] * hit)
                for step, mark in enumerate(lane.steps)
                if mark != "."
            )
        mix = laid(hits, self.bpm, studio.rate)
        mix = filters.lowpass(mix, studio.rate, self.top_hz)
        mix = placed(studio, mix, self.room)
        mix = fold(mix, frames_of(self.beats, self.bpm, studio.rate))
        dust = filters.highpass(noise.pink(studio, len(mix)), studio.rate, 300.0)
        return saturate(mix + self.dust * dust[:, None], self.drive)


@dataclass(frozen=True)
class Phrase:
    """A loop of notes: each a first step and a recipe that makes it."""

    bpm: float
    beats: int
    notes: tuple[tuple[float, Recipe], ...]
    drive: float = 1.2
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        played = [(step, wide(recipe(studio))) for step, recipe in self.notes]
        mix = placed(studio, laid(played, self.bpm, studio.rate), self.room)
        mix = fold(mix, frames_of(self.beats, self.bpm, studio.rate))
        return saturate(mix, self.drive)


def laid(hits: Iterable[tuple[float, Signal]], bpm: float, rate: int) -> Signal:
    """Add sounds (frames x 2) at their sixteenths; long enough for the last tail."""
    placed_hits = [(frames_of(step / STEPS_PER_BEAT, bpm, rate), hit) for step, hit in hits]
    mix = np.zeros((max(at + len(hit) for at, hit in placed_hits), 2))
    for at, hit in placed_hits:
        mix[at : at + len(hit)] += hit
    return mix
