"""Voices that hold a pitch: each is drawn once (`voice`) and then plays notes of any pitch."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.analysis.generator.made import RATE, Line, Random, between, pick
from benchmarks.analysis.generator.shapes import (
    band_pass,
    fall,
    low_pass,
    noise,
    peak_at,
    saw,
    square,
    times,
)

Play = Callable[[Random, float, float], Line]
"""Plays a pitch in Hz for so many seconds (until it is let go)."""


@dataclass(frozen=True)
class Voice:
    """An instrument: its name and how it plays."""

    name: str
    play: Play

    def note(self, random: Random, hz: float, seconds: float) -> Line:
        """Play at full level."""
        return peak_at(self.play(random, hz, max(seconds, 0.03)))


def hz_of(pitch: float) -> float:
    """Hz of a MIDI pitch (69 is 440 Hz)."""
    return 440.0 * 2.0 ** ((pitch - 69) / 12)


def _held(t: Line, seconds: float, attack: float, release: float) -> Line:
    """A level that rises, stays, and falls when the key is let go."""
    rise = np.minimum(t / max(attack, 1e-4), 1.0)
    return rise * np.exp(-np.maximum(t - seconds, 0) * 5 / max(release, 5e-3))


def _partials(t: Line, hz: float, levels: Line, decays: Line, stiff: float = 0.0) -> Line:
    """Harmonics that die away each at its own speed, stretched by stiffness."""
    n = np.arange(1, len(levels) + 1)
    pitches = hz * n * np.sqrt(1 + stiff * n * n)
    sound = np.zeros(len(t))
    for pitch, level, decay in zip(pitches, levels, decays, strict=True):
        if pitch > 0.45 * RATE:
            break
        frames = min(len(t), int(1.2 * decay * RATE) + 64)
        part = t[:frames]
        sound[:frames] += level * np.exp(-6.9 / decay * part) * np.sin(2 * np.pi * pitch * part)
    return sound


# ── Plucked and struck ──────────────────────────────────────────────────────


def string(random: Random) -> Voice:
    """Guitars and harps: a string plucked somewhere, softer or harder, damped or not."""
    place = random.uniform(0.06, 0.45)
    slope = random.uniform(0.7, 1.8)
    ring = between(random, 0.5, 5.0)
    dull = random.uniform(0.02, 0.3)
    stiff = between(random, 1e-5, 3e-4)
    scratch = random.uniform(0, 0.2)
    drive = pick(random, {0.0: 6, 1.5: 1, 6.0: 1})

    def play(draw: Random, hz: float, seconds: float) -> Line:
        t = times(seconds + 0.12)
        n = np.arange(1, 36)
        levels = np.abs(np.sin(np.pi * n * place)) / n**slope + 1e-3
        levels *= draw.uniform(0.7, 1.3, len(n))
        decays = ring * (200 / hz) ** 0.3 / (1 + dull * n)
        sound = _partials(t, hz, levels, decays, stiff)
        sound += scratch * band_pass(noise(draw, len(t)), 1000, 7000) * fall(t, 0.03)
        if drive:
            sound = np.tanh(drive * peak_at(sound))
        return sound * _held(t, seconds, 0.001, 0.08)

    return Voice("string", play)


def piano(random: Random) -> Voice:
    """Two or three strings a note, a hammer, higher notes shorter."""
    slope = random.uniform(0.9, 2.2)
    apart = between(random, 0.0001, 0.0015)
    stiff = between(random, 5e-5, 8e-4)
    ring = between(random, 1.5, 7.0)

    def play(draw: Random, hz: float, seconds: float) -> Line:
        t = times(seconds + 0.2)
        n = np.arange(1, 26)
        levels = draw.uniform(0.5, 1.2, len(n)) / n**slope
        decays = ring * (220 / hz) ** 0.5 / (1 + 0.12 * n)
        sound = _partials(t, hz * (1 + apart), levels, decays, stiff)
        sound += _partials(t, hz * (1 - apart), 0.7 * levels, 0.6 * decays, stiff)
        hammer = low_pass(noise(draw, len(t)), 1500) * fall(t, 0.05)
        return (sound + 0.1 * hammer) * _held(t, seconds, 0.002, 0.15)

    return Voice("piano", play)


def bars(random: Random) -> Voice:
    """Vibraphone, marimba, kalimba, glockenspiel, music box, steel drum, bells."""
    ratios = np.array(
        pick(random, ((1, 3.98, 10.0), (1, 2.76, 5.4, 8.9), (1, 2, 3.01, 4.2), (1, 2, 2.4, 3, 4.5)))
    )
    ring = between(random, 0.2, 4.0)
    hard = random.uniform(0.1, 0.7)

    def play(draw: Random, hz: float, seconds: float) -> Line:
        t = times(seconds + min(ring, 1.0))
        sound = np.zeros(len(t))
        for number, ratio in enumerate(ratios):
            part = hard**number * fall(t, ring / (1 + 2 * number))
            sound += part * np.sin(2 * np.pi * hz * ratio * t)
        return sound + 0.1 * hard * band_pass(noise(draw, len(t)), 1500, 8000) * fall(t, 0.015)

    return Voice("bars", play)


def two_operators(random: Random) -> Voice:
    """Frequency modulation: electric pianos, bells, hollow basses."""
    ratio = pick(random, {1.0: 4, 2.0: 2, 3.0: 1, 14.0: 1, 0.5: 1, 3.5: 0.5})
    depth = between(random, 0.3, 5.0)
    ring = between(random, 0.4, 5.0)
    bite = between(random, 0.05, 1.0)

    def play(_: Random, hz: float, seconds: float) -> Line:
        t = times(seconds + 0.15)
        inner = depth * fall(t, bite) * np.sin(2 * np.pi * ratio * hz * t)
        return np.sin(2 * np.pi * hz * t + inner) * fall(t, ring) * _held(t, seconds, 0.002, 0.12)

    return Voice("fm", play)


# ── Held ────────────────────────────────────────────────────────────────────


def synthesiser(random: Random) -> Voice:
    """Saws or pulses through a falling low-pass: leads, stabs, plucks, pads."""
    wave = pick(random, {"saw": 4, "square": 3, "thin": 2})
    count = int(pick(random, {1: 3, 2: 3, 3: 2, 7: 1}))
    apart = between(random, 0.0005, 0.009)
    attack = float(pick(random, {0.002: 4, 0.02: 2, 0.15: 1, 0.5: 1}))
    open_hz = between(random, 700, 12_000)
    shut = random.uniform(0, 1)
    fade = between(random, 0.06, 1.5)
    vibrato = pick(random, {0.0: 3, 0.004: 1, 0.01: 1})
    release = between(random, 0.03, 0.4)

    def play(draw: Random, hz: float, seconds: float) -> Line:
        t = times(seconds + release)
        wobble = 1 + vibrato * np.sin(2 * np.pi * 5.5 * t) * np.minimum(t / 0.4, 1)
        turns = np.cumsum(hz * wobble) / RATE
        sound = np.zeros(len(t))
        for detune in np.linspace(-apart, apart, count) if count > 1 else (0.0,):
            phase = turns * (1 + detune) + draw.random()
            width = {"square": 0.5, "thin": 0.2}.get(wave)
            sound += saw(phase) if width is None else square(phase, width)
        bright, dark = low_pass(sound, max(open_hz, 1.5 * hz)), low_pass(sound, 2 * hz)
        level = shut * np.exp(-t / fade) + (1 - shut)
        return (level * bright + (1 - level) * dark) * _held(t, seconds, attack, release)

    return Voice("synth", play)


def organ(random: Random) -> Voice:
    """Drawbars."""
    feet = np.array([0.5, 1, 1.5, 2, 3, 4, 5, 6, 8])
    levels = random.uniform(0, 1, len(feet)) * (random.random(len(feet)) < 0.6)
    levels[1] = 1.0
    spin = random.uniform(0, 0.004)

    def play(_: Random, hz: float, seconds: float) -> Line:
        t = times(seconds + 0.05)
        wobble = spin * np.sin(2 * np.pi * 6.2 * t)
        sound = sum(
            level * np.sin(2 * np.pi * hz * foot * t + foot * wobble * 8)
            for foot, level in zip(feet, levels, strict=True)
            if hz * foot < 0.45 * RATE and level
        )
        return sound * _held(t, seconds, 0.004, 0.03)

    return Voice("organ", play)


def bowed(random: Random) -> Voice:
    """Strings, reeds, brass and flutes: harmonics that grow in, vibrato, breath."""
    slope = random.uniform(0.6, 2.5)
    odd = random.random() < 0.25
    attack = between(random, 0.02, 0.3)
    vibrato = between(random, 0.001, 0.012)
    speed = random.uniform(4, 6.5)
    breath = random.uniform(0, 0.15)
    players = int(pick(random, {1: 3, 3: 1}))

    def play(draw: Random, hz: float, seconds: float) -> Line:
        t = times(seconds + 0.15)
        sound = np.zeros(len(t))
        for _ in range(players):
            drift = 1 + vibrato * np.sin(
                2 * np.pi * speed * draw.uniform(0.9, 1.1) * t + draw.random()
            )
            drift *= 1 + (0.003 * draw.standard_normal() if players > 1 else 0)
            phase = 2 * np.pi * np.cumsum(hz * drift) / RATE
            for n in range(1, 18, 2 if odd else 1):
                if n * hz > 0.42 * RATE:
                    break
                grown = np.minimum(t / (attack * (1 + 0.1 * n)), 1)
                sound += draw.uniform(0.6, 1) * grown / n**slope * np.sin(n * phase)
        air = breath * band_pass(noise(draw, len(t)), hz, min(6 * hz, 16_000))
        return (sound + air) * _held(t, seconds, attack, 0.12)

    return Voice("bowed", play)


FORMANTS = {
    "a": (730, 1090, 2440, 3400),
    "e": (530, 1840, 2480, 3500),
    "i": (270, 2290, 3010, 3600),
    "o": (570, 840, 2410, 3300),
    "u": (300, 870, 2240, 3200),
}
"""Hz of the resonances of vowels (Peterson & Barney 1952; the fourth a usual value)."""


def singer(random: Random) -> Voice:
    """A voice: pulses through the formants of a vowel that may turn into another."""
    size = random.uniform(0.9, 1.25)
    vibrato = random.uniform(0.002, 0.02)
    scoop = random.uniform(-0.06, 0.02)

    def play(draw: Random, hz: float, seconds: float) -> Line:
        t = times(seconds + 0.1)
        drift = 1 + vibrato * np.sin(2 * np.pi * 5.3 * t) * np.minimum(t / 0.3, 1)
        drift *= (
            1 + scoop * np.exp(-t / 0.06) + 0.004 * np.cumsum(draw.standard_normal(len(t))) / 200
        )
        source = low_pass(saw(np.cumsum(hz * drift) / RATE), 2500, 1) + 0.05 * noise(draw, len(t))
        first, second = (FORMANTS[str(pick(draw, list(FORMANTS)))] for _ in range(2))
        turn = np.clip((t - 0.3 * seconds) / (0.5 * seconds), 0, 1)
        sound = np.zeros(len(t))
        for vowel, share in ((first, 1 - turn), (second, turn)):
            for number, peak in enumerate(vowel):
                wide = peak * size * (0.06 + 0.02 * number)
                part = band_pass(source, peak * size - wide, peak * size + wide)
                sound += share * part / (1 + 0.6 * number)
        if draw.random() < 0.5:
            burst = band_pass(noise(draw, len(t)), 2500, 9000) * fall(t, between(draw, 0.02, 0.15))
            sound += 0.3 * burst
        return sound * _held(t, seconds, between(draw, 0.01, 0.08), 0.1)

    return Voice("voice", play)


VOICES = {
    string: 5,
    piano: 4,
    two_operators: 3,
    synthesiser: 6,
    organ: 2,
    bowed: 4,
    bars: 2,
}


def voice(random: Random) -> Voice:
    """Any instrument that is no bass and no singer."""
    return pick(random, VOICES)(random)


# ── Bass ────────────────────────────────────────────────────────────────────


def _sub(random: Random) -> Voice:
    hard = between(random, 0.2, 4)
    ring = between(random, 0.4, 4)
    glide = pick(random, {0.0: 3, 0.5: 1, 2.0: 1})

    def play(_: Random, hz: float, seconds: float) -> Line:
        t = times(seconds + 0.05)
        turns = np.cumsum(hz * (1 + glide * np.exp(-t / 0.02))) / RATE
        sound = np.tanh(hard * np.sin(2 * np.pi * turns) * fall(t, ring))
        return sound * _held(t, seconds, 0.003, 0.05)

    return Voice("sub", play)


def bass(random: Random) -> Voice:
    """Something that plays low: strings, subs, synthesisers."""
    return pick(random, {_sub: 3, string: 3, synthesiser: 4, two_operators: 2, organ: 0.3})(random)
