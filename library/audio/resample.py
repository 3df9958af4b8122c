"""Another rate: soxr, in blocks, with the exact length."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

import numpy as np
import soxr

from library.audio.clip import Samples
from library.audio.errors import ResamplingFailed
from library.audio.units import RATE, resampled_frames

Quality = Literal["HQ", "VHQ"]

TAIL = 16
"""Zero frames fed at the end: soxr rounds its own length, and is sometimes one short."""


class Resampler:
    """Brings blocks of one sound to another rate, one after the other.

    soxr HQ: passband within 0.01 dB to 20 kHz, images below -130 dBc; VHQ: below -180 dBc. Gives
    exactly ceil(frames * to_rate / rate) frames in all; equal rates pass through untouched. Raises
    ResamplingFailed where soxr gives up.
    """

    def __init__(self, rate: int, to_rate: int, channels: int, quality: Quality = "HQ") -> None:
        """Start with nothing; rates in Hz."""
        self.rate = rate
        self.to_rate = to_rate
        self.channels = channels
        self.taken = self.given = 0
        self.stream = None
        if rate != to_rate:
            with self._named():
                self.stream = soxr.ResampleStream(rate, to_rate, channels, "float32", quality)

    def add(self, block: Samples) -> Samples:
        """Take in a block (float32, frames x channels); return what is ready, perhaps nothing."""
        if self.stream is None:
            return block
        self.taken += len(block)
        with self._named():
            return self._counted(self.stream.resample_chunk(block))

    def rest(self) -> Samples:
        """Return what is left when all blocks have been taken in."""
        silence = np.zeros((TAIL, self.channels), np.float32)
        if self.stream is None:
            return silence[:0]
        with self._named():
            return self._counted(self.stream.resample_chunk(silence, last=True))

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Say which rates could not be brought together."""
        try:
            yield
        except (RuntimeError, ValueError) as error:
            reason = f"{self.rate} Hz cannot become {self.to_rate} Hz: {error}"
            raise ResamplingFailed(reason) from error

    def _counted(self, out: Samples) -> Samples:
        # A stream of very few frames may run ahead of the length it has been promised.
        out = out[: resampled_frames(self.taken, self.rate, self.to_rate) - self.given]
        self.given += len(out)
        return out


def resampled(
    blocks: Iterable[Samples], rate: int, to_rate: int = RATE, quality: Quality = "HQ"
) -> Iterator[Samples]:
    """Resample blocks of one sound (float32, frames x channels, same channels throughout)."""
    resampler: Resampler | None = None
    for block in blocks:
        if resampler is None:
            resampler = Resampler(rate, to_rate, block.shape[1], quality)
        if len(out := resampler.add(block)):
            yield out
    if resampler is not None and len(out := resampler.rest()):
        yield out
