"""What speaks for and against each tempo that a sound could have."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from library.audio.hearing.envelope import FRAME_SECONDS, Envelope, Peaks, Values, peaks
from library.audio.hearing.signal import LONGEST_SECONDS
from library.audio.hearing.tempo_candidates import Candidates, Region, linear

POINTS_A_SECOND = 250
FEWEST_POINTS, MOST_POINTS = 512, 4096
"""Of the envelope around the circle of a loop: a power of two, at least so many a second."""

SMOOTHING = 0.012
"""Seconds (standard deviation) by which it is smoothed: players are not exact."""

NEAR = 0.022
"""Seconds (standard deviation) within which an onset counts as on a grid."""

NEAR_PHASED = 0.010
"""The same for the grid that is laid where it fits best."""

HEARD_SECONDS = float(LONGEST_SECONDS)
MIDDLE_BPM = 118.0
SHORT_SECONDS = 1.2
FEW = 2
USUAL = (8, 16)
"""Beats that few loops have, and that most have."""

BEATS = {"one": 1, "two": 2, "half": 1 / 2, "quarter": 1 / 4, "third": 1 / 3}
SPANS = BEATS | {"three": 3, "four": 4, "six": 6, "eight": 8}
"""Beats after which a sound is compared with itself; bars have three or four of them."""

PER_BAND = ("one", "two", "four")
HARMONICS = (1, 2, 3, 4)
TINY = 1e-9

Columns = dict[str, Values]
Spectrum = npt.NDArray[np.complex128]


@dataclass(frozen=True)
class Evidence:
    """What is measured once of a sound: its parts, envelope, length in frames and rises."""

    parts: tuple[Region, ...]
    envelope: Envelope
    frames: int
    rises: Peaks
    low_rises: Peaks

    @classmethod
    def of(cls, parts: tuple[Region, ...], envelope: Envelope, frames: int) -> "Evidence":
        """Pick the rises of an envelope."""
        return cls(parts, envelope, frames, peaks(envelope.total), peaks(envelope.bands[:, 0]))

    def heard(self, part: Region) -> Region:
        """Return what is listened to of a part: all, but of sounds of more than 40 s."""
        return Region(part.start, min(part.end, HEARD_SECONDS))


def features(evidence: Evidence, candidates: Candidates) -> Columns:
    """Return the features by name, each (candidates,); the order is fixed."""
    columns = prior(evidence, candidates) | counts(candidates)
    columns |= circular(evidence, candidates) | in_line(evidence, candidates)
    columns |= grids(evidence, candidates)
    trimmed = columns["trimmed"]
    return columns | {
        "whole_trimmed": columns["whole"] * trimmed,
        "nearly_whole_trimmed": columns["nearly_whole"] * trimmed,
    }


def table(columns: Columns) -> Values:
    """Return features as candidates x features."""
    return np.stack(list(columns.values()), axis=1)


def tolerance(bpm: Values, frames: int) -> Values:
    """Return how far two frames move a tempo that is taken from a length (BPM)."""
    return bpm * 2 / frames


def prior(evidence: Evidence, candidates: Candidates) -> Columns:
    """Return what a tempo is worth by itself: usual ones, whole numbers, whole files."""
    bpm, whole = candidates.bpm, np.rint(candidates.bpm)
    off = np.abs(bpm - whole)
    exact = off <= np.maximum(0.002, tolerance(bpm, evidence.frames))
    half = np.abs(bpm - np.floor(bpm) - 0.5) <= np.maximum(0.002, tolerance(bpm, evidence.frames))
    octaves = np.log2(bpm / MIDDLE_BPM)
    short = float(evidence.parts[0].seconds < SHORT_SECONDS)
    length = ~candidates.free
    return {
        "octaves": octaves,
        "octaves_squared": octaves**2,
        "slow": np.maximum(0, np.log2(80 / bpm)),
        "fast": np.maximum(0, np.log2(bpm / 168)),
        "octaves_short": short * octaves,
        "octaves_squared_short": short * octaves**2,
        "whole": (exact & length).astype(float),
        "nearly_whole": np.exp(-off / 0.08) * length,
        "half": (half & length).astype(float),
        "trimmed": (candidates.region > 0).astype(float),
        "free": candidates.free.astype(float),
        "rounded": candidates.rounded.astype(float),
        "free_off": np.exp(-off / 0.08) * (candidates.free & ~candidates.rounded),
    }


def counts(candidates: Candidates) -> Columns:
    """Return how well a number of beats fits the way music is built."""
    beats = np.rint(candidates.beats)
    length = ~candidates.free
    power = np.exp2(np.rint(np.log2(np.maximum(beats, 1)))) == beats
    return {
        "power_of_two": (power & length).astype(float),
        "fours": ((beats % 4 == 0) & length).astype(float),
        "threes": ((beats % 3 == 0) & length).astype(float),
        "odd": ((beats % 2 == 1) & length).astype(float),
        "one": ((beats <= 1) & length).astype(float),
        "few": ((beats <= FEW) & length).astype(float),
        "usual": (np.isin(beats, USUAL) & length).astype(float),
        "log_beats": np.log2(np.maximum(candidates.beats, 0.5)),
    }


def circular(evidence: Evidence, candidates: Candidates) -> Columns:
    """Return how alike a sound is to itself some beats later, played around and around."""
    like = np.zeros((4, len(SPANS), len(candidates)))
    turns = np.zeros((len(HARMONICS), len(candidates)))
    spans = np.array(list(SPANS.values()))[:, None]
    for number, whole_part in enumerate(evidence.parts):
        part = evidence.heard(whole_part)
        mine = candidates.region == number
        beats = candidates.bpm[mine] * part.seconds / 60
        total = turning(evidence.envelope.total, part)
        bins = np.rint(np.outer(HARMONICS, beats)).astype(np.intp)
        turns[:, mine] = np.abs(total)[bins] / max(abs(total[0]), TINY)
        bands = [turning(curve, part) for curve in evidence.envelope.bands.T]
        for band, series in enumerate((total, *bands)):
            like[band][:, mine] = around(likeness(series), spans / beats)
    whole = dict(zip(SPANS, like[0], strict=True))
    bar, bars = np.maximum(whole["three"], whole["four"]), np.maximum(whole["six"], whole["eight"])
    seen = {name: whole[name] for name in BEATS} | {"bar": bar, "bars": bars}
    columns = {f"like_{name}": values for name, values in seen.items()}
    columns |= {f"best_{name}": relative(values) for name, values in seen.items()}
    for word, found in zip(("low", "middle", "high"), like[1:], strict=True):
        columns |= {
            f"{word}_{name}": relative(values)
            for name, values in zip(SPANS, found, strict=True)
            if name in PER_BAND
        }
    return columns | {f"turns_{at}": values for at, values in zip(HARMONICS, turns, strict=True)}


def turning(curve: Values, part: Region) -> Spectrum:
    """Return the Fourier series of a curve over a part of it, smoothed."""
    wanted = np.clip(part.seconds * POINTS_A_SECOND, FEWEST_POINTS, MOST_POINTS)
    points = int(2 ** np.ceil(np.log2(wanted)))
    times = part.start + np.arange(points) * part.seconds / points
    series = np.fft.rfft(np.interp(times, np.arange(len(curve)) * FRAME_SECONDS, curve))
    hertz = np.arange(len(series)) / part.seconds
    smooth: Spectrum = series * np.exp(-2 * (np.pi * SMOOTHING * hertz) ** 2)
    return smooth


def likeness(series: Spectrum) -> Values:
    """Return the autocorrelation around the circle, 1 at no lag; 0 of what never changes."""
    power = np.abs(series) ** 2
    power[0] = 0
    lags = np.fft.irfft(power)
    alike: Values = lags / max(lags[0], TINY)
    return alike


def around(curve: Values, turns: Values) -> Values:
    """Read a closed curve at parts of a turn (any shape)."""
    at = (turns % 1) * len(curve)
    before = at.astype(np.intp)
    closed = np.append(curve, curve[0])
    left, right = closed[before], closed[before + 1]
    read: Values = left + (right - left) * (at - before)
    return read


def relative(values: Values) -> Values:
    """Return how far below the best candidate each is."""
    below: Values = values - values.max(initial=-np.inf)
    return below


def in_line(evidence: Evidence, candidates: Candidates) -> Columns:
    """Return how alike a sound is to itself later on, nothing repeated."""
    curve = linear(evidence.envelope.total)
    period = 60 / candidates.bpm / FRAME_SECONDS
    frames = np.arange(len(curve))
    two, three, four, six, eight = (
        np.interp(beats * period, frames, curve, right=0.0) for beats in (2, 3, 4, 6, 8)
    )
    return {
        "line_two": two,
        "line_bar": np.maximum(three, four),
        "line_bars": np.maximum(six, eight),
    }


def grids(evidence: Evidence, candidates: Candidates) -> Columns:
    """Return how much of what begins lies on grids of beats and their parts; how dense it is."""
    rises = evidence.rises
    starts = np.array([part.start for part in evidence.parts])[candidates.region]
    times = rises.seconds[None, :] - starts[:, None]
    shares = rises.weights / max(rises.weights.sum(), 1e-9)
    low_times = evidence.low_rises.seconds[None, :] - starts[:, None]
    low_shares = evidence.low_rises.weights / max(evidence.low_rises.weights.sum(), 1e-9)
    beat = (60 / candidates.bpm)[:, None]
    turn = np.exp(2j * np.pi * times / (beat / 4)) @ shares
    best = np.angle(turn)[:, None] / (2 * np.pi) * (beat / 4)
    lasting = candidates.beats.clip(0.5)
    many = np.log2((len(rises.seconds) + 0.5) / lasting)
    low = np.log2((len(evidence.low_rises.seconds) + 0.5) / lasting)
    return {
        "on_beat": on_grid(times, shares, beat, NEAR),
        "on_quarter": on_grid(times, shares, beat / 4, NEAR),
        "on_third": on_grid(times, shares, beat / 3, NEAR),
        "off_beat": on_grid(times - beat / 2, shares, beat, NEAR),
        "on_best_quarter": on_grid(times - best, shares, beat / 4, NEAR_PHASED),
        "on_half": on_grid(times, shares, beat / 2, NEAR),
        "low_on_beat": on_grid(low_times, low_shares, beat, NEAR),
        "per_beat": many,
        "per_beat_squared": many**2,
        "low_per_beat": low,
        "low_per_beat_squared": low**2,
    }


def on_grid(times: Values, shares: Values, spacing: Values, near: float) -> Values:
    """Return the share near a grid: 1 on it, 0 what chance would give.

    times: candidates x rises; spacing: candidates x 1; near: standard deviation in seconds.
    """
    off = times - np.rint(times / spacing) * spacing
    share = np.exp(-0.5 * (off / near) ** 2) @ shares
    chance = np.minimum(0.9, near * np.sqrt(2 * np.pi) / spacing[:, 0])
    better: Values = (share - chance) / (1 - chance)
    return better
