"""One labelled sound of the demo crate and how it becomes a file's samples."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from library.audio.synth.mixdown import finish
from library.audio.synth.studio import Recipe, Studio

RATE = 44_100
"""Hz, unless told otherwise."""


@dataclass(frozen=True)
class DemoSound:
    """A name, what a person would say about the sound, and its recipe.

    ``key`` is a tonic with sharps as ``F#`` and flats as ``Bb``, minor with an
    ``m``; a single note counts as major, as its overtones do. ``bpm`` is given
    for loops only. ``rate`` and ``bit_depth`` are those of the written file.
    """

    name: str
    folder: str
    sample_class: str
    genre: str
    recipe: Recipe
    bpm: float | None = None
    key: str | None = None
    tags: tuple[str, ...] = ()
    peak_db: float = -1.0
    fade_seconds: float = 0.02
    rate: int = RATE
    bit_depth: int = 24

    @property
    def is_loop(self) -> bool:
        """Whether it can be repeated without a gap."""
        return self.bpm is not None

    def render(self, rate: int = RATE) -> NDArray[np.float32]:
        """Make the sound: float32 frames x channels, the same every time."""
        studio = Studio.named(self.name, rate)
        return finish(self.recipe(studio), rate, self.peak_db, self.fade_seconds)
