"""Altered copies of one-shots to learn from: other pitch, colour, room, length, noise and level."""

from collections.abc import Callable

import numpy as np
import soxr
from scipy.signal import butter, fftconvolve, sosfilt

from benchmarks.analysis.generator.made import Random, between
from library.audio.hearing.signal import LOW_RATE, Mono

SHORTEST = 800
"""Frames that a cut leaves at least."""

MARGIN = 2048
"""Frames of silence behind, so that what a filter moves does not come in at the front."""


def _pitched(random: Random, line: Mono) -> Mono:
    """Play it faster or slower, a whole tone up or down as a rule."""
    speed = 2 ** (random.normal(0, 2.2) / 12)
    return soxr.resample(line, LOW_RATE, LOW_RATE * speed)


def _coloured(random: Random, line: Mono) -> Mono:
    """Raise and lower six parts of the spectrum by some 4 dB."""
    size = len(line) + MARGIN
    hertz = np.fft.rfftfreq(size, 1 / LOW_RATE)
    place = np.log2(np.maximum(hertz, 30) / 30) / 8.5
    gain = np.interp(place, np.linspace(0, 1, 6), random.normal(0, 4, 6))
    return np.fft.irfft(np.fft.rfft(line, size) * 10 ** (gain / 20), size)[: len(line)]


def _driven(random: Random, line: Mono) -> Mono:
    return np.tanh(line * random.uniform(1.5, 6))


def _in_a_room(random: Random, line: Mono) -> Mono:
    frames = int(LOW_RATE * random.uniform(0.1, 1.2))
    answer = random.standard_normal(frames) * np.logspace(0, -3, frames)
    answer *= random.uniform(0.1, 0.4) / np.linalg.norm(answer)
    answer[0] = 1
    return fftconvolve(line, answer)[: len(line) + frames // 2]


def _cut(random: Random, line: Mono) -> Mono:
    kept = line[: max(int(len(line) * random.uniform(0.35, 0.9)), SHORTEST)].copy()
    fade = min(len(kept), int(LOW_RATE * random.uniform(0.003, 0.05)))
    kept[-fade:] *= np.linspace(1, 0, fade)
    return kept


def _dull(random: Random, line: Mono) -> Mono:
    return sosfilt(butter(4, random.uniform(3500, 9500), fs=LOW_RATE, output="sos"), line)


def _damped(random: Random, line: Mono) -> Mono:
    return line * np.exp(-np.arange(len(line)) / LOW_RATE * random.uniform(0.5, 6))


def _noisy(random: Random, line: Mono) -> Mono:
    return line + random.standard_normal(len(line)) * 10 ** (-random.uniform(40, 70) / 20)


def _late(random: Random, line: Mono) -> Mono:
    return np.pad(line, (int(LOW_RATE * between(random, 0.001, 0.05)), 0))


WAYS: tuple[tuple[float, Callable[[Random, Mono], Mono]], ...] = (
    (0.7, _pitched),
    (0.5, _coloured),
    (0.25, _driven),
    (0.25, _in_a_room),
    (0.3, _cut),
    (0.2, _dull),
    (0.25, _damped),
    (0.25, _noisy),
    (0.2, _late),
)
"""How often each is done, in this order."""


def copy(random: Random, line: Mono) -> Mono:
    """Return an altered copy of a sound at 22,050 Hz."""
    line = line / max(float(np.abs(line).max()), 1e-9)
    for share, change in WAYS:
        if random.random() < share:
            line = change(random, line)
    return np.ascontiguousarray(line, np.float32)
