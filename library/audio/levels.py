"""How strong a sound is."""

import math

import numpy as np

from library.audio.clip import Samples
from library.audio.units import gain_to_db


def peak(samples: Samples) -> float:
    """Largest absolute sample, linear, 1.0 = full scale; 0 for no samples."""
    if not samples.size:
        return 0.0
    return max(float(samples.max()), -float(samples.min()))


def dynamic_range_db(peak: float, rms: float) -> float | None:
    """Return how far a peak stands above the RMS of the whole, in dB; None for silence."""
    return gain_to_db(peak / rms) if rms else None


class Meter:
    """Peak and root mean square of all blocks added so far, all channels together."""

    def __init__(self) -> None:
        """Start with silence."""
        self.peak = 0.0
        self.energy = 0.0
        self.count = 0

    def add(self, samples: Samples) -> None:
        """Take in a block (frames x channels)."""
        self.peak = max(self.peak, peak(samples))
        flat = samples.reshape(-1)
        self.energy += float(np.dot(flat, flat))
        self.count += flat.size

    @property
    def rms(self) -> float:
        """Root mean square, linear; 0.707 for a full-scale sine."""
        return math.sqrt(self.energy / self.count) if self.count else 0.0
