"""The onset envelope of a sound in three bands, and its peaks."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from library.audio.hearing.spectrum import Spectra, magnitudes, mel

Values = npt.NDArray[np.float64]

RATE = 22_050
SIZE, HOP = 1024, 128
BANDS, LOW_HZ, HIGH_HZ = 36, 30.0, 10_500.0
COMPRESSION = 200.0
"""L = log(1 + 200 M): what a tenth of the level adds is heard nearly as well as the rest."""

LAG = 2
"""Frames back to which the difference is taken (SuperFlux: Böck & Widmer, DAFx 2013)."""

EDGES = (0, 6, 18, 36)
"""Mel bands where the three sums begin and end: to 0.5 kHz, to 2.2 kHz, above."""

SHARES = (0.4, 0.3, 0.3)
"""Of the three sums in the total."""

LEAST_STRONG = 0.4
"""Part of the largest rise that counts as strong at least: where little begins, the 97th percentile
is the ripple of what goes on sounding."""

EARLY = 1
"""Frames by which a rise peaks before its sound begins: the window reaches 23 ms ahead."""

FRAME_SECONDS = HOP / RATE
APART_SECONDS = 0.03
"""Two peaks are at least so far from each other."""


@dataclass(frozen=True)
class Peaks:
    """Rises of an envelope: times in seconds (n,) ascending, weights (n,) > 0."""

    seconds: Values
    weights: Values


@dataclass(frozen=True)
class Envelope:
    """How much begins: low, middle, high (frames x 3, 0..2) and total (frames,), 172 a second."""

    bands: Values
    total: Values

    @property
    def seconds(self) -> Values:
        """Times of the frames."""
        return np.arange(len(self.total), dtype=np.float64) * FRAME_SECONDS


def envelope(mono: npt.NDArray[np.float32]) -> Envelope:
    """Return the envelope of a signal at 22 050 Hz, whatever its level."""
    loudest = float(np.abs(mono).max(initial=0.0)) or 1.0
    early = np.zeros((EARLY + LAG) * HOP, np.float32)
    spectra = mel(
        magnitudes(np.concatenate((early, mono / np.float32(loudest))), SIZE, HOP),
        RATE,
        BANDS,
        LOW_HZ,
        HIGH_HZ,
    )
    rises = _rises(np.log1p(np.float32(COMPRESSION) * spectra))
    sums = np.add.reduceat(rises, EDGES[:-1], axis=1).astype(np.float64)
    strong = np.maximum(np.percentile(sums, 97, axis=0), LEAST_STRONG * sums.max(axis=0))
    bands = np.clip(sums / np.where(strong > 0, strong, 1.0), 0, 2)
    return Envelope(bands, bands @ SHARES)


def _rises(levels: Spectra) -> Spectra:
    """Return what each band rose by above the highest of its neighbours two frames earlier.

    The first of the result stands for the signal's first sample: rises that show before it are
    moved there, the frames of silence before it fall away.
    """
    before = levels.copy()
    np.maximum(before[:, 1:], levels[:, :-1], out=before[:, 1:])
    np.maximum(before[:, :-1], levels[:, 1:], out=before[:, :-1])
    rises: Spectra = np.maximum(levels[LAG:] - before[:-LAG], 0)
    return rises[: max(1, len(rises) - EARLY)]


def peaks(curve: Values) -> Peaks:
    """Pick rises: largest within ±50 ms, above the mean of ±150 ms, 30 ms apart."""
    near, around = round(0.05 / FRAME_SECONDS), round(0.15 / FRAME_SECONDS)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(curve, near), 2 * near + 1)
    sums = np.concatenate(([0.0], np.cumsum(curve)))
    frames = np.arange(len(curve))
    start, end = np.maximum(frames - around, 0), np.minimum(frames + around + 1, len(curve))
    means = (sums[end] - sums[start]) / (end - start)
    least = means + 0.08 * np.percentile(curve, 99)
    found = np.flatnonzero((curve == windows.max(axis=1)) & (curve > least))
    kept = found[np.diff(found, prepend=-len(curve) - near) * FRAME_SECONDS >= APART_SECONDS]
    return Peaks(kept.astype(np.float64) * FRAME_SECONDS, curve[kept])
