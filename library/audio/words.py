"""The last steps of a sound: its level, its place between two sides, and the road to 16 bits."""

import zlib

import numpy as np

from library.audio.baked import AS_IS, Baked
from library.audio.clip import Integers, Samples
from library.audio.containers import PcmFile
from library.audio.dither import Dither, exact_int16

SEED_FRAMES = 1_024


class Words:
    """The blocks of one sound on their way into its file."""

    def __init__(
        self, out: PcmFile, gain: float = 1.0, *, exact: bool = False, baked: Baked = AS_IS
    ) -> None:
        """Take blocks for a file; exact: they may all lie on the 16-bit grid, as far as is known.

        gain: linear; the level and the pan of `baked` are to come on top of it.
        """
        self.out = out
        self.gain = gain * baked.gain
        self.baked = baked
        self.exact = exact and self.gain == 1 and baked.balance is None
        self.is_mixed = False  # began without dither and could not go on so
        self.dither: Dither | None = None

    def put(self, block: Samples, loudest: float | None = None, *, fades: bool = False) -> None:
        """Write a block; loudest is its peak before the gain, where that is known already.

        fades: it was turned down at an edge and lies on no grid, whatever the others do.
        """
        if self.baked.pan:
            block, loudest = panned(block, self.baked), None
        words = exact_int16(block) if self.exact and not fades else None
        if words is None:
            if not fades:
                self.is_mixed, self.exact = self.is_mixed or self.exact, False
            words = self._dithered(block, loudest)
        self.out.write(words)

    def _dithered(self, block: Samples, loudest: float | None) -> Integers:
        self.dither = self.dither or Dither(seed=zlib.crc32(block[:SEED_FRAMES].data))
        words = self.dither.to_int16(block, self.gain, loudest)
        balance = self.baked.balance
        if balance and 0.0 in balance:  # nothing at all is no noise either
            words[:, balance.index(0.0)] = 0
        return words


def panned(block: Samples, baked: Baked) -> Samples:
    """Return a block (frames x 1 or 2) at its place: one channel alone, or two."""
    if baked.side is not None:
        return np.ascontiguousarray(block[:, min(baked.side, block.shape[1] - 1)][:, np.newaxis])
    balance = np.array(baked.balance or (1.0, 1.0), np.float32)
    return block * balance  # one channel becomes two
