"""What is struck, shaken or scraped beside the kit."""

import numpy as np

from benchmarks.analysis.generator.drums import MEMBRANE
from benchmarks.analysis.generator.made import Line, Random, between, pick
from benchmarks.analysis.generator.shapes import (
    band_pass,
    fall,
    high_pass,
    modes,
    noise,
    square,
    sweep,
    times,
)


def hand_drum(random: Random) -> Line:
    """Conga, bongo, djembe, tabla, timbale: open, muted or slapped."""
    hz = between(random, 140, 800)
    decay = between(random, 0.06, 0.5)
    t = times(1.1 * decay)
    count = int(random.integers(2, 7))
    harmonic = np.arange(1, count + 1) if random.random() < 0.3 else MEMBRANE[:count]
    levels = random.uniform(0.1, 0.8, count)
    levels[0] = 1.0
    decays = decay / (1 + random.uniform(0.2, 1) * np.arange(count))
    body = modes(t, hz * harmonic[1:], decays[1:], levels[1:])
    body += sweep(t, hz * random.uniform(0.7, 1.3), hz, between(random, 0.005, 0.1)) * fall(
        t, decay
    )
    skin = band_pass(noise(random, len(t)), 800, between(random, 2500, 9000)) * fall(t, 0.03)
    return body + random.uniform(0.1, 1.5) * skin


def bell(random: Random) -> Line:
    """Cowbell or agogo."""
    t = times(between(random, 0.12, 0.7))
    hz = between(random, 420, 1100)
    if random.random() < 0.5:
        pair = square(hz * t) + square(hz * random.uniform(1.4, 1.55) * t)
        return band_pass(pair, hz, 5000) * fall(t, t[-1])
    count = int(random.integers(3, 8))
    pitches = hz * np.append(1.0, random.uniform(1.3, 6, count - 1))
    return modes(t, pitches, random.uniform(0.2, 1, count) * t[-1], random.uniform(0.3, 1, count))


def wood(random: Random) -> Line:
    """Clave, woodblock, castanet."""
    t = times(between(random, 0.04, 0.2))
    hz = between(random, 600, 3000)
    tone = modes(
        t,
        np.array([hz, hz * random.uniform(1.5, 3)]),
        t[-1] * np.array([1, 0.5]),
        np.array([1, 0.4]),
    )
    return tone + random.uniform(0, 0.4) * noise(random, len(t)) * fall(t, 0.01)


def shaken(random: Random) -> Line:
    """Shaker, maracas, cabasa: noise that swells and stops."""
    t = times(between(random, 0.05, 0.28))
    swell = between(random, 0.004, 0.05)
    level = np.minimum(t / swell, 1) * np.exp(
        -np.maximum(t - swell, 0) / between(random, 0.01, 0.06)
    )
    grain = noise(random, len(t)) * (1 + random.uniform(0, 3) * (random.random(len(t)) < 0.02))
    return band_pass(grain, between(random, 2000, 6000), between(random, 8000, 16_000)) * (
        level + 1e-3
    )


def tambourine(random: Random) -> Line:
    """Jingles: many little plates, each a little later."""
    t = times(between(random, 0.12, 0.5))
    sound = high_pass(noise(random, len(t)), 5000) * fall(t, 0.05)
    for start in np.append(0.0, random.exponential(0.012, int(random.integers(3, 12)))):
        at = int(start * len(t) / t[-1])
        part = t[: max(len(t) - at, 32)]
        count = 8
        pitches = random.uniform(3500, 14_000, count)
        jingle = modes(
            part, pitches, random.uniform(0.04, 0.4, count), random.uniform(0.1, 0.4, count)
        )
        sound[at : at + len(jingle)] += jingle[: len(sound) - at]
    return sound


def triangle(random: Random) -> Line:
    """A bent steel rod."""
    t = times(between(random, 0.15, 2.0))
    count = int(random.integers(5, 12))
    pitches = between(random, 1200, 3500) * np.append(1.0, random.uniform(1.3, 7, count - 1))
    return modes(t, pitches, t[-1] * random.uniform(0.4, 1.2, count), random.uniform(0.2, 1, count))


def scraped(random: Random) -> Line:
    """Guiro, vibraslap, ratchet: a row of clicks."""
    seconds = between(random, 0.1, 0.6)
    t = times(seconds)
    sound = np.zeros(len(t))
    gap = between(random, 0.006, 0.025)
    at = 0.0
    while at < seconds - 0.01:
        start = int(at * 44_100)
        part = times(0.012)[: len(t) - start]
        sound[start : start + len(part)] += noise(random, len(part)) * fall(part, 0.012)
        at += gap * random.uniform(0.8, 1.2)
    return band_pass(sound, between(random, 900, 3000), 9000) * fall(t, 3 * seconds)


def snap(random: Random) -> Line:
    """Fingers."""
    t = times(between(random, 0.05, 0.25))
    low = between(random, 1200, 2400)
    return band_pass(noise(random, len(t)), low, 1.6 * low, 2) * (
        fall(t, 0.03) + 0.1 * fall(t, t[-1])
    )


KINDS = {
    hand_drum: 6,
    bell: 2,
    wood: 2,
    shaken: 3,
    tambourine: 2,
    triangle: 1,
    scraped: 1,
    snap: 1,
}


def perc(random: Random) -> Line:
    """Any of them."""
    return pick(random, KINDS)(random)
