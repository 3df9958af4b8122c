"""Copies of a sound as they lie about: coded, resampled, cut, louder, of few bits, faster."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from benchmarks.analysis.generator.made import Random
from benchmarks.analysis.generator.studio import through_codec

Samples = NDArray[np.float32]
Sound = tuple[Samples, int]
"""Frames x channels, and their rate in Hz."""

BEGINS = 0.02


def _coded(form: str) -> Callable[[Random, Samples, int], Sound]:
    def change(random: Random, samples: Samples, rate: int) -> Sound:
        if rate > 48_000:
            samples, rate = soxr.resample(samples, rate, 48_000).astype(np.float32), 48_000
        return through_codec(random, samples[:, :2], rate, form), rate

    return change


def _resampled(_: Random, samples: Samples, rate: int) -> Sound:
    to_rate = 22_050 if rate > 22_050 else 32_000
    return soxr.resample(samples, rate, to_rate).astype(np.float32), to_rate


def _level(random: Random, samples: Samples, rate: int) -> Sound:
    return samples * np.float32(10 ** (-random.uniform(3, 24) / 20)), rate


def _later(random: Random, samples: Samples, rate: int) -> Sound:
    before, after = (int(random.uniform(0.02, 0.5) * rate) for _ in range(2))
    return np.pad(samples, ((before, after), (0, 0))), rate


def _trimmed(random: Random, samples: Samples, rate: int) -> Sound:
    level = np.abs(samples).max(axis=1)
    first = int(np.argmax(level > BEGINS * level.max()))
    last = len(level) - int(np.argmax(level[::-1] > BEGINS * level.max()))
    keep = max(last - int(random.uniform(0, 0.1) * (last - first)), first + 64)
    return samples[first:keep], rate


def _eight_bits(_: Random, samples: Samples, rate: int) -> Sound:
    return (np.round(samples * 127) / 127).astype(np.float32), rate


def _mono(_: Random, samples: Samples, rate: int) -> Sound:
    if samples.shape[1] == 1:
        return np.repeat(samples, 2, axis=1), rate
    return samples.mean(axis=1, keepdims=True), rate


def _faster(random: Random, samples: Samples, rate: int) -> Sound:
    """By up to 3 %, pitch and all."""
    speed = 1 + random.uniform(0.005, 0.03) * (1 if random.random() < 0.5 else -1)
    return soxr.resample(samples, rate * speed, rate).astype(np.float32), rate


def _filtered(random: Random, samples: Samples, rate: int) -> Sound:
    """Darker, as a copy of a copy."""
    keep = np.float32(np.exp(-2 * np.pi * random.uniform(3000, 8000) / rate))
    from scipy.signal import lfilter

    return lfilter([1 - keep], [1, -keep], samples, axis=0).astype(np.float32), rate


def _several(random: Random, samples: Samples, rate: int) -> Sound:
    """Trimmed, softer, at another rate, as MP3."""
    for change in (_trimmed, _level, _resampled, _coded("mp3")):
        samples, rate = change(random, samples, rate)
    return samples, rate


ALTERATIONS: dict[str, Callable[[Random, Samples, int], Sound]] = {
    "MP3": _coded("mp3"),
    "Ogg": _coded("ogg"),
    "another rate": _resampled,
    "softer": _level,
    "silence around it": _later,
    "trimmed": _trimmed,
    "8 bits": _eight_bits,
    "mono or stereo": _mono,
    "a little faster or slower": _faster,
    "darker": _filtered,
    "several of these": _several,
}


def altered(path: Path, name: str, random: Random) -> Sound:
    """Read a file and change it."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    return ALTERATIONS[name](random, samples, rate)
