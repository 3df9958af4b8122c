"""A drum kit: each part drawn once, in three strengths, and struck at frames that are known."""

from collections.abc import Iterable

import numpy as np

from benchmarks.analysis.generator import drums, percussion
from benchmarks.analysis.generator.made import RATE, Line, Random, between, pick
from benchmarks.analysis.generator.patterns import Blow
from benchmarks.analysis.generator.shapes import low_pass, mix_at, peak_at

MAKERS = {
    "kick": drums.kick,
    "snare": drums.snare,
    "clap": drums.clap,
    "rim": drums.rim,
    "hat": drums.closed_hat,
    "open": drums.open_hat,
    "ride": drums.ride,
    "crash": drums.crash,
    "perc": percussion.perc,
    "shaker": percussion.shaken,
    "extra": percussion.perc,
    "tom high": lambda random: drums.tom(random, between(random, 150, 260)),
    "tom mid": lambda random: drums.tom(random, between(random, 105, 170)),
    "tom low": lambda random: drums.tom(random, between(random, 62, 115)),
}
LEVELS = {"kick": 1.0, "snare": 0.8, "clap": 0.7, "rim": 0.5, "ride": 0.35, "crash": 0.5}
SOFT_DB = 26.0
"""How much softer than the loudest blow the softest is."""


class Kit:
    """Parts are made when they are first struck."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.human = float(pick(random, {0.0: 3, 0.003: 2, 0.007: 2}))
        """Standard deviation of a blow's time, in seconds."""
        self.balance = {part: float(random.uniform(0.6, 1.3)) for part in MAKERS}
        self._takes: dict[str, list[Line]] = {}

    def _take(self, part: str, velocity: float) -> Line:
        if part not in self._takes:
            loud = peak_at(MAKERS[part](self.random))
            self._takes[part] = [low_pass(loud, 3500, 1), low_pass(loud, 9000, 1), loud]
        return self._takes[part][min(int(velocity * 3), 2)]

    def strike(self, canvas: Line, at: int, part: str, velocity: float) -> None:
        """Add one blow from a frame on."""
        gain = 10 ** ((velocity - 1) * SOFT_DB / 20) * LEVELS.get(part, 0.45) * self.balance[part]
        mix_at(canvas, self._take(part, velocity), at, gain)

    def play(self, blows: Iterable[Blow], frames_a_beat: float, frames: int) -> tuple[Line, Line]:
        """Return the sound, long enough for its tails, and the frames of its blows."""
        canvas = np.zeros(frames + 4 * RATE)
        at = []
        for blow in blows:
            late = self.human * self.random.standard_normal() * RATE
            place = max(0, round(blow.beat * frames_a_beat + late))
            if place < frames:
                self.strike(canvas, place, blow.part, blow.velocity)
                at.append(place)
        return canvas, np.unique(np.array(at, float))
