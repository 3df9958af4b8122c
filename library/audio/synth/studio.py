"""Where a sound is made: a sample rate and a random generator of its own."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

Signal: TypeAlias = NDArray[np.float64]
"""Audio at work: a vector of frames, or frames x channels; full scale is 1."""


@dataclass(frozen=True)
class Studio:
    """A rate in Hz and the one source of chance for one sound."""

    rate: int
    rng: np.random.Generator

    @classmethod
    def named(cls, name: str, rate: int) -> Self:
        """Open a studio whose chance depends on the name alone.

        The seed is a digest of the name, not ``hash()``, which differs between
        processes.
        """
        seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
        return cls(rate, np.random.default_rng(seed))

    def frames(self, seconds: float) -> int:
        """Return the nearest count of frames."""
        return round(seconds * self.rate)

    def time(self, seconds: float) -> Signal:
        """Return the time of each frame in seconds, from 0."""
        return np.arange(self.frames(seconds), dtype=np.float64) / self.rate


Recipe: TypeAlias = Callable[[Studio], Signal]
"""What makes one sound."""
