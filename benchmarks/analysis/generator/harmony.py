"""Notes in a key: progressions, melodies, bass lines, accompaniments. Pitches are MIDI numbers."""

from dataclasses import dataclass

import numpy as np

from benchmarks.analysis.generator.made import Random, pick

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)
SCALES = {
    False: {MAJOR: 10, (0, 2, 4, 5, 7, 9, 10): 2, (0, 2, 4, 6, 7, 9, 11): 0.5, (0, 2, 4, 7, 9): 2},
    True: {
        MINOR: 7,
        (0, 2, 3, 5, 7, 8, 11): 3,
        (0, 2, 3, 5, 7, 9, 10): 2,
        (0, 3, 5, 7, 10): 2,
        (0, 1, 3, 5, 7, 8, 10): 0.5,
    },
}
"""Scales by whether they are minor, and how often they are met; of five notes and of seven."""

PROGRESSIONS = {
    False: (
        (0, 3, 4, 0), (0, 4, 5, 3), (0, 5, 3, 4), (0, 3, 0, 4), (0, 0, 3, 4), (1, 4, 0, 0),
        (0, 5, 1, 4), (0, 3, 4, 4), (0, 4, 0, 4), (0, 2, 3, 4), (0, 0, 0, 0), (3, 4, 0, 5),
        (0, 4, 3, 0), (0, 1, 4, 0),
    ),
    True: (
        (0, 5, 2, 6), (0, 3, 4, 0), (0, 6, 5, 6), (0, 5, 6, 0), (0, 3, 6, 2), (0, 0, 5, 6),
        (0, 3, 0, 4), (0, 4, 0, 4), (1, 4, 0, 0), (0, 0, 0, 0), (0, 2, 5, 4), (5, 6, 0, 0),
        (0, 6, 0, 6), (0, 4, 5, 3),
    ),
}  # fmt: skip
"""Degrees of the chords, by whether the key is minor."""


@dataclass(frozen=True)
class Note:
    """A note: MIDI pitch, beats from the start, beats long, velocity 0..1."""

    pitch: float
    beat: float
    beats: float
    velocity: float


@dataclass(frozen=True)
class Song:
    """A passage in a key: tonic 0..11, the scale it is played in, its chords and their places."""

    tonic: int
    minor: bool
    scale: tuple[int, ...]
    degrees: tuple[int, ...]
    beats: int
    meter: int

    def chord_at(self, beat: float) -> int:
        """Degree of the chord that sounds at a beat."""
        return self.degrees[int(beat * len(self.degrees) / self.beats) % len(self.degrees)]

    @property
    def changes(self) -> list[tuple[float, float, int]]:
        """Beat, length in beats and degree of each chord."""
        length = self.beats / len(self.degrees)
        return [(i * length, length, degree) for i, degree in enumerate(self.degrees)]

    def chord(self, degree: int, size: int = 3) -> list[int]:
        """Return a chord's pitch classes above the tonic; minor keys take a major dominant."""
        scale = MINOR if self.minor else MAJOR
        notes = [scale[(degree + 2 * n) % 7] + 12 * ((degree + 2 * n) // 7) for n in range(size)]
        if self.minor and degree == 4 and 11 in self.scale:
            notes[1] += 1
        return notes


def song(random: Random, beats: int, meter: int) -> Song:
    """Draw a key and what is played in it."""
    minor = bool(random.random() < 0.5)
    degrees = pick(random, PROGRESSIONS[minor])
    bars = max(beats // meter, 1)
    if bars >= 2 * len(degrees):
        degrees = degrees * int(pick(random, (1, 2)))
    elif bars < len(degrees):
        degrees = degrees[:: len(degrees) // int(pick(random, (bars, len(degrees))))]
    scale = pick(random, SCALES[minor])
    return Song(int(random.integers(12)), minor, tuple(scale), tuple(degrees), beats, meter)


# ── Rhythms of a bar, in beats ──────────────────────────────────────────────

CELLS = {
    4: (
        (1, 1, 1, 1), (0.5,) * 8, (1, 0.5, 0.5, 1, 1), (1.5, 0.5, 1, 1), (2, 1, 1), (2, 2), (4,),
        (0.5, 0.5, 1, 0.5, 0.5, 1), (1.5, 0.5, 1.5, 0.5), (0.75, 0.75, 0.5, 1, 1), (3, 1),
        (0.25,) * 16, (0.5, 0.25, 0.25) * 4, (1.5, 1.5, 1), (0.75, 0.75, 0.75, 0.75, 0.5, 0.5),
        (1, 1, 2), (0.5, 0.5, 0.5, 0.5, 1, 1), (1, 0.5, 0.5, 0.5, 0.5, 1), (1 / 3,) * 12,
        (0.75, 0.25) * 4, (1.0, 0.5, 1.0, 0.5, 1.0),
    ),
    3: (
        (1, 1, 1), (2, 1), (0.5,) * 6, (1, 0.5, 0.5, 1), (1.5, 0.5, 1), (3,), (1, 2), (1.5, 1.5),
        (0.5, 0.5, 1, 1), (0.5, 0.5, 0.5, 0.5, 1), (1, 1, 0.5, 0.5),
    ),
}  # fmt: skip
"""Lengths of the notes of one bar, by beats a bar."""


def _cells(random: Random, song_: Song, count: int) -> list[tuple[float, float]]:
    """Beats and lengths of a passage that uses a few cells again and again."""
    cells = [pick(random, CELLS[song_.meter]) for _ in range(count)]
    found = []
    for bar in range(max(song_.beats // song_.meter, 1)):
        at = bar * song_.meter
        for length in pick(random, cells):
            found.append((float(at), float(length)))
            at += length
    return [place for place in found if place[0] < song_.beats - 0.01]


# ── Players ─────────────────────────────────────────────────────────────────


def melody(random: Random, song_: Song) -> list[Note]:
    """One note at a time, by steps, on chord notes where it is strong, home at the end."""
    middle = int(random.integers(58, 77))
    scale = [p for p in range(middle - 10, middle + 12) if (p - song_.tonic) % 12 in song_.scale]
    at = len(scale) // 2
    rest = random.uniform(0, 0.2)
    long = random.uniform(0.4, 1.0)
    notes = []
    places = _cells(random, song_, int(random.integers(1, 4)))
    for number, (beat, length) in enumerate(places):
        at = int(np.clip(at + round(random.normal(0, 1.7)), 0, len(scale) - 1))
        chord = {(song_.tonic + n) % 12 for n in song_.chord(song_.chord_at(beat))}
        last = number == len(places) - 1
        if last and random.random() < 0.6:
            chord = {song_.tonic}
        if last or (beat % 1 == 0 and random.random() < 0.75):
            inside = [i for i, p in enumerate(scale) if p % 12 in chord]
            at = min(inside, key=lambda i: abs(i - at)) if inside else at
        if random.random() >= rest or beat == 0:
            strength = 0.8 if beat % song_.meter == 0 else 0.65
            velocity = float(np.clip(random.normal(strength, 0.1), 0.3, 1))
            notes.append(Note(scale[at], beat, length * long, velocity))
    return notes


def _bass_places(random: Random, song_: Song, way: str) -> list[tuple[float, float]]:
    """Beats and lengths of a bass line's notes."""
    if way == "root":
        return [(beat, length) for beat, length, _ in song_.changes]
    if way == "riff":
        return _cells(random, song_, 2)
    step = {
        "walk": 1.0,
        "pump": float(pick(random, (0.5, 0.5, 0.25, 1.0))),
        "root and fifth": 2.0 if song_.meter == 4 else 3.0,
    }[way]
    return [(i * step, step) for i in range(max(int(song_.beats / step), 1))]


def _bass_tone(random: Random, song_: Song, way: str, number: int, beat: float) -> int:
    """Half tones above the tonic of one note of a bass line."""
    root, third, fifth = song_.chord(song_.chord_at(beat))
    if way == "root and fifth":
        return (root, fifth - 12 if fifth > 7 else fifth)[number % 2]
    if way in {"riff", "walk"} and beat % song_.meter:
        beside = root + int(pick(random, (0, 12, -12, 2, -2)))
        tone = int(pick(random, {root: 4, third: 2, fifth: 3, root + 12: 1, beside: 0.5}))
        return tone if tone % 12 in {*song_.scale, 11} else root
    return root


def bass_line(random: Random, song_: Song) -> list[Note]:
    """Roots, fifths and octaves; walking; pumping; a riff that comes again."""
    low = 28 + (song_.tonic - 4) % 12 + int(pick(random, (0, 0, 12)))
    way = str(pick(random, {"riff": 3, "walk": 1, "pump": 2, "root": 2, "root and fifth": 2}))
    long = random.uniform(0.3, 1.0)
    notes = []
    for number, (beat, length) in enumerate(_bass_places(random, song_, way)):
        tone = _bass_tone(random, song_, way, number, beat)
        tone -= 12 if tone > 9 and low > 33 else 0
        velocity = float(np.clip(random.normal(0.85, 0.08), 0.5, 1))
        notes.append(Note(low + tone, beat, length * long, velocity))
    return notes


def _voiced(random: Random, song_: Song, degree: int, size: int, low: int) -> list[int]:
    notes = sorted((n + song_.tonic) % 12 for n in song_.chord(degree, size))
    turn = int(random.integers(len(notes)))
    notes = notes[turn:] + [n + 12 for n in notes[:turn]]
    base = low + (notes[0] - low) % 12 - notes[0]
    return [base + n for n in notes]


def chords(random: Random, song_: Song) -> list[Note]:
    """An accompaniment: held, on the beat, off the beat, broken, strummed, or a tune's oom-pah."""
    size = int(pick(random, {3: 6, 4: 3}))
    low = int(random.integers(46, 62))
    way = pick(random, {"held": 3, "beat": 2, "off": 2, "broken": 3, "strum": 2, "rhythm": 2})
    grid = _cells(random, song_, 1)
    step = float(pick(random, (0.5, 0.25, 0.5, 1 / 3)))
    notes = []
    for beat, length, degree in song_.changes:
        voicing = _voiced(random, song_, degree, size, low)
        places = {
            "held": [(beat, length * 0.95)],
            "beat": [(beat + b, 0.6) for b in range(int(length))] or [(beat, length)],
            "off": [(beat + b + 0.5, 0.3) for b in range(int(length))] or [(beat, length)],
            "strum": [(beat + b / 2, 0.5) for b in range(int(2 * length)) if random.random() < 0.8],
            "rhythm": [g for g in grid if beat <= g[0] < beat + length] or [(beat, length)],
            "broken": [(beat + i * step, step) for i in range(int(length / step + 0.01))],
        }[str(way)]
        up = int(pick(random, (1, -1)))
        for number, (at, long) in enumerate(places):
            velocity = float(np.clip(random.normal(0.6, 0.08), 0.25, 0.9))
            if way == "broken":
                pitch = voicing[(up * number) % len(voicing)] + 12 * (number // len(voicing) % 2)
                notes.append(Note(pitch, at, 1.5 * long, velocity))
                continue
            late = random.uniform(0, 0.02) * (number % 2 * -2 + 1) if way == "strum" else 0.0
            notes += [
                Note(pitch, at + max(late, 0) * i, long, velocity)
                for i, pitch in enumerate(voicing)
            ]
    return [note for note in notes if note.beat < song_.beats - 0.01]
