"""Tempos that a sound could have: whole numbers of beats in its length, periods it repeats at."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from library.audio.hearing.envelope import FRAME_SECONDS, RATE, Envelope, Values

SLOWEST, FASTEST = 48.0, 225.0
"""Beats a minute that are thought of."""

MOST_BEATS = 160
FREE = 8
"""Periods taken from the autocorrelation."""

SILENT = 1e-3
"""Below this part of the peak the ends of a sound are silence (-60 dB)."""

SHORTEST_SILENCE = 0.004
"""Seconds of silence at an end that are worth a second look without them."""

LEAST_OVERLAP = 0.25
"""Part of a sound that must meet its shifted self before likeness means anything."""

MULTIPLES = (2, 4, 8, 16)
"""Beats over which a period is measured again, so that it becomes exact."""


@dataclass(frozen=True)
class Region:
    """A part of a sound that could be the loop: from where to where, in seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.end - self.start


@dataclass(frozen=True)
class Candidates:
    """Tempos one by one: all arrays (candidates,).

    bpm; beats: how many the region holds; region: its number, 0 is the whole file; free: a period,
    not a part of the length; rounded: moved to the next whole number.
    """

    bpm: Values
    beats: Values
    region: npt.NDArray[np.intp]
    free: npt.NDArray[np.bool_]
    rounded: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.bpm)


def regions(mono: npt.NDArray[np.float32], seconds: float) -> tuple[Region, ...]:
    """Return the whole sound first, then it without silence at its start, its end, at both."""
    loud = np.flatnonzero(np.abs(mono) > SILENT * np.abs(mono).max(initial=0.0))
    first, last = (loud[0] / RATE, (loud[-1] + 1) / RATE) if len(loud) else (0.0, seconds)
    heard_to_the_end = len(mono) / RATE >= seconds - SHORTEST_SILENCE
    starts = [0.0, first] if first > SHORTEST_SILENCE else [0.0]
    cut = heard_to_the_end and seconds - last > SHORTEST_SILENCE
    ends = [seconds, last] if cut else [seconds]
    return tuple(Region(float(start), float(end)) for end in ends for start in starts)


def candidates(parts: tuple[Region, ...], envelope: Envelope) -> Candidates:
    """Return every tempo that is thought of; none for a sound shorter than a quick beat."""
    rows: list[tuple[float, float, int, bool, bool]] = []
    for number, part in enumerate(parts):
        counts = range(1, MOST_BEATS + 1)
        rows.extend((60 * beats / part.seconds, beats, number, False, False) for beats in counts)
    length = parts[0].seconds
    for period in periods(linear(envelope.total)):
        bpm = 60 / period
        rows.append((bpm, length / period, 0, True, False))
        rows.append((round(bpm), length * round(bpm) / 60, 0, True, True))
    columns = np.array([row for row in rows if SLOWEST <= row[0] <= FASTEST]).reshape(-1, 5).T
    return Candidates(
        bpm=columns[0],
        beats=columns[1],
        region=columns[2].astype(np.intp),
        free=columns[3].astype(bool),
        rounded=columns[4].astype(bool),
    )


def linear(curve: Values) -> Values:
    """Return the autocorrelation by lag in frames, 1 at none, corrected for what overlaps.

    Lags at which less than a quarter overlaps read 0.
    """
    count = len(curve)
    flat = curve - curve.mean()
    power = np.abs(np.fft.rfft(flat, 2 * count)) ** 2
    products = np.fft.irfft(power, 2 * count)[:count]
    if products[0] <= 0:
        return np.zeros(count)
    overlap = np.arange(count, 0, -1) / count
    return np.where(overlap >= LEAST_OVERLAP, products / products[0] / overlap, 0.0)


def periods(correlation: Values) -> list[float]:
    """Return up to eight beat lengths in seconds: peaks of `linear`, the highest first."""
    low = max(1, int(60 / FASTEST / FRAME_SECONDS))
    high = min(len(correlation) - 1, int(60 / SLOWEST / FRAME_SECONDS) + 1)
    inner = correlation[low:high]
    if len(inner) == 0:
        return []
    rising = (inner > correlation[low - 1 : high - 1]) & (inner >= correlation[low + 1 : high + 1])
    found = low + np.flatnonzero(rising & (inner > 0))
    best = found[np.argsort(-correlation[found], kind="stable")][:FREE]
    return [_refined(correlation, int(lag)) for lag in best]


def _refined(correlation: Values, lag: int) -> float:
    """Measure a period again on its multiples, each within what the last leaves open."""
    period = summit(correlation, lag)
    for multiple in MULTIPLES:
        middle = round(period * multiple)
        reach = 2
        if middle + reach + 1 >= len(correlation):
            break
        around = correlation[middle - reach : middle + reach + 1]
        if around.max() <= 0:
            break
        period = summit(correlation, middle - reach + int(around.argmax())) / multiple
    return period * FRAME_SECONDS


def summit(curve: Values, at: int) -> float:
    """Return where the parabola through a point and its neighbours peaks, at most half away."""
    left, middle, right = curve[at - 1 : at + 2]
    bend = left - 2 * middle + right
    return at + float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else float(at)
