"""Measure what a converter made of a tone: by theory, from the samples alone.

Signals are one channel in full scale (-1..1), float64 inside. Tones are fitted by least squares,
so no window colours their level; what is left over is looked at through a window whose side lobes
lie 92 dB down. `rate` is in Hz and that of the samples.
"""

from functools import cache

import numpy as np
import soxr

RATE = 48_000
STEPS = 32_768
SINE_DB = 10 * np.log10(2)
"""A full-scale sine's root mean square is that much below full scale, and counts as 0 dBFS."""

LOBE = 4
"""Half the width of the window's main lobe, in bins."""


def decibels(ratio):
    """Of an amplitude; nothing at all is given as -300."""
    return 20 * np.log10(max(float(ratio), 1e-15))


def fit(line, frequencies, rate=RATE):
    """Fit tones and a constant; returns complex amplitudes of the sines, constant, rest."""
    line = np.asarray(line, np.float64).reshape(-1)
    radians = 2 * np.pi / rate * np.arange(len(line))[:, None] * np.asarray(frequencies)[None, :]
    basis = np.hstack((np.sin(radians), np.cos(radians), np.ones((len(line), 1))))
    # Normal equations: the columns are nearly orthogonal, and a tall QR is ten times slower.
    found = np.linalg.solve(basis.T @ basis, basis.T @ line)
    count = len(frequencies)
    return found[:count] + 1j * found[count:-1], float(found[-1]), line - basis @ found


def level(line, hz, rate=RATE):
    """Peak level of the tone of `hz` in dB of full scale."""
    tones, _, _ = fit(line, [hz], rate)
    return decibels(abs(tones[0]))


def noise_and_distortion(line, hz, rate=RATE):
    """All that is not the tone of `hz` (nor constant), 0..24 kHz, dB of a full-scale sine."""
    _, _, rest = fit(line, [hz], rate)
    return decibels(np.sqrt(np.mean(rest**2))) + SINE_DB


@cache
def _window(length):
    """Blackman and Harris, four terms, divided so that a bin shows a tone's peak amplitude."""
    turn = 2 * np.pi * np.arange(length) / length
    terms = (0.35875, -0.48829, 0.14128, -0.01168)
    window = sum(share * np.cos(order * turn) for order, share in enumerate(terms))
    return window * (2 / window.sum())


def amplitudes(line):
    """Peak amplitude of what lies around each bin of the spectrum."""
    return np.abs(np.fft.rfft(line * _window(len(line))))


def worst_spur(line, hz, rate=RATE):
    """Loudest line of the spectrum besides the tone of `hz`, in dB of full scale."""
    _, _, rest = fit(line, [hz], rate)
    return decibels(amplitudes(rest)[LOBE:].max())


def worst_image(line, hz, source_rate, rate=RATE):
    """Loudest alias or image of a tone of `hz`, in dB of full scale.

    A resampler can only move a tone by multiples of the two rates' greatest common divisor
    (folded at 0 and 24 kHz), so only those places count: harmonics of rounding are another fault.
    """
    rest = fit(line, [hz], rate)[2] if hz < rate / 2 else np.asarray(line, np.float64).reshape(-1)
    step = int(np.gcd(source_rate, rate))
    places = (hz + step * np.arange(rate // step)) % rate
    places = np.minimum(places, rate - places)
    if hz < rate / 2:
        places = places[np.abs(places - hz) > 1]
    if not len(places):
        return -300.0
    spectrum = amplitudes(rest)
    bins = np.rint(places * len(line) / rate).astype(int)
    near = np.clip(bins[:, None] + np.arange(-1, 2), 0, len(spectrum) - 1)
    return decibels(spectrum[near].max())


def delay(line, hz, rate=RATE):
    """Frames by which a sine that began at phase 0 comes late; unambiguous to half a period."""
    tones, _, _ = fit(line, [hz], rate)
    return float(-np.angle(tones[0]) / (2 * np.pi * hz) * rate)


def lag(line, reference, reach=4096):
    """Whole frames by which `line` comes later than `reference`, at most `reach`."""
    length = 1 << (max(len(line), len(reference)) + reach).bit_length()
    product = np.fft.rfft(line, length) * np.conj(np.fft.rfft(reference, length))
    likeness = np.fft.irfft(product, length)
    around = np.concatenate((likeness[-reach:], likeness[: reach + 1]))
    return int(np.argmax(around)) - reach


def resampled_exactly(samples, rate, to_rate=RATE):
    """What the best resampler at hand makes of it: soxr VHQ in float64, images below -180 dB."""
    return soxr.resample(np.asarray(samples, np.float64), rate, to_rate, "VHQ")


def true_peak_db(samples, rate=RATE):
    """Highest point of the wave between samples as well: 4 times oversampled (BS.1770-4 annex 2).

    samples: frames x channels. In silence, so that the ends count.
    """
    around = np.pad(np.asarray(samples, np.float64), ((64, 64), (0, 0)))
    return decibels(np.abs(soxr.resample(around, rate, 4 * rate, "VHQ")).max())


SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (-1.69065929318241, 0.73248077421585),
)
HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
"""The two filters of BS.1770-4, tables 1 and 2, for 48 kHz: b0 b1 b2, a1 a2."""


def _k_weighted(samples):
    """Filter by the response at each frequency: exact for a sound with silence after it."""
    length = 1 << (len(samples) + RATE).bit_length()
    z = np.exp(-2j * np.pi * np.arange(length // 2 + 1) / length)[:, None]
    spectrum = np.fft.rfft(samples, length, axis=0)
    for (b0, b1, b2), (a1, a2) in (SHELF, HIGH_PASS):
        spectrum *= (b0 + b1 * z + b2 * z**2) / (1 + a1 * z + a2 * z**2)
    return np.fft.irfft(spectrum, length, axis=0)[: len(samples)]


def loudness_lufs(samples):
    """Integrated loudness by BS.1770-4 of frames x channels (one or two) at 48 kHz.

    Sounds under 400 ms get silence up to one block. -inf where no block passes -70 LUFS.
    """
    samples = np.asarray(samples, np.float64)
    missing = max(0, RATE * 4 // 10 - len(samples))
    weighted = _k_weighted(np.pad(samples, ((0, missing), (0, 0)))) ** 2
    tenth = RATE // 10
    whole = weighted[: len(weighted) // tenth * tenth].sum(axis=1).reshape(-1, tenth).mean(axis=1)
    blocks = np.convolve(whole, np.full(4, 0.25), "valid")
    loud = blocks[blocks > _energy(-70)]
    if not len(loud):
        return -np.inf
    return _lufs(loud[loud > loud.mean() / 10].mean())


def _lufs(energy):
    return float(-0.691 + 10 * np.log10(energy))


def _energy(lufs):
    return 10 ** ((lufs + 0.691) / 10)
