"""Drums of a kit: kicks, snares, claps, hats, cymbals, toms, rims, by several models each.

All begin on their very first frame, so that where they are placed is where they begin.
"""

from collections.abc import Callable

import numpy as np

from benchmarks.analysis.generator.made import Line, Random, between, pick
from benchmarks.analysis.generator.shapes import (
    band_pass,
    fade_out,
    fall,
    high_pass,
    low_pass,
    modes,
    noise,
    peak_at,
    square,
    sweep,
    times,
)

MEMBRANE = np.array([1.0, 1.594, 2.136, 2.296, 2.653, 2.918, 3.156, 3.501, 3.6, 4.06])
"""Modes of an ideal drumhead, by their ratio to the lowest (zeros of the Bessel functions)."""
SIX_SQUARES = np.array([205.3, 304.4, 369.6, 522.7, 540.0, 800.0])
"""Hz of the oscillators that the cymbals of the early drum machines were made of."""

Drum = Callable[[Random], Line]


def _click(random: Random, t: Line, low: float, high: float, decay: float) -> Line:
    return band_pass(noise(random, len(t)), low, high) * fall(t, decay)


def _head(random: Random, t: Line, hz: float, decay: float, bend: float = 0.0) -> Line:
    """A struck drumhead: its modes, the higher ones shorter, the pitch a little higher at first."""
    count = int(random.integers(4, len(MEMBRANE) + 1))
    ratios = MEMBRANE[:count] * (1 + 0.02 * random.standard_normal(count))
    decays = decay / (1 + random.uniform(0.3, 1.2) * np.arange(count))
    levels = random.uniform(0.2, 1.0, count) / (1 + random.uniform(0.4, 1.2) * np.arange(count))
    levels[0] = 1.0
    sound = modes(t, hz * ratios[1:], decays[1:], levels[1:])
    return sound + sweep(t, hz * (1 + bend), hz, 0.03) * fall(t, decay)


# ── Kick ────────────────────────────────────────────────────────────────────


def _machine_kick(random: Random) -> Line:
    hz = between(random, 38, 72)
    decay = between(random, 0.12, 1.6)
    t = times(1.05 * decay)
    bend = sweep(t, hz * between(random, 1.5, 9), hz, between(random, 0.008, 0.06))
    hard = random.uniform(0, 3)
    body = np.tanh(bend * fall(t, decay, random.uniform(0, 0.002)) * (1 + hard)) / np.tanh(1 + hard)
    return body + random.uniform(0, 0.6) * _click(random, t, 1500, 9000, 0.02)


def _struck_kick(random: Random) -> Line:
    decay = between(random, 0.12, 0.5)
    t = times(1.2 * decay)
    body = _head(random, t, between(random, 45, 85), decay, random.uniform(0.2, 1.5))
    beater = _click(random, t, 1200, between(random, 3000, 8000), between(random, 0.015, 0.06))
    air = low_pass(noise(random, len(t)), 250) * fall(t, decay)
    return body + random.uniform(0.1, 1.2) * beater + random.uniform(0, 0.6) * air


def _hard_kick(random: Random) -> Line:
    hz = between(random, 42, 62)
    t = times(between(random, 0.25, 0.8))
    line = sweep(t, hz * between(random, 6, 20), hz, between(random, 0.01, 0.04)) * fall(t, t[-1])
    return low_pass(np.tanh(between(random, 2, 15) * line), between(random, 1500, 12_000))


def kick(random: Random) -> Line:
    """A bass drum."""
    model = pick(random, {_machine_kick: 5, _struck_kick: 5, _hard_kick: 1})
    line = peak_at(model(random))
    if random.random() < 0.25:  # one for the body, one for the click
        other = peak_at(pick(random, (_machine_kick, _struck_kick))(random))
        frames = min(len(line), len(other))
        line[:frames] += random.uniform(0.2, 0.7) * high_pass(other, 150)[:frames]
    return line


# ── Snare, clap, rim ────────────────────────────────────────────────────────


def _machine_snare(random: Random) -> Line:
    decay = between(random, 0.1, 0.45)
    t = times(1.1 * decay)
    hz = between(random, 150, 260)
    tones = sweep(t, 1.5 * hz, hz, 0.01) + 0.6 * sweep(t, 2.5 * hz, 1.7 * hz, 0.01)
    wires = high_pass(noise(random, len(t)), between(random, 700, 2500)) * fall(t, decay)
    return random.uniform(0.2, 1) * tones * fall(t, decay * random.uniform(0.3, 0.8)) + 2 * wires


def _struck_snare(random: Random) -> Line:
    decay = between(random, 0.12, 0.5)
    t = times(1.3 * decay)
    body = _head(random, t, between(random, 140, 320), decay * random.uniform(0.4, 1), 0.2)
    wires = band_pass(noise(random, len(t)), between(random, 500, 2500), between(random, 6e3, 16e3))
    fast, slow = fall(t, 0.3 * decay), fall(t, decay)
    mixed = random.uniform(0.3, 0.9)
    stick = _click(random, t, 2500, 12_000, 0.012)
    wires = wires * (mixed * fast + (1 - mixed) * slow)
    return (
        body * random.uniform(0.2, 1) + random.uniform(1, 3) * wires + random.uniform(0, 1) * stick
    )


def _brushed_snare(random: Random) -> Line:
    t = times(between(random, 0.12, 0.4))
    wires = band_pass(noise(random, len(t)), 1200, between(random, 5000, 14_000))
    return wires * fall(t, t[-1], between(random, 0.002, 0.012)) + 0.05 * _head(random, t, 200, 0.1)


def snare(random: Random) -> Line:
    """A snare drum."""
    line = peak_at(pick(random, {_machine_snare: 4, _struck_snare: 6, _brushed_snare: 1})(random))
    if random.random() < 0.2:
        other = peak_at(pick(random, (_machine_snare, _struck_snare, clap))(random))
        frames = min(len(line), len(other))
        line[:frames] += random.uniform(0.3, 0.8) * other[:frames]
    return line


def clap(random: Random) -> Line:
    """Hands: a few bursts, then the room they are in."""
    decay = between(random, 0.08, 0.6)
    t = times(0.05 + decay)
    low = between(random, 600, 1300)
    high = low * between(random, 1.6, 5)
    hands = int(pick(random, {1: 2, 2: 1, 3: 3, 4: 4, 5: 2, 9: 2}))
    starts = np.sort(np.append(0.0, random.uniform(0.003, 0.012 * hands, hands - 1)))
    level = np.zeros(len(t))
    for start in starts:
        after = np.maximum(t - start, 0)
        level += (
            (t >= start) * random.uniform(0.5, 1) * np.exp(-after / between(random, 0.002, 0.006))
        )
    after = np.maximum(t - starts[-1], 0)
    level += random.uniform(0.15, 0.6) * (t >= starts[-1]) * np.exp(-6.9 / decay * after)
    sound = band_pass(noise(random, len(t)), low, high, 1) + random.uniform(0, 0.3) * noise(
        random, len(t)
    )
    return sound * level


def rim(random: Random) -> Line:
    """A stick across the rim, or on it: short, hard, with a few wooden pitches."""
    t = times(between(random, 0.04, 0.2))
    count = int(random.integers(2, 5))
    pitches = between(random, 350, 1900) * np.cumprod(random.uniform(1.0, 2.1, count))
    decays = random.uniform(0.015, 0.1, count)
    sound = modes(t, pitches, decays, random.uniform(0.3, 1, count))
    click = _click(random, t, 1500, 14_000, between(random, 0.005, 0.03))
    shell = _head(random, t, between(random, 150, 350), 0.06) if random.random() < 0.3 else 0.0
    return np.tanh(random.uniform(0.5, 3) * sound) + random.uniform(0.2, 2) * click + 0.2 * shell


# ── Hats and cymbals ────────────────────────────────────────────────────────


def _squares(random: Random, t: Line) -> Line:
    speed = between(random, 0.8, 2.2)
    turns = np.outer(SIX_SQUARES * speed * (1 + 0.01 * random.standard_normal(6)), t)
    return np.sum([square(each + random.random()) for each in turns], axis=0) / 6


def _plate(random: Random, t: Line, decay: float, low: float, count: int) -> Line:
    """A struck plate: very many modes; the higher the sooner they are gone."""
    pitches = np.sort(low * (16_000 / low) ** random.uniform(0, 1, count))
    decays = decay * (pitches / low) ** -random.uniform(0.1, 0.7) * random.uniform(0.4, 1, count)
    levels = random.exponential(1.0, count) * (pitches / 4000) ** random.uniform(-0.2, 0.5)
    phases = random.uniform(0, 2 * np.pi, count)
    return modes(t, pitches, decays, levels / np.sqrt(count), phases)


def _metal(random: Random, t: Line, decay: float) -> Line:
    """One of the ways to get a metallic hiss."""
    way = pick(random, {"squares": 2, "noise": 3, "plate": 4})
    if way == "squares":
        return _squares(random, t) * fall(t, decay)
    if way == "noise":
        return noise(random, len(t)) * 2 * fall(t, decay)
    wash = noise(random, len(t)) * random.uniform(0.2, 1) * fall(t, decay)
    return _plate(random, t, decay, between(random, 300, 3000), int(between(random, 30, 90))) + wash


def closed_hat(random: Random) -> Line:
    """Two cymbals held shut."""
    decay = between(random, 0.03, 0.2)
    t = times(1.2 * decay)
    line = high_pass(
        _metal(random, t, decay), between(random, 2500, 8500), int(pick(random, (1, 2, 4)))
    )
    return line + random.uniform(0, 0.4) * _click(random, t, 2000, 12_000, 0.01)


def open_hat(random: Random) -> Line:
    """The same, let ring."""
    decay = between(random, 0.2, 1.2)
    t = times(1.1 * decay)
    line = high_pass(
        _metal(random, t, decay), between(random, 2000, 7500), int(pick(random, (1, 2, 4)))
    )
    if random.random() < 0.3:  # shut by the foot
        line *= 1 / (1 + np.exp((t - random.uniform(0.4, 0.9) * t[-1]) / 0.004))
    return line


def pedal_hat(random: Random) -> Line:
    """Shut by the foot: soft, low, short."""
    t = times(between(random, 0.06, 0.2))
    return band_pass(_metal(random, t, t[-1]), between(random, 900, 4000), 12_000) * fall(
        t, t[-1], 0.003
    )


def hat(random: Random) -> Line:
    """Any hi-hat."""
    return pick(random, {closed_hat: 6, open_hat: 3, pedal_hat: 1})(random)


def _crash(random: Random, t: Line, decay: float) -> Line:
    bloom = 1 - 0.6 * np.exp(-t / between(random, 0.01, 0.12))
    return high_pass(_metal(random, t, decay) * bloom, between(random, 200, 2500), 1)


def ride(random: Random) -> Line:
    """A ping upon a wash."""
    decay = between(random, 0.6, 3.0)
    t = times(0.9 * decay)
    count = int(random.integers(4, 12))
    pitches = between(random, 400, 3500) * random.uniform(1, 3.5, count)
    ping = modes(t, pitches, decay * random.uniform(0.2, 1, count), random.uniform(0.2, 1, count))
    stick = _click(random, t, 3000, 14_000, 0.02)
    wash = high_pass(_metal(random, t, decay), between(random, 800, 4000), 1)
    return (
        random.uniform(0.1, 0.7) * ping
        + random.uniform(0.2, 1) * stick
        + random.uniform(0.3, 1) * wash
    )


def crash(random: Random) -> Line:
    """A cymbal struck to ring out."""
    decay = between(random, 0.5, 4.0)
    t = times(0.9 * decay)
    return _crash(random, t, decay) + random.uniform(0, 0.5) * _click(random, t, 2000, 14_000, 0.03)


def cymbal(random: Random) -> Line:
    """Any cymbal that is no hat."""
    return pick(random, {crash: 5, ride: 5})(random)


# ── Toms ────────────────────────────────────────────────────────────────────


def _machine_tom(random: Random, hz: float) -> Line:
    decay = between(random, 0.15, 0.8)
    t = times(1.05 * decay)
    body = sweep(t, hz * between(random, 1.05, 2.6), hz, between(random, 0.02, 0.15)) * fall(
        t, decay
    )
    hiss = low_pass(noise(random, len(t)), 4000) * fall(t, decay * 0.4)
    return np.tanh(body * random.uniform(0.5, 2)) + random.uniform(0, 0.3) * hiss


def _struck_tom(random: Random, hz: float) -> Line:
    decay = between(random, 0.25, 1.4)
    t = times(decay)
    stick = _click(random, t, 1000, between(random, 3000, 9000), 0.02)
    body = _head(random, t, hz, decay, random.uniform(0, 0.4))
    return body + random.uniform(0.1, 0.9) * stick


def tom(random: Random, hz: float | None = None) -> Line:
    """A tom of a pitch in Hz."""
    hz = hz or between(random, 62, 260)
    return fade_out(pick(random, {_machine_tom: 4, _struck_tom: 6})(random, hz), 0.005)
