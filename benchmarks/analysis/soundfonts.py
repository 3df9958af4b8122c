"""One-shots of free soundfonts with the class that General MIDI gives them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.analysis.generator.made import between
from benchmarks.analysis.midi import DRUMS, RATE, Mono, Note, play

Spans = dict[str, tuple[int, ...]]

DRUM_NOTES: Spans = {
    "kick": (35, 36),
    "rim": (37, 37, 75),
    "snare": (38, 40),
    "clap": (39,),
    "hat": (42, 44, 46),
    "tom": (41, 43, 45, 47, 48, 50),
    "cymbal": (49, 51, 52, 53, 55, 57, 59),
    "perc": (54, 56, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 73, 74, 76, 77, 80, 81),
}
"""Keys of the General MIDI percussion map."""

KITS = (0, 8, 16, 24, 25, 32, 40)
"""Standard, room, power, electronic, 808, jazz, brush."""

PROGRAMS: Spans = {
    "melodic": (
        *(*range(32), *range(40, 47), *range(48, 52), *range(56, 84), *range(86, 91)),
        *(*range(92, 96), *range(104, 109), 110, 111, 114),
    ),
    "bass": (*range(32, 40), *range(32, 40)),
    "vocal": (52, 53, 54, 85, 91, 52, 53, 54),
    "fx": (119, 120, 121, 122, 123, 124, 125, 126, 127, 97, 99, 101, 102, 103),
    "perc": (113, 115),
    "tom": (116, 117, 118),
}
"""Programs of the General MIDI sound set, counted from 0."""

PITCHES = {
    "melodic": (45, 84),
    "bass": (24, 48),
    "vocal": (45, 76),
    "fx": (36, 80),
    "perc": (55, 80),
    "tom": (40, 65),
}
"""From which to which key each class is played."""

TAKES = {"melodic": 7, "bass": 14, "vocal": 12, "fx": 9, "perc": 10, "tom": 5}
"""How often each program is played, in another key and length."""

CHORDS = ((0, 4, 7), (0, 3, 7), (0, 7, 12), (0, 4, 7, 11), (0, 3, 7, 10), (0, 5, 7))
GUITARS = (24, 25, 26, 27, 28, 15, 46, 105)
STRUMS = 14
"""How often each of these strums a chord."""

VOICINGS = (
    (0, 7, 12, 16, 19, 24),
    (0, 7, 12, 15, 19, 24),
    (0, 7, 12, 16),
    (0, 7, 12, 15),
    (0, 5, 9),
)
STRINGS_SECONDS = (0.004, 0.045)
"""From one string of a strum to the next."""

VELOCITIES = (45, 90, 120)
AT_ONCE = 120
"""Notes in one run of fluidsynth."""


@dataclass(frozen=True)
class Played:
    """A sound at 44.1 kHz, its class, and the group that shares its instrument."""

    samples: Mono
    name: str
    group: str


@dataclass(frozen=True)
class _Take:
    notes: tuple[Note, ...]
    seconds: float
    name: str
    group: str


def one_shots(fonts: tuple[Path, ...], seed: int) -> Iterator[Played]:
    """Play every drum of every kit and every program in several keys; the same for a seed."""
    for place, font in enumerate(fonts):
        rng = np.random.default_rng((seed, place))
        takes = [*_drums(), *_programs(rng), *_strums(rng)]
        for start in range(0, len(takes), AT_ONCE):
            yield from _played(font, takes[start : start + AT_ONCE])


def _drums() -> Iterator[_Take]:
    for kit in KITS:
        for name, keys in DRUM_NOTES.items():
            for key in keys:
                for velocity in VELOCITIES:
                    note = Note(0.0, 1.0, key, velocity, DRUMS, kit)
                    yield _Take((note,), 3.0, name, f"{kit}-{key}")


def _strums(rng: np.random.Generator) -> Iterator[_Take]:
    for program in GUITARS:
        for _ in range(STRUMS):
            held, step = between(rng, 0.3, 3.0), between(rng, *STRINGS_SECONDS)
            lowest = int(rng.integers(40, 57))
            strings = [lowest + above for above in VOICINGS[rng.integers(len(VOICINGS))]]
            if rng.random() < 0.4:  # upwards
                strings.reverse()
            notes = tuple(
                Note(place * step, held, pitch, int(rng.integers(60, 127)), 0, program)
                for place, pitch in enumerate(strings)
            )
            yield _Take(notes, held + 1.0, "melodic", f"program-{program}")


def _programs(rng: np.random.Generator) -> Iterator[_Take]:
    for name, programs in PROGRAMS.items():
        for program in programs:
            for _ in range(TAKES[name]):
                held = between(rng, 0.12, 3.0)
                base = int(rng.integers(*PITCHES[name]))
                chord = CHORDS[rng.integers(len(CHORDS))]
                many = name in ("melodic", "vocal") and rng.random() < 0.3
                velocity = int(rng.integers(50, 127))
                notes = tuple(
                    Note(0.0, held, base + step, velocity, 0, program)
                    for step in (chord if many else (0,))
                )
                yield _Take(notes, held + 1.5, name, f"program-{program}")


def _played(font: Path, takes: list[_Take]) -> Iterator[Played]:
    """Render takes one behind the other and cut them apart, without what is silent at the end."""
    starts = np.concatenate([[0], np.cumsum([take.seconds + 0.5 for take in takes])])
    notes = [
        Note(
            start + note.start, note.seconds, note.pitch, note.velocity, note.channel, note.program
        )
        for take, start in zip(takes, starts[:-1], strict=True)
        for note in take.notes
    ]
    whole = play(font, notes, float(starts[-1]))
    for take, start in zip(takes, starts[:-1], strict=True):
        first = round(start * RATE)
        sound = sounding(whole[first : first + round(take.seconds * RATE)])
        if len(sound):
            yield Played(sound, take.name, f"{font.stem}-{take.group}")


def sounding(samples: Mono, floor: float = 0.001) -> Mono:
    """Return a sound without what lies below a share of its peak at both ends."""
    loud = np.flatnonzero(np.abs(samples) > floor * max(float(np.abs(samples).max()), 0.001))
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]
