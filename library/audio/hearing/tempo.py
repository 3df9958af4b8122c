"""The tempo of a sound: what its exact length and its onsets say together."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from library.audio.hearing.envelope import Envelope, Values, envelope
from library.audio.hearing.model import FOLDER, Logit
from library.audio.hearing.signal import Mono, Signal
from library.audio.hearing.tempo_candidates import Candidates, candidates, regions
from library.audio.hearing.tempo_features import Columns, Evidence, features, table

SAME = 0.02
"""Tempos no further apart than this part of them are one."""

ROUNDED = 0.03
"""BPM by which a tempo is moved to the next whole number."""

ALTERNATIVES = 3
OCTAVES = (0.5, 1.0, 2.0)


@dataclass(frozen=True, eq=False)
class Guesses:
    """Every candidate of a sound with its features by name, all (candidates,)."""

    candidates: Candidates
    evidence: Evidence
    columns: Columns

    @property
    def table(self) -> Values:
        """The features, candidates x features."""
        return table(self.columns)


@dataclass(frozen=True, eq=False)
class Tempo:
    """A tempo in BPM, None where a sound is too short to have one.

    confidence: how likely it is, 0..1. octaves: how likely it, its half or its double is.
    alternatives: up to three others, (bpm, how likely), the likeliest first. bpms, masses: all
    that were thought of (n,). guesses: their features.
    """

    bpm: float | None
    confidence: float
    octaves: float
    alternatives: tuple[tuple[float, float], ...]
    bpms: Values
    masses: Values
    guesses: Guesses

    def likelihood(self, bpm: float) -> float:
        """Return how likely a tempo is, 0..1."""
        return float(self.masses[np.abs(self.bpms / bpm - 1) <= SAME].sum())


def tempo(signal: Signal) -> Tempo:
    """Find the tempo of a sound, whether or not it is a loop."""
    return chosen(guesses(signal.mono, signal.seconds, signal.frames), signal.frames, model())


def guesses(mono: Mono, seconds: float, frames: int) -> Guesses:
    """Return all candidates of a sound at 22 050 Hz with its exact length, and what they have."""
    heard: Envelope = envelope(mono)
    parts = regions(mono, seconds)
    thought_of = candidates(parts, heard)
    evidence = Evidence.of(parts, heard, frames)
    return Guesses(thought_of, evidence, features(evidence, thought_of))


def chosen(found: Guesses, frames: int, weights: Logit) -> Tempo:
    """Weigh the candidates of a sound of so many frames in its file."""
    bpms = found.candidates.bpm
    if not len(bpms):
        return Tempo(None, 0.0, 0.0, (), bpms, bpms, found)
    masses = weights.masses(found.table)
    left = masses.copy()
    ranked: list[tuple[float, float]] = []
    while len(ranked) <= ALTERNATIVES and left.max() > 0:
        bpm = float(bpms[left.argmax()])
        near = np.abs(bpms / bpm - 1) <= SAME
        ranked.append((_tidy(bpm, frames), float(left[near].sum())))
        left[near] = 0
    best, *others = ranked
    family = [np.abs(bpms / (best[0] * octave) - 1) <= SAME for octave in OCTAVES]
    octaves = float(masses[np.any(family, axis=0)].sum())
    return Tempo(best[0], best[1], octaves, tuple(others), bpms, masses, found)


def _tidy(bpm: float, frames: int) -> float:
    """Move a tempo to the whole number that its length may well have been made for."""
    return float(round(bpm)) if abs(bpm - round(bpm)) <= max(ROUNDED, bpm * 2 / frames) else bpm


@cache
def model() -> Logit:
    """Return the trained weights."""
    return Logit.read(FOLDER / "tempo.npz")
