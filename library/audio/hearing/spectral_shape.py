"""The shape of one spectrum in few numbers."""

from functools import cache

import numpy as np

from library.audio.hearing.signal import LOW_RATE
from library.audio.hearing.strike import BANDS, TINY, Values, bands, decibels

COSINES = 13
EDGES_HZ = (0.0, 110.0, 300.0, 800.0, 2500.0, 6000.0, LOW_RATE / 2)
"""Of six bands: the body of a kick, of a tom, a voice, its brightness, hats, air."""

SHAPES = COSINES + 4 + len(EDGES_HZ) - 1
ROLL_OFF = 0.85
RANGE = 1e-7
"""Of the loudest band: what lies below it is not told apart."""


@cache
def cosines() -> Values:
    """Return the first cosines but the constant, of length 1 (40 x 13): the DCT-II."""
    places = (np.arange(BANDS)[:, None] + 0.5) * np.arange(1, COSINES + 1)
    waves: Values = (np.cos(np.pi / BANDS * places) * np.sqrt(2 / BANDS)).astype(np.float32)
    return waves


@cache
def _bins(bins: int) -> tuple[Values, tuple[int, ...]]:
    """Return the hertz of bins and which of them begin the six bands."""
    hertz = (np.arange(bins) * LOW_RATE / (2 * (bins - 1))).astype(np.float32)
    return hertz, tuple(int(at) for at in np.searchsorted(hertz, EDGES_HZ[:-1]))


def moments(power: Values) -> tuple[float, float, float, float]:
    """Return centroid, bandwidth, roll-off (log2 Hz) and flatness (dB) of a power spectrum."""
    hertz, _ = _bins(len(power))
    total = float(power.sum()) + TINY
    centroid = float((power * hertz).sum()) / total
    width = float(np.sqrt((power * np.square(hertz - centroid)).sum() / total))
    rolled = hertz[min(int(np.searchsorted(np.cumsum(power), ROLL_OFF * total)), len(hertz) - 1)]
    floored = np.maximum(power, total / len(power) * RANGE)
    flatness = float(np.log10(floored).mean() - np.log10(floored.mean())) * 10
    return (
        float(np.log2(max(centroid, 20.0))),
        float(np.log2(max(width, 20.0))),
        float(np.log2(max(float(rolled), 20.0))),
        flatness,
    )


def shape(power: Values) -> Values:
    """Return 23 numbers of a power spectrum: 13 cosines of its bands, 4 moments, 6 shares in dB."""
    of_bands = bands(power)
    log = decibels(of_bands, max(float(of_bands.max()) * RANGE, TINY))
    _, starts = _bins(len(power))
    shares = np.add.reduceat(power, starts) / (power.sum() + TINY)
    return np.concatenate([log @ cosines(), moments(power), decibels(shares, 1e-6)])
