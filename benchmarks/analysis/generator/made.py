"""A generated sound with all that is known of it, and the chance that it is drawn with."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

RATE = 44_100
"""Everything is played at this rate; the studio may change it at the very end."""

Line = NDArray[np.float64]
"""One channel."""
Random = np.random.Generator

CLASSES = (
    "kick", "snare", "clap", "hat", "tom", "cymbal", "rim", "perc", "bass", "melodic", "vocal", "fx"
)  # fmt: skip
"""What a one-shot can be."""
LOOP_CLASSES = ("drums", "melodic", "bass", "vocal", "fx")

TRAINING, TESTING = 404, 20_261
"""Seeds of the sounds that models learn from, and of those that they are judged on."""


@dataclass(frozen=True)
class Made:
    """A sound and its truth.

    samples: float32, frames x channels, at `rate` (Hz). kind: loop or one-shot. bpm, beats: None
    for what has no tempo; beats is the number of beats in the file where it was cut to the loop.
    key: tonic 0 (C) to 11 and whether it is minor, None without one. onsets: seconds from the
    start of the file of all that was struck, None where they are not kept. group: which kind of
    player made it. note: as in the manifest (octave_ambiguous, untrimmed, odd_meter, chord).
    """

    name: str
    samples: NDArray[np.float32]
    rate: int
    kind: str
    sound_class: str
    bpm: float | None = None
    beats: float | None = None
    key: tuple[int, bool] | None = None
    onsets: NDArray[np.float64] | None = None
    group: str = ""
    notes: tuple[str, ...] = field(default=())

    @property
    def mono(self) -> NDArray[np.float32]:
        """The mean of the channels."""
        return self.samples.mean(axis=1, dtype=np.float32)

    @property
    def seconds(self) -> float:
        """Exact length."""
        return len(self.samples) / self.rate

    @property
    def is_loop(self) -> bool:
        """Whether it is played round and round."""
        return self.kind == "loop"

    def noting(self, *notes: str) -> "Made":
        """The same with more notes."""
        return replace(self, notes=(*self.notes, *notes))


def chance(seed: int, family: str, number: int) -> Random:
    """Return the chance of one sound: the same however many are drawn, and in whatever order."""
    return np.random.default_rng([seed, number, *family.encode()])


def pick(random: Random, choices: object, weights: object = None) -> object:
    """Draw one of a sequence or of the keys of a mapping {choice: weight}."""
    if isinstance(choices, dict):
        choices, weights = list(choices), list(choices.values())
    chances = None if weights is None else np.asarray(weights, float) / np.sum(weights)
    return choices[int(random.choice(len(choices), p=chances))]


def between(random: Random, low: float, high: float) -> float:
    """Draw so that each octave has the same chance."""
    return float(np.exp(random.uniform(np.log(low), np.log(high))))
