"""The pitch of a struck sound at a few moments, and how clear it is."""

import numpy as np

from library.audio.hearing.signal import LOW_RATE, Mono

WINDOW = 1536
"""Frames that are compared with themselves: 70 ms, two turns of 30 Hz."""

SIZE = 4096
"""Of the transform: window and longest lag fit without wrapping round."""

LOWEST_HZ, HIGHEST_HZ = 30, 2000
SHORTEST_LAG = LOW_RATE // HIGHEST_HZ
LONGEST_LAG = LOW_RATE // LOWEST_HZ

NEARLY = 0.9
"""Of the best match: the first lag that is as good is the pitch, later ones its multiples."""

FAINT = 1e-4


def pitch(samples: Mono, start: int) -> tuple[float, float]:
    """Return the pitch (Hz) from a frame on and how well it repeats (0..1); (0, 0) where silent.

    samples at 22,050 Hz. The normalised cross-correlation of 70 ms with what follows one period
    later: sum(x y) / sqrt(sum x² sum y²) (Talkin 1995, without the dynamic programming).
    """
    heard = samples[start : start + WINDOW + LONGEST_LAG]
    head = heard[:WINDOW] - heard[:WINDOW].mean() if len(heard) else heard
    energy = float(np.dot(head, head))
    if energy < FAINT:
        return 0.0, 0.0
    whole = np.zeros(WINDOW + LONGEST_LAG, np.float32)
    whole[: len(heard)] = heard - heard.mean()
    products = np.fft.irfft(np.conj(np.fft.rfft(head, SIZE)) * np.fft.rfft(whole, SIZE), SIZE)
    sums = np.concatenate([[0.0], np.cumsum(np.square(whole, dtype=np.float64))])
    lags = np.arange(SHORTEST_LAG - 1, LONGEST_LAG)
    energies = sums[lags + WINDOW] - sums[lags]
    match = products[lags] / np.sqrt(energy * np.maximum(energies, energy * FAINT))
    return _first_good(match)


def _first_good(match: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    """Return the pitch and the height of the first peak that is nearly the best."""
    inner = match[1:-1]
    peaks = np.flatnonzero((inner >= match[:-2]) & (inner > match[2:]))
    if not len(peaks) or inner[peaks].max() <= 0:
        return 0.0, 0.0
    best = peaks[inner[peaks] >= NEARLY * inner[peaks].max()][0]
    left, top, right = match[best : best + 3]
    shift = 0.5 * (left - right) / (left - 2 * top + right)
    return LOW_RATE / (SHORTEST_LAG + best + shift), min(1.0, float(top))
