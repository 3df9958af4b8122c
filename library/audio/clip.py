"""A sound in memory."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Frames x channels, always two-dimensional, full scale at -1..1."""

Integers = npt.NDArray[np.int16]
"""The same as 16-bit words."""


@dataclass(frozen=True)
class Clip:
    """Samples (float32, frames x channels) at a rate in Hz."""

    samples: Samples
    rate: int

    def __post_init__(self) -> None:
        """Refuse anything but two dimensions of float32: no function downstream has to ask."""
        if self.samples.ndim != 2 or self.samples.dtype != np.float32:  # noqa: PLR2004 - frames x channels
            raise ValueError("A clip holds float32 samples, frames x channels")

    @property
    def frames(self) -> int:
        """Length in frames."""
        return int(self.samples.shape[0])

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate
