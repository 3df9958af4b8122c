"""What samples are written as: 16, 24 or 32 bits, or floats. Nothing ever wraps around."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from library.audio.clip import Samples
from library.audio.dither import STEPS, Dither, exact_int16
from library.audio.words import SEED_FRAMES

BitDepth = Literal["PCM_16", "PCM_24", "PCM_32", "FLOAT"]

Words = npt.NDArray[Any]


class Depth(NamedTuple):
    """Bytes per sample, and whether they are IEEE floats."""

    width: int
    floats: bool = False


DEPTHS: dict[str, Depth] = {
    "PCM_16": Depth(2),
    "PCM_24": Depth(3),
    "PCM_32": Depth(4),
    "FLOAT": Depth(4, floats=True),
}

Row = tuple[bytes, Samples]
"""What goes into the file, and the very same as samples in full scale."""


def rows(
    blocks: Iterable[Samples], gain: float, depth: Depth, *, exact: bool = False
) -> Iterator[Row]:
    """Give each block (float32, frames x channels), after a linear gain, as it will be stored.

    Whole numbers are held at full scale. 16 bits are dithered, unless the blocks are `exact`: all
    of them lie on its grid, and the gain is 1. The same blocks always give the same bytes.
    """
    if depth.floats:
        for block in blocks:
            scaled = (block * np.float32(gain)).astype("<f4")
            yield scaled.tobytes(), scaled
    elif depth.width == DEPTHS["PCM_16"].width:
        for words in _sixteen(blocks, gain, exact=exact):
            yield words.astype("<i2").tobytes(), words * np.float32(1 / STEPS)
    else:
        full = 2.0 ** (8 * depth.width - 1)
        for block in blocks:
            words = _rounded(block, gain * full, full)
            yield _packed(words, depth.width), (words * (1 / full)).astype(np.float32)


def lie_in_words(blocks: Iterable[Samples]) -> bool:
    """Tell whether a whole sound lies on the grid of 16 bits, so that it needs no dither."""
    return all(exact_int16(block) is not None for block in blocks)


def _sixteen(blocks: Iterable[Samples], gain: float, *, exact: bool) -> Iterator[Words]:
    dither: Dither | None = None
    for block in blocks:
        words = exact_int16(block) if exact else None
        if words is None:
            dither = dither or Dither(seed=zlib.crc32(block[:SEED_FRAMES].data))
            words = dither.to_int16(block, gain)
        yield words


def _rounded(block: Samples, scale: float, full: float) -> Words:
    """Round to whole steps. In 64 bits: float32 has no number just below 2 ** 31."""
    steps = np.multiply(block, scale, dtype=np.float64)
    np.rint(steps, out=steps)
    np.clip(steps, -full, full - 1, out=steps)
    return steps.astype("<i4")


def _packed(words: Words, width: int) -> bytes:
    """Return the low `width` bytes of each 32-bit word."""
    return words.view(np.uint8).reshape(-1, words.itemsize)[:, :width].tobytes()
