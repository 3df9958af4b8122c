"""Framed spectra and mel bands, the ground of everything that is heard."""

from functools import cache

import numpy as np
import numpy.typing as npt

Spectra = npt.NDArray[np.float32]

ROWS = 512
"""Frames transformed at once: what one block needs stays in the processor's cache."""


@cache
def hann(size: int) -> Spectra:
    """Return the periodic Hann window, scaled so that a full-scale sine at a bin reads 1."""
    window = 1 - np.cos(2 * np.pi * np.arange(size) / size)
    return (window / (size / 2)).astype(np.float32)


def magnitudes(samples: npt.NDArray[np.float32], size: int, hop: int) -> Spectra:
    """Return the magnitudes (frames x size/2 + 1) of a mono signal.

    Frame k is centred on sample k hop; there is silence beyond both ends. A full-scale sine reads
    1 at its bin. There are 1 + frames // hop of them, so even a very short signal has one.
    """
    padded = np.pad(samples, (size // 2, size // 2))
    rows = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    out = np.empty((len(rows), size // 2 + 1), np.float32)
    window = hann(size)
    for start in range(0, len(rows), ROWS):
        block = rows[start : start + ROWS] * window
        np.abs(np.fft.rfft(block, axis=1), out=out[start : start + ROWS])
    return out


def to_mel(hertz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return mels: 2595 log10(1 + f / 700) (O'Shaughnessy 1987)."""
    return 2595 * np.log10(1 + np.asarray(hertz, np.float64) / 700)


def to_hertz(mels: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Undo `to_mel`."""
    return 700 * (10 ** (np.asarray(mels, np.float64) / 2595) - 1)


@cache
def mel_filters(rate: int, size: int, bands: int, low: float, high: float) -> Spectra:
    """Return bands (size/2 + 1 x bands): triangles even in mels, each summing to 1.

    low, high: hertz where the first begins and the last ends. A triangle narrower than a bin takes
    the bin nearest to its centre.
    """
    frequencies = np.arange(size // 2 + 1) * rate / size
    corners = to_hertz(np.linspace(to_mel(low), to_mel(high), bands + 2))
    left, centre, right = corners[:-2], corners[1:-1], corners[2:]
    bins = frequencies[:, None]
    triangles = np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre))
    triangles = np.maximum(triangles, 0)
    empty = triangles.sum(axis=0) == 0
    nearest = np.rint(centre[empty] * size / rate).astype(np.intp)
    triangles[nearest, np.flatnonzero(empty)] = 1
    filters: Spectra = (triangles / triangles.sum(axis=0)).astype(np.float32)
    return filters


def mel(magnitude: Spectra, rate: int, bands: int, low: float, high: float) -> Spectra:
    """Return mean magnitudes in mel bands (frames x bands) of `magnitudes`."""
    size = 2 * (magnitude.shape[1] - 1)
    bands_of: Spectra = magnitude @ mel_filters(rate, size, bands, low, high)
    return bands_of
