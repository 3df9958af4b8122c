"""What a sound looks like: bars for a row, lowest and highest points for the deck.

The layout of `peaks`: for each of the three levels in `LEVELS` (256, then 1024, then 4096 pairs
over the whole sound) two signed bytes per pair, lowest then highest sample of all channels, 127 =
full scale: 10,752 bytes, whatever the length. The levels start at bytes 0, 512 and 2560.
"""

from functools import reduce

import numpy as np
import numpy.typing as npt

from library.audio.clip import Samples

BARS = 64
LEVELS = (256, 1024, 4096)

MOST_BINS = 1 << 17
"""How fine an outline stays: at least 16 bins per pair of the finest level."""

Line = npt.NDArray[np.float32]


class Outline:
    """Lowest and highest samples in up to 2**17 equal bins, for any number of blocks.

    Bins start one frame wide. When they are used up, neighbours are joined and the width doubles,
    so that memory stays the same for any length.
    """

    def __init__(self) -> None:
        """Start empty."""
        self.width = 1
        self.lows: Line = np.zeros(MOST_BINS, np.float32)
        self.highs: Line = np.zeros(MOST_BINS, np.float32)
        self.used = 0
        self.rest: Samples = np.zeros((0, 1), np.float32)

    def add(self, samples: Samples) -> None:
        """Take in a block (frames x channels)."""
        if len(self.rest):
            samples = np.concatenate((self.rest, samples))
        while True:
            count = min(MOST_BINS - self.used, len(samples) // self.width)
            self._put(samples[: count * self.width], count)
            samples = samples[count * self.width :]
            if len(samples) < self.width:
                break
            self._widen()
        self.rest = samples.copy()

    def _put(self, samples: Samples, count: int) -> None:
        new = slice(self.used, self.used + count)
        lows, highs = reduce(np.minimum, samples.T), reduce(np.maximum, samples.T)
        self.lows[new] = _joined(np.minimum, lows, self.width)
        self.highs[new] = _joined(np.maximum, highs, self.width)
        self.used += count

    def _widen(self) -> None:
        self.used = MOST_BINS // 2
        self.lows[: self.used] = _joined(np.minimum, self.lows, 2)
        self.highs[: self.used] = _joined(np.maximum, self.highs, 2)
        self.width *= 2

    def points(self, count: int) -> tuple[Line, Line]:
        """Return `count` lowest and `count` highest points over a sound of at least one frame.

        Point i covers the bins from i * n // count up to the next point's, and at least one.
        """
        lows, highs = self.lows[: self.used], self.highs[: self.used]
        if len(self.rest):
            lows = np.append(lows, self.rest.min())
            highs = np.append(highs, self.rest.max())
        starts = np.arange(count) * len(lows) // count
        return np.minimum.reduceat(lows, starts), np.maximum.reduceat(highs, starts)


def _joined(join: np.ufunc, line: Line, width: int) -> Line:
    """Join neighbours until one point stands for `width`, a power of two; halving is fastest."""
    while width > 1:
        line = join(line[0::2], line[1::2])
        width //= 2
    return line


def envelope(outline: Outline, bars: int = BARS) -> bytes:
    """Return a byte per bar: the largest absolute sample; 0 = digital silence, 255 = full scale."""
    lows, highs = outline.points(bars)
    loudest = np.maximum(np.abs(lows), np.abs(highs))
    return bytes(np.ceil(np.minimum(loudest, 1) * 255).astype(np.uint8))


def peaks(outline: Outline) -> bytes:
    """Return the deck's pairs of signed bytes at all `LEVELS`, laid out as this module says."""
    parts = []
    for pairs in LEVELS:
        both = np.stack(outline.points(pairs), axis=1)
        parts.append(np.rint(np.clip(both, -1, 1) * 127).astype(np.int8).tobytes())
    return b"".join(parts)
