"""Signals as hearing takes them, made of arrays."""

import numpy as np

from library.audio.hearing.signal import Collector

RATE = 44_100


def signal(line, rate=RATE):
    """What hearing takes of one channel, or of frames x channels."""
    samples = np.asarray(line, np.float32)
    samples = samples.reshape(len(samples), -1)
    collector = Collector(rate, samples.shape[1])
    collector.add(samples)
    return collector.signal(len(samples))


def times(seconds, rate=RATE):
    """Seconds of each frame."""
    return np.arange(round(seconds * rate)) / rate


def tone(hz, seconds=0.5, decay=0.1, rate=RATE):
    """A sine that falls to 1/e within `decay` seconds."""
    t = times(seconds, rate)
    return 0.8 * np.sin(2 * np.pi * hz * t) * np.exp(-t / decay)


def hiss(seconds=0.3, decay=0.05, seed=1, rate=RATE, low_hz=0.0):
    """Noise that falls, without what lies below a frequency."""
    t = times(seconds, rate)
    drawn = np.random.default_rng(seed).standard_normal(len(t))
    spectrum = np.fft.rfft(drawn)
    spectrum[np.fft.rfftfreq(len(t), 1 / rate) < low_hz] = 0
    line = np.fft.irfft(spectrum, len(t)) * np.exp(-t / decay)
    return 0.8 * line / np.abs(line).max()
