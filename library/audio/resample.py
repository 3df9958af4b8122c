"""Another rate: soxr, in blocks, with the exact length."""

from collections.abc import Iterable, Iterator
from typing import Literal

import numpy as np
import soxr

from library.audio.clip import Samples
from library.audio.units import RATE, resampled_frames

Quality = Literal["HQ", "VHQ"]

TAIL = 16
"""Zero frames fed at the end: soxr rounds its own length, and is sometimes one short."""


def resampled(
    blocks: Iterable[Samples], rate: int, to_rate: int = RATE, quality: Quality = "HQ"
) -> Iterator[Samples]:
    """Resample blocks of one sound (float32, frames x channels, same channels throughout).

    soxr HQ: passband within 0.01 dB to 20 kHz, images below -130 dBc; VHQ: below -180 dBc. Gives
    exactly ceil(frames * to_rate / rate) frames in all; equal rates pass through untouched.
    """
    if rate == to_rate:
        yield from blocks
        return
    stream: soxr.ResampleStream | None = None
    taken = given = 0
    for block in blocks:
        if stream is None:
            stream = soxr.ResampleStream(rate, to_rate, block.shape[1], "float32", quality)
        taken += len(block)
        out = stream.resample_chunk(block)
        # A stream of very few frames may run ahead of the length it has been promised.
        out = out[: resampled_frames(taken, rate, to_rate) - given]
        given += len(out)
        if len(out):
            yield out
    if stream is not None:
        silence = np.zeros((TAIL, block.shape[1]), np.float32)
        out = stream.resample_chunk(silence, last=True)
        yield out[: resampled_frames(taken, rate, to_rate) - given]
