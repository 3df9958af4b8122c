"""One-shots of all twelve classes."""

from collections.abc import Iterator

import numpy as np

from benchmarks.analysis.generator import drums, effects, percussion, studio, tones
from benchmarks.analysis.generator.made import (
    CLASSES,
    RATE,
    Line,
    Made,
    Random,
    between,
    chance,
    pick,
)
from benchmarks.analysis.generator.shapes import fade_out

STRUCK = {
    "kick": drums.kick,
    "snare": drums.snare,
    "clap": drums.clap,
    "hat": drums.hat,
    "tom": drums.tom,
    "cymbal": drums.cymbal,
    "rim": drums.rim,
    "perc": percussion.perc,
    "fx": effects.effect,
}
TONAL = {"bass", "melodic", "vocal"}


def _note(random: Random, sound_class: str) -> Line:
    """One note, or now and then an interval; short to long."""
    if sound_class == "bass":
        voice, low, high = tones.bass(random), 26, 50
    elif sound_class == "vocal":
        voice, low, high = tones.singer(random), 45, 76
    else:
        voice, low, high = tones.voice(random), 45, 88
    pitch = float(random.integers(low, high)) + float(random.normal(0, 0.06))
    seconds = between(random, 0.12, 3.0)
    line = voice.note(random, tones.hz_of(pitch), seconds)
    if sound_class == "melodic" and random.random() < 0.25:
        other = voice.note(random, tones.hz_of(pitch + int(pick(random, (7, 12, 4, 3)))), seconds)
        line = line + other
    return line


def _recorded(random: Random, line: Line) -> Line:
    if random.random() < 0.45:
        longer = np.pad(line, (0, int(between(random, 0.02, 0.8) * RATE)))
        line = studio.room(random, longer, between(random, 0.02, 0.4))
    line = studio.worn(random, studio.mixed(random, line))
    if random.random() < 0.15 and len(line) > RATE // 5:  # somebody cut the tail
        line = line[: int(len(line) * random.uniform(0.4, 0.9))]
    line = fade_out(line, 0.003)
    before = between(random, 0.0005, 0.03) if random.random() < 0.3 else 0.0
    after = between(random, 0.01, 0.6) if random.random() < 0.25 else 0.0
    return np.pad(line, (int(before * RATE), int(after * RATE)))


def hit(seed: int, number: int) -> Made:
    """Make one one-shot."""
    random = chance(seed, "hits", number)
    sound_class = CLASSES[number % len(CLASSES)]
    line = _note(random, sound_class) if sound_class in TONAL else STRUCK[sound_class](random)
    line = _recorded(random, line)
    samples = studio.levelled(random, studio.stereo(random, line))
    rate = int(pick(random, studio.RATES))
    return Made(
        name=f"hit_{number:04d}_{sound_class}",
        samples=studio.at_rate(samples, rate),
        rate=rate,
        kind="one-shot",
        sound_class=sound_class,
        group=f"hit: {sound_class}",
    )


def hits(seed: int, count: int) -> Iterator[Made]:
    """Make so many one-shots; each twelve hold every class once."""
    return (hit(seed, number) for number in range(count))
