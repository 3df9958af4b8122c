"""Effects: sweeps, lasers, impacts, risers, drones, textures."""

import numpy as np

from benchmarks.analysis.generator import studio
from benchmarks.analysis.generator.made import RATE, Line, Random, between, pick
from benchmarks.analysis.generator.shapes import (
    band_pass,
    fall,
    low_pass,
    noise,
    saw,
    square,
    sweep,
    times,
)


def _moving_band(line: Line, low: float, high: float, *, up: bool) -> Line:
    """Noise whose band wanders from one pitch to another, in 32 blended steps."""
    centres = np.geomspace(low, high, 24)
    if not up:
        centres = centres[::-1]
    place = np.linspace(0, len(centres) - 1, len(line))
    return sum(
        np.maximum(0, 1 - np.abs(place - number)) * band_pass(line, hz / 1.3, hz * 1.3)
        for number, hz in enumerate(centres)
    )


def riser(random: Random) -> Line:
    """Noise or a tone that rises or falls for a second or more."""
    t = times(between(random, 0.6, 5))
    up = bool(random.random() < 0.6)
    line = _moving_band(noise(random, len(t)), 200, between(random, 3000, 12_000), up=up)
    if random.random() < 0.5:
        turns = np.cumsum(np.geomspace(*((80, 1600) if up else (1600, 60)), len(t))) / RATE
        line = 0.3 * line + 0.2 * saw(turns)
    return line * (t / t[-1] if up else 1 - t / t[-1] * 0.9) ** random.uniform(0.5, 2)


def laser(random: Random) -> Line:
    """A tone that falls (or rises) through octaves, perhaps many times."""
    t = times(between(random, 0.1, 1.2))
    times_over = int(pick(random, {1: 5, 3: 1, 8: 1}))
    within = (t * times_over / t[-1]) % 1.0
    hz = between(random, 800, 7000) * np.exp(-within * random.uniform(2, 6))
    turns = np.cumsum(hz if random.random() < 0.7 else hz[::-1]) / RATE
    wave = pick(random, (saw, square, lambda x: np.sin(2 * np.pi * x)))
    return wave(turns) * fall(t, 2 * t[-1])


def impact(random: Random) -> Line:
    """A boom and its hall."""
    t = times(between(random, 1.0, 4.0))
    boom = sweep(t, 180, between(random, 28, 60), 0.08) * fall(t, t[-1])
    crackle = low_pass(noise(random, len(t)), between(random, 800, 6000)) * fall(t, 0.5 * t[-1])
    return studio.room(random, boom + random.uniform(0.3, 2) * crackle, random.uniform(0.3, 1))


def texture(random: Random) -> Line:
    """Wind, water, static, machines: noise that never quite repeats."""
    t = times(between(random, 0.8, 5))
    slow = np.interp(t, np.linspace(0, t[-1], 20), random.uniform(0.1, 1, 20))
    low = between(random, 150, 3000)
    line = band_pass(noise(random, len(t)), low, low * between(random, 1.3, 8)) * slow
    drops = (random.random(len(t)) < between(random, 2e-5, 2e-3)) * random.standard_normal(len(t))
    return line + random.uniform(0, 3) * band_pass(drops, 500, 9000)


def ringing(random: Random) -> Line:
    """Ring modulation: robots, alarms, broken radios."""
    t = times(between(random, 0.2, 2.5))
    wobble = np.sin(2 * np.pi * between(random, 1, 30) * t)
    first = np.sin(2 * np.pi * between(random, 100, 2000) * t + random.uniform(0, 40) * wobble)
    return first * np.sin(2 * np.pi * between(random, 30, 3000) * t) * fall(t, 3 * t[-1], 0.005)


def glitch(random: Random) -> Line:
    """Crumbs of noise and tones at irregular times; a scratched record."""
    t = times(between(random, 0.2, 1.5))
    line = np.zeros(len(t))
    for start in random.uniform(0, 0.9 * t[-1], int(random.integers(4, 30))):
        part = times(between(random, 0.005, 0.06))
        tone = (
            square(between(random, 80, 5000) * part)
            if random.random() < 0.6
            else noise(random, len(part))
        )
        at = int(start * RATE)
        line[at : at + len(part)] += tone[: len(line) - at] * random.uniform(0.2, 1)
    return line


def backwards(random: Random) -> Line:
    """A cymbal or a chord the wrong way round."""
    t = times(between(random, 0.5, 3))
    line = noise(random, len(t)) if random.random() < 0.6 else saw(between(random, 60, 500) * t)
    return (low_pass(line, between(random, 2000, 12_000)) * fall(t, t[-1]))[::-1]


def effect(random: Random) -> Line:
    """Any of them."""
    return pick(random, (riser, laser, impact, texture, ringing, glitch, backwards))(random)
