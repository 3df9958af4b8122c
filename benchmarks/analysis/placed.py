"""Recorded one-shots placed at times that are known: real sounds with exact onsets."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from benchmarks.analysis.generator.made import Random, chance
from benchmarks.analysis.recorded import Truth

RATE = 44_100
STRUCK = {"kick", "snare", "clap", "hat", "tom", "rim", "perc", "cymbal"}
BEGINS = 0.02
"""A hit begins where it first passes this part of its peak (analysis.md §6)."""
LONGEST = 1.5
PASSAGES, HITS_OF_A_KIT = 60, 5
NEAREST = 0.07
"""Seconds between two blows at least."""


@dataclass(frozen=True)
class Passage:
    """One channel at 44.1 kHz (float32, peak 0.9) and its onsets in seconds."""

    samples: NDArray[np.float32]
    onsets: NDArray[np.float64]


def _hit(truth: Truth) -> NDArray[np.float64]:
    samples, rate = soundfile.read(truth.path, always_2d=True)
    line = samples.mean(axis=1)
    if rate != RATE:
        line = soxr.resample(line, rate, RATE)
    peak = np.max(np.abs(line))
    first = int(np.argmax(np.abs(line) > BEGINS * peak))
    line = line[first : first + int(LONGEST * RATE)] / max(peak, 1e-9)
    fade = min(len(line), 441)
    line[-fade:] *= np.linspace(1, 0, fade)
    return line


def _blows(random: Random, seconds: float) -> list[float]:
    """Times that musicians might play: mostly on a grid of sixteenths, not quite even."""
    step = 60 / random.uniform(70, 170) / 4
    times = np.arange(0.05, seconds - 0.3, step)
    times = times[random.random(len(times)) < random.uniform(0.25, 0.7)]
    times = times + random.normal(0, 0.006, len(times))
    kept: list[float] = []
    for second in np.sort(np.maximum(times, 0.01)):
        if not kept or second - kept[-1] >= NEAREST:
            kept.append(float(second))
    return kept or [0.1]


def placed(known: list[Truth], seed: int) -> Iterator[Passage]:
    """Make passages of 5 s, each of a kit of five recorded hits."""
    hits = [truth for truth in known if truth.sound_class in STRUCK and not truth.is_loop]
    for number in range(PASSAGES):
        random = chance(seed, "placed", number)
        kit = [_hit(hits[i]) for i in random.choice(len(hits), HITS_OF_A_KIT, replace=False)]
        canvas = np.zeros(5 * RATE)
        frames = []
        for second in _blows(random, 5.0):
            at = round(second * RATE)
            line = kit[int(random.integers(len(kit)))] * 10 ** (-random.uniform(0, 12) / 20)
            part = line[: len(canvas) - at]
            canvas[at : at + len(part)] += part
            frames.append(at)
        canvas *= 0.9 / np.max(np.abs(canvas))
        yield Passage(canvas.astype(np.float32), np.array(frames) / RATE)
