"""163 numbers from which the class of a sound is told."""

import numpy as np

from library.audio.hearing.decay import decay, falls
from library.audio.hearing.pitch import pitch
from library.audio.hearing.signal import LOW_RATE
from library.audio.hearing.spectral_shape import shape
from library.audio.hearing.strike import BLOCK, HOP, TINY, Strike, Values, decibels

COUNT = 163

SEGMENTS = ((0.030, 0.100), (0.100, 0.300), (0.300, 1.000))
"""Seconds; before them the attack, after them all of it."""

QUIET_DB = -80.0
"""What a segment that lies behind the end counts as."""

PITCHED_AT = (0.020, 0.080, 0.200, 0.500)
LOWEST_HZ = 27.5
"""Pitches are octaves above it."""

LONG_SIZE = 8192
"""Of one long spectrum, 0.37 s: narrow enough to tell the notes of a chord."""

LONG_FROM = 882
"""Where it starts, in frames: behind the attack."""

AROUND = 20
"""Bins each side with whose mean a peak is compared."""

NARROW = 4.0
"""Times that mean: a peak is a tone's."""

STRONG = 1e-4
"""Of the highest peak's power: 40 dB below it, tones are not counted."""

ONSET_DB = 4.0
"""What all bands together rise by from frame to frame where something begins."""

FIRST = 4
"""Frames that belong to the sound's own onset."""


def timbre(strike: Strike, seconds: float) -> Values:
    """Return the 163 numbers (float32); seconds: the exact length of the file."""
    mel = decibels(strike.mel, max(float(strike.mel.max()) * 1e-7, TINY))
    parts = (
        decay(strike, seconds),
        _segments(strike),
        _variations(mel),
        _pitches(strike),
        _tones(strike),
        falls(strike),
        _onsets(mel),
    )
    return np.concatenate(parts).astype(np.float32)


def _segments(strike: Strike) -> Values:
    """24 numbers each of five parts: the shape of the mean spectrum, and its level.

    A part that lies behind the end has the shape of the one before it.
    """
    times = np.arange(len(strike.power)) * HOP / LOW_RATE
    spectra = [strike.attack.mean(axis=0)]
    for start, end in SEGMENTS:
        part = strike.power[(times >= start) & (times < end)]
        spectra.append(part.mean(axis=0) if len(part) else part.ravel())
    spectra.append(strike.power.mean(axis=0))
    powers = [float(spectrum.mean()) if len(spectrum) else 0.0 for spectrum in spectra]
    levels = decibels(np.array(powers) / max(powers), 10 ** (QUIET_DB / 10))
    out: list[Values] = []
    for spectrum, level in zip(spectra, levels, strict=True):
        form = shape(spectrum) if level > QUIET_DB or not out else out[-1][:-1]
        out.append(np.append(form, level))
    return np.concatenate(out)


def _variations(mel: Values) -> list[float]:
    """3 numbers in dB: deviation of bands in time, their steps, deviation of the shape alone."""
    form = mel - mel.mean(axis=1, keepdims=True)
    steps = np.abs(np.diff(mel, axis=0, prepend=mel[:1])).mean() * len(mel) / max(len(mel) - 1, 1)
    return [float(mel.std(axis=0).mean()), float(steps), float(form.std(axis=0).mean())]


def _pitches(strike: Strike) -> list[float]:
    """9 numbers: pitch and its clearness at four moments, and by how far it falls."""
    found = [pitch(strike.samples, int(at * LOW_RATE)) for at in PITCHED_AT]
    heights = [float(np.log2(max(hertz, LOWEST_HZ) / LOWEST_HZ)) for hertz, _ in found]
    falls_by = heights[0] - heights[2] if min(found[0][1], found[2][1]) > 0 else 0.0
    return [*heights, *(clear for _, clear in found), falls_by]


def _tones(strike: Strike) -> list[float]:
    """4 numbers of the narrow peaks behind the attack, up to 5.5 kHz.

    Their share of the energy, how many are strong (log2), the lowest and the highest of these.
    """
    heard = strike.samples[LONG_FROM : LONG_FROM + LONG_SIZE]
    if len(heard) < BLOCK:
        return [0.0, 0.0, 0.0, 0.0]
    window = np.hanning(len(heard)).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(heard * window, LONG_SIZE)))[: LONG_SIZE // 4]
    sums = np.cumsum(np.pad(np.sqrt(power), (AROUND + 1, AROUND)))
    width = 2 * AROUND + 1
    narrow = power > np.square(NARROW / width * (sums[width:] - sums[:-width]))
    share = float(power[narrow].sum() / (power.sum() + TINY))
    inner = power[1:-1]
    tops = (inner > power[:-2]) & (inner >= power[2:]) & narrow[1:-1]
    at = np.flatnonzero(tops & (inner > STRONG * power.max())) + 1
    if not len(at):
        return [share, 0.0, 0.0, 0.0]
    low, high = np.log2(at[[0, -1]] * LOW_RATE / LONG_SIZE / LOWEST_HZ)
    return [share, float(np.log2(1 + len(at))), float(low), float(high)]


def _onsets(mel: Values) -> list[float]:
    """7 numbers of what else begins: how much, how strongly, how evenly, when first."""
    rise = np.maximum(np.diff(mel, axis=0, prepend=mel[:1]), 0).mean(axis=1)
    inner = rise[1:-1]
    at = np.flatnonzero((inner >= rise[:-2]) & (inner > rise[2:]) & (inner > ONSET_DB)) + 1
    at = at[at > FIRST]
    later = rise[FIRST + 1 :]
    if not len(at):
        return [0.0, 0.0, 0.0, 0.0, 0.0, 1.0, float(later.mean()) if len(later) else 0.0]
    gaps = np.diff(at, prepend=0)
    return [
        float(np.log2(1 + len(at))),
        len(at) / (len(rise) * HOP / LOW_RATE),
        float(rise[at].max() / 10),
        float(rise[at].mean() / 10),
        float(gaps.std() / gaps.mean()),
        float(at[0] / len(rise)),
        float(later.mean()),
    ]
