"""The highest point between samples (true peak, ITU-R BS.1770-4, annex 2): 4 x oversampled."""

from functools import cache

import numpy as np

from library.audio.clip import Samples
from library.audio.levels import peak
from library.audio.lines import Lines

PHASES = 4
"""Points per frame; the first is the sample itself."""

TAPS = 32
"""Frames that make one point."""

BLOCK = TAPS // 2
"""Frames whose points come from one row of the product; it reaches three blocks far."""

LINE = 19_200
"""Frames looked at together."""

BETA = 5.0
"""Kaiser's window: flat within 0.04 dB up to 21.5 kHz at 48 kHz."""

ROUNDING = 1 + 1e-4
"""How much more than the bound of exact numbers a point in float32 can be."""


@cache
def _points() -> tuple[Samples, float]:
    """Return the matrix from three blocks to all points between the frames around the middle one.

    48 frames x 48 points: in row i taps of the 16 points a quarter, half or three quarters of a
    frame after frame 15 + i. Also how far above the frames a point can be at most: the largest sum
    of a point's taps without their signs.
    """
    matrix = np.zeros((3 * BLOCK, PHASES - 1, BLOCK))
    frames = np.arange(TAPS) - (BLOCK - 1)
    for phase in range(1, PHASES):
        away = frames - phase / PHASES
        window = np.i0(BETA * np.sqrt(1 - (away / BLOCK) ** 2))
        taps = np.sinc(away) * window
        for place in range(BLOCK):
            matrix[place : place + TAPS, phase - 1, place] = taps / taps.sum()
    flat = matrix.reshape(3 * BLOCK, -1)
    return flat.astype(np.float32), float(np.abs(flat).sum(axis=0).max())


class TruePeakMeter:
    """True peak of all blocks added so far; the same whatever their sizes.

    Only blocks that can beat the highest point so far are interpolated. `floor` (linear) spares
    more: a peak that is not above it may come out lower than it is.
    """

    def __init__(self, channels: int, floor: float = 0.0) -> None:
        """Start with silence."""
        self.lines = Lines(channels, LINE, overlap=2 * BLOCK)
        self.floor = floor
        self.highest = 0.0
        self.ended: float | None = None

    def add(self, samples: Samples) -> None:
        """Take in a block (float32, frames x channels, no NaN)."""
        self.ended = None
        for line in self.lines.add(samples):
            self.highest = self._highest(line)

    @property
    def peak(self) -> float:
        """True peak, linear, 1.0 = full scale, of the sound with silence around it."""
        if self.ended is None:
            unfinished = -self.lines.filled % BLOCK
            self.ended = self._highest(self.lines.rest(silence=unfinished + 2 * BLOCK))
        return self.ended

    def _highest(self, lines: Samples) -> float:
        """Return the higher of the peak so far and that of channels x frames, whole blocks."""
        matrix, rise = _points()
        sizes = np.abs(lines)
        highest = max(self.highest, float(sizes.max()))
        least = max(highest, self.floor) / (rise * ROUNDING)
        if sizes.max() <= least:
            return highest
        around = _three_blocks(sizes)
        windows = np.lib.stride_tricks.sliding_window_view(lines, 3 * BLOCK, axis=1)[:, ::BLOCK]
        return max(highest, peak(windows[around > least] @ matrix))


def _three_blocks(sizes: Samples) -> Samples:
    """Return the maximum over each block and its two neighbours; joining halves is fastest."""
    width = 1
    while width < BLOCK:
        sizes = np.maximum(sizes[:, 0::2], sizes[:, 1::2])
        width *= 2
    pairs = np.maximum(sizes[:, :-1], sizes[:, 1:])
    return np.maximum(pairs[:, :-1], sizes[:, 2:])
