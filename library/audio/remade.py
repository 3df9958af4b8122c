"""A part of a sound turned round, at another pitch, with fades: in this order.

Everything is done before any rounding, and is done again for each pass: nothing is kept of it.
"""

from collections.abc import Iterator

import numpy as np

from library.audio.baked import EDGE_FRAMES, Baked
from library.audio.clip import Samples
from library.audio.held import Held
from library.audio.resample import resampled
from library.audio.units import RATE


class Region:
    """Puts the frames from start to end of a sound, block by block, into what holds them."""

    def __init__(self, held: Held, baked: Baked) -> None:
        """Start at the first frame."""
        self.held = held
        self.baked = baked
        self.position = 0

    def add(self, block: Samples) -> None:
        """Take in the next block of the whole sound at 48 kHz."""
        end = len(block) if self.baked.end is None else max(0, self.baked.end - self.position)
        self.held.add(block[max(0, self.baked.start - self.position) : end])
        self.position += len(block)


def remade(held: Held, baked: Baked) -> Iterator[Samples]:
    """Give a region that is held, in its direction and at its pitch.

    soxr VHQ: images below -180 dBc; whatever the recipe says, for here it is the second filter.
    """
    blocks = held.backwards() if baked.reverse else iter(held)
    return resampled(blocks, baked.pitched_rate, RATE, "VHQ") if baked.cents else blocks


def edged(blocks: Iterator[Samples], frames: int, baked: Baked) -> Iterator[tuple[Samples, bool]]:
    """Give the blocks of a sound of so many frames with its fades, each and whether it fades.

    Half a cosine from the first frame on and to the last one; at most half of a short sound each.
    """
    edge = min(EDGE_FRAMES, frames // 2) if baked.fades else 0
    rise = (1 - np.cos(np.pi * np.arange(1, edge + 1) / max(edge, 1))) / 2
    curve = rise.astype(np.float32)[:, np.newaxis]
    fall, position = curve[::-1], 0
    for block in blocks:
        first = min(len(block), max(0, edge - position))
        last = min(len(block), max(0, frames - edge - position))
        if first:
            yield block[:first] * curve[position : position + first], True
        if first < last:
            yield block[first:last], False
        if last < len(block):
            begin = position + last - (frames - edge)
            yield block[last:] * fall[begin : begin + len(block) - last], True
        position += len(block)
