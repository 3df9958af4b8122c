"""Noise of several colours, from the studio's own chance."""

import numpy as np

from library.audio.synth.studio import Signal, Studio


def white(studio: Studio, frames: int) -> Signal:
    """Flat noise with an RMS of about 0.3."""
    return 0.3 * studio.rng.standard_normal(frames)


def pink(studio: Studio, frames: int) -> Signal:
    """Noise that falls by 3 dB an octave above 20 Hz, RMS 0.3."""
    spectrum = np.fft.rfft(studio.rng.standard_normal(frames))
    hz = np.fft.rfftfreq(frames, 1 / studio.rate)
    coloured = np.fft.irfft(spectrum / np.sqrt(np.maximum(hz, 20.0)), frames)
    return np.asarray(0.3 * coloured / np.sqrt(np.mean(coloured**2)))


def crackle(studio: Studio, frames: int, per_second: float) -> Signal:
    """Single frames of chance height and sign, most of them small: dust."""
    count = round(per_second * frames / studio.rate)
    places = studio.rng.integers(0, frames, count)
    heights = studio.rng.choice((-1.0, 1.0), count) * studio.rng.pareto(2.5, count)
    dust = np.zeros(frames)
    dust[places] = np.clip(heights, -2.0, 2.0)
    return dust
