"""Single chords with a key: strummed, held, struck, broken, in many voicings and tunings."""

from collections.abc import Iterator

import numpy as np

from benchmarks.analysis.generator import studio, tones
from benchmarks.analysis.generator.made import RATE, Line, Made, Random, between, chance, pick
from benchmarks.analysis.generator.shapes import fade_out, mix_at

OPEN = (40, 45, 50, 55, 59, 64)
"""MIDI pitches of a guitar's strings."""
SIZES = {"triad": 10, "seventh": 2, "major seventh": 1, "ninth": 0.7, "sixth": 0.5, "added": 0.7}
EXTRA = {
    "triad": ((), ()), "seventh": ((10,), (10,)), "major seventh": ((11,), (10,)),
    "ninth": ((10, 14), (10, 14)), "sixth": ((9,), (9,)), "added": ((14,), (14,)),
}  # fmt: skip
"""Half tones above the root beside the triad, in a major and in a minor chord."""


def _pitches(size: str, *, minor: bool) -> tuple[int, ...]:
    return (0, 3 if minor else 4, 7, *EXTRA[size][minor])


def _fretted(random: Random, tonic: int, *, minor: bool) -> list[int]:
    """A guitar's shape: the lowest fret of the chord on each string, from a place on."""
    place = int(random.integers(0, 6))
    wanted = {(tonic + n) % 12 for n in _pitches("triad", minor=minor)}
    found = []
    for string in OPEN:
        frets = [f for f in range(place, place + 5) if (string + f) % 12 in wanted]
        if frets:
            found.append(string + int(frets[0]))
    while len(found) > 3 and found[0] % 12 != tonic:  # the lowest string sounds the root
        found = found[1:]
    return found


def _voicing(random: Random, tonic: int, size: str, *, minor: bool) -> list[int]:
    """Any other instrument's: close or wide, turned, doubled, with a bass note or without."""
    notes = [tonic + n for n in _pitches(size, minor=minor)]
    turn = int(pick(random, {0: 5, 1: 2, 2: 2}))
    notes = notes[turn:] + [n + 12 for n in notes[:turn]]
    if random.random() < 0.35:
        notes = [n + 12 * int(random.integers(0, 2)) for n in notes]
    base = int(pick(random, (36, 48, 48, 48, 60)))
    notes = [base + n for n in notes]
    if random.random() < 0.4:
        notes.insert(0, base - 12 + tonic)
    if random.random() < 0.25:
        notes.append(notes[-1] + 12 - (notes[-1] - base - tonic) % 12)
    return notes


def _strum(random: Random, voice: tones.Voice, pitches: list[int], cents: float) -> Line:
    """One or several strokes, downwards or upwards, each string a little out of tune."""
    seconds = between(random, 0.6, 4.5)
    canvas = np.zeros(int((seconds + 1.0) * RATE))
    strokes = int(pick(random, {1: 6, 2: 1, 4: 1, 6: 0.5}))
    gap = between(random, 0.15, 0.6)
    wrong = random.normal(0, 3, len(pitches))
    strings = [
        voice.note(random, tones.hz_of(pitch + (cents + off) / 100), seconds)
        for pitch, off in zip(pitches, wrong, strict=True)
    ]
    for stroke in range(strokes):
        apart = between(random, 0.004, 0.05)
        order = list(range(len(pitches)))
        if random.random() < 0.4:
            order.reverse()
        if random.random() < 0.3:  # not all strings are met
            order = order[: max(3, len(order) - int(random.integers(1, 3)))]
        for place, string in enumerate(order):
            at = int((stroke * gap + place * apart) * RATE)
            mix_at(canvas, strings[string], at, float(random.uniform(0.5, 1)))
    return canvas


def _together(random: Random, voice: tones.Voice, pitches: list[int], cents: float) -> Line:
    """All at once, or one after the other and then held."""
    seconds = between(random, 0.3, 5.0)
    apart = pick(random, {0.0: 6, 0.03: 2, 0.15: 1})
    canvas = np.zeros(int((seconds + apart * len(pitches) + 0.6) * RATE))
    for number, pitch in enumerate(pitches):
        note = voice.note(random, tones.hz_of(pitch + cents / 100), seconds)
        mix_at(canvas, note, int(number * apart * RATE), float(random.uniform(0.5, 1)))
    return canvas


def chord(seed: int, number: int) -> Made:
    """Make one chord."""
    random = chance(seed, "chords", number)
    tonic, minor = number % 12, bool(number // 12 % 2)
    cents = float(random.normal(0, 6) if random.random() < 0.7 else random.uniform(-50, 50))
    guitar = random.random() < 0.45
    size = "triad" if guitar else str(pick(random, SIZES))
    if guitar:
        pitches = _fretted(random, tonic, minor=minor)
    else:
        pitches = _voicing(random, tonic, size, minor=minor)
    voice = tones.string(random) if guitar else tones.voice(random)
    line = (_strum if guitar else _together)(random, voice, pitches, cents)
    if random.random() < 0.6:
        line = studio.room(random, line, between(random, 0.05, 0.7))
    line = studio.worn(random, studio.mixed(random, line))
    line = fade_out(line, 0.01)
    samples = studio.levelled(random, studio.stereo(random, line))
    rate = int(pick(random, studio.RATES))
    return Made(
        name=f"chord_{number:04d}",
        samples=studio.at_rate(samples, rate),
        rate=rate,
        kind="one-shot",
        sound_class="melodic",
        key=(tonic, minor),
        group=f"{'strum' if guitar else 'chord'}: {voice.name}",
        notes=("chord",),
    )


def chords(seed: int, count: int) -> Iterator[Made]:
    """Make so many chords; each 24 hold every key once."""
    return (chord(seed, number) for number in range(count))
