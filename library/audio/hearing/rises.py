"""What rises in the spectrum of a sound from frame to frame, and where that may be a beginning.

The flux is SuperFlux (Boeck and Widmer, DAFx 2013): what a mel band gains on the loudest of its
neighbours two frames before, so that vibrato does not count as a beginning. Beside it stands the
gain of the high-frequency content (Masri 1996), which hears hats through all else.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from library.audio.hearing.signal import Mono
from library.audio.hearing.spectrum import magnitudes, mel
from library.audio.hearing.steps import Places, Steps, Values, growth

Line = npt.NDArray[np.float32]

SIZE, HOP = 1_024, 256
BANDS, LOW_HZ, HIGH_HZ = 40, 30.0, 16_000.0
THIRDS = (0, 10, 25, BANDS)
"""Bands that are looked at together: low, middle, high."""

LOUDNESS, SHARPNESS = 640.0, 100.0
"""How far log(1 + LOUDNESS x) reaches into what is quiet: of a band, of all high frequencies."""

LAG = 2
TOP = 99
"""The percentile that stands for the loudest: a single crash does not count."""

PEAK_SECONDS = 0.030
NEAR_SECONDS, WIDE_SECONDS = 0.100, 0.300
BEFORE_SECONDS = 0.080
LEAST, LEAST_OF_TOP = 0.003, 0.015
"""Peaks that rise no more than this, or than this part of the highest, begin nothing."""

NOTHING = 0.01
BROAD = 0.15
"""What a band rises by at least where it takes part in a beginning."""
SILENT = 1e-8
STEPPED = (8, 20)
"""Steps of half a millisecond of which levels are compared."""

NAMES = (
    "of_top", "rise", "on_median", "on_mean", "on_wide_mean", "on_wide_top", "on_before",
    "low", "middle", "high", "sharp", "sharp_of_top", "gain", "level", "breadth", "pointed",
    "grown_8", "stepped_8", "grown_20", "stepped_20",
)  # fmt: skip
"""The numbers by which a beginning is told from the flicker of noise."""


@dataclass(frozen=True, eq=False)
class Rises:
    """By frame (HOP samples apart): flux, and its thirds (frames x 3), breadth 0..1.

    sharp: gain of the high-frequency content; power: natural logarithm of all power.
    """

    flux: Line
    thirds: Line
    breadth: Line
    sharp: Line
    power: Line


def rises(native: Mono, rate: int) -> Rises:
    """Return what rises in a sound; where it is cut off nothing begins."""
    spectra = magnitudes(native, SIZE, HOP)
    whole = max(0, (len(native) - SIZE // 2) // HOP)
    spectra[whole + 1 :] = spectra[whole]  # the end of a sound would count as a click
    bands = np.log1p(LOUDNESS * mel(spectra, rate, BANDS, LOW_HZ, HIGH_HZ))
    before = np.zeros_like(bands)
    earlier, around = bands[:-LAG], before[LAG:]
    np.copyto(around, earlier)
    np.maximum(around[:, 1:], earlier[:, :-1], out=around[:, 1:])
    np.maximum(around[:, :-1], earlier[:, 1:], out=around[:, :-1])
    gained = np.maximum(bands - before, 0)
    content = np.log1p(SHARPNESS * spectra @ np.linspace(0, 1, spectra.shape[1], dtype=np.float32))
    sharp = content.copy()
    sharp[LAG:] -= content[:-LAG]
    thirds = [gained[:, low:high].mean(axis=1) for low, high in pairwise(THIRDS)]
    return Rises(
        flux=gained.mean(axis=1),
        thirds=np.stack(thirds, axis=1),
        breadth=(gained > BROAD).mean(axis=1, dtype=np.float32),
        sharp=np.maximum(sharp, 0),
        power=np.log(SILENT + np.einsum("ij,ij->i", spectra, spectra)),
    )


def peaks(flux: Line, frames_a_second: float) -> Places:
    """Return the frames that stand above all within 30 ms."""
    highest = windows(flux, round(PEAK_SECONDS * frames_a_second)).max(axis=1)
    least = max(LEAST, LEAST_OF_TOP * float(np.percentile(flux, TOP)))
    return np.flatnonzero((flux >= highest) & (flux > least))


def windows(line: Line, reach: int) -> Line:
    """Return each value with `reach` neighbours on both sides (frames x 2 reach + 1)."""
    neighbours: Line = sliding_window_view(np.pad(line, reach), 2 * reach + 1)
    return neighbours


def features(found: Rises, steps: Steps, at: Places, frames_a_second: float) -> Values:
    """Return the numbers of NAMES for the frames at which something may begin (peaks x NAMES)."""
    flux, last = found.flux, len(found.flux) - 1
    rise = flux[at]
    near = windows(flux, round(NEAR_SECONDS * frames_a_second))[at]
    wide = windows(flux, round(WIDE_SECONDS * frames_a_second))[at]
    centre = near.shape[1] // 2
    early = near[:, centre - round(BEFORE_SECONDS * frames_a_second) : centre - LAG]
    beside = (flux[np.maximum(at - 2 * LAG, 0)] + flux[np.minimum(at + 2 * LAG, last)]) / 2
    after = found.power[np.minimum(at + LAG, last)]
    sharp = found.sharp[at]
    columns = [
        np.log(rise / max(float(np.percentile(flux, TOP)), LEAST)),
        np.log(rise),
        _over(rise, np.median(near, axis=1)),
        _over(rise, near.mean(axis=1)),
        _over(rise, wide.mean(axis=1)),
        np.log(rise / wide.max(axis=1)),
        _over(rise, early.max(axis=1)),
        *found.thirds[at].T,
        np.sqrt(sharp),
        np.log(NOTHING + sharp / max(float(np.percentile(found.sharp, TOP)), SILENT)),
        after - found.power[np.maximum(at - LAG - 1, 0)],
        after - found.power.max(),
        found.breadth[at],
        np.log(LEAST + np.maximum(rise - beside, 0)),
    ]
    for side in STEPPED:
        before_it, after_it = steps.sides(at * HOP, side)
        columns += [growth(before_it, after_it).max(axis=1), _step(steps, before_it, after_it)]
    return np.stack(columns, axis=1).astype(np.float64)


def _over(rise: Line, level: Line) -> Line:
    """Return the logarithm of a rise over a level."""
    higher: Line = np.log(rise / (level + NOTHING))
    return higher


def _step(steps: Steps, before: Values, after: Values) -> Values:
    """Return the logarithm of the highest step near by, over the loud levels of the sound."""
    loud = float(np.percentile(np.diff(steps.sums), TOP)) + SILENT
    stepped: Values = np.log(1e-6 + np.maximum((after - before).max(axis=1), 0) / loud)
    return stepped
