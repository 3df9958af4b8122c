"""One-shots that are hard to tell from loops: long, wavering, or cut to whole beats."""

from collections.abc import Iterator

import numpy as np

from benchmarks.analysis.generator import hits, studio, tones
from benchmarks.analysis.generator.made import RATE, Line, Made, Random, between, chance, pick
from benchmarks.analysis.generator.shapes import band_pass, fade_out, mix_at, noise, times

CHORDS = ((0,), (0,), (0, 12), (0, 7), (0, 4, 7), (0, 3, 7), (0, 7, 12, 16), (0, 3, 7, 10))
"""Semitones above the lowest note."""


def _bass(random: Random, seconds: float) -> Line:
    """One low note."""
    return tones.bass(random).note(random, tones.hz_of(random.integers(26, 50)), seconds)


def _struck(random: Random, _seconds: float) -> Line:
    """One stroke on anything; it rings as long as it does."""
    return hits.STRUCK[str(pick(random, sorted(hits.STRUCK)))](random)


def _crackle(random: Random, seconds: float) -> Line:
    """A record that plays nothing."""
    frames = int(seconds * RATE)
    clicks = np.zeros(frames)
    places = random.integers(0, frames, int(seconds * between(random, 3, 60)))
    clicks[places] = random.standard_normal(len(places)) * between(random, 0.05, 1)
    return band_pass(clicks, 600, 9000) + noise(random, frames) * between(random, 0.001, 0.1)


def _together(random: Random, seconds: float) -> Line:
    """A note or a chord, all at once or slowly one after the other."""
    voice = tones.singer(random) if random.random() < 0.2 else tones.voice(random)
    lowest = int(random.integers(36, 72))
    apart = float(pick(random, {0.0: 6, 0.05: 1, 0.3: 1}))
    canvas = np.zeros(int((seconds + 3) * RATE))
    for number, step in enumerate(pick(random, CHORDS)):
        note = voice.note(random, tones.hz_of(lowest + step + random.normal(0, 0.05)), seconds)
        mix_at(canvas, note, int(number * apart * RATE), float(random.uniform(0.5, 1)))
    heard = np.flatnonzero(np.abs(canvas) > 1e-4 * np.abs(canvas).max())
    return canvas[: heard[-1] + 1]


def _air(random: Random, seconds: float) -> Line:
    """Noise in a band that moves slowly."""
    t = times(seconds)
    low = between(random, 100, 3000)
    first = band_pass(noise(random, len(t)), low, 3 * low)
    second = band_pass(noise(random, len(t)), 2 * low, 8 * low)
    share = 0.5 + 0.5 * np.sin(2 * np.pi * between(random, 0.05, 0.8) * t + random.uniform(0, 6))
    return share * first + (1 - share) * second


def _wavering(random: Random, line: Line) -> Line:
    """Tremolo, swell, both or none."""
    t = np.arange(len(line)) / RATE
    if random.random() < 0.4:
        depth = random.uniform(0.05, 0.5)
        line = line * (1 - depth + depth * np.sin(2 * np.pi * between(random, 0.5, 8) * t))
    if random.random() < 0.3:
        middle = random.uniform(0.1, 0.9) * t[-1]
        line = line * np.exp(-0.5 * ((t - middle) / (random.uniform(0.15, 0.5) * t[-1])) ** 2)
    return line


def _evened(random: Random, line: Line) -> Line:
    """Cut it, or add silence, so that it lasts whole beats or quarters of a second."""
    beat = 60 / int(random.integers(70, 175)) if random.random() < 0.5 else 0.25
    beats = max(1, round(len(line) / RATE / beat + random.uniform(-0.5, 1)))
    frames = round(beats * beat * RATE)
    if frames < len(line):
        return fade_out(line[:frames], between(random, 0.001, 0.05))
    return np.pad(line, (0, frames - len(line)))


MAKERS = {_together: 10, _bass: 4, _struck: 4, _air: 2, _crackle: 1}
CLASSES = {_together: "melodic", _bass: "bass", _struck: "perc", _air: "fx", _crackle: "fx"}


def sound(seed: int, number: int) -> Made:
    """Make one."""
    random = chance(seed, "held", number)
    make = pick(random, MAKERS)
    seconds = between(random, 0.5, 4) if make is _bass else between(random, 1, 14)
    line = make(random, seconds)
    line = line if make is _struck else _wavering(random, line)
    if random.random() < 0.5:
        line = studio.room(random, line, between(random, 0.05, 0.7))
    line = fade_out(studio.worn(random, studio.mixed(random, line)), between(random, 0.003, 2.0))
    if random.random() < 0.4:
        line = _evened(random, line)
    rate = int(pick(random, studio.RATES))
    samples = studio.levelled(random, studio.stereo(random, line))
    return Made(
        name=f"held_{number:04d}",
        samples=studio.at_rate(samples, rate),
        rate=rate,
        kind="one-shot",
        sound_class=CLASSES[make],
        group="held",
    )


def held(seed: int, count: int) -> Iterator[Made]:
    """Make so many."""
    return (sound(seed, number) for number in range(count))
