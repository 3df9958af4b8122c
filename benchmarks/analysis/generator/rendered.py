"""Loops of recorded instruments: the same scores played by fluidsynth on free soundfonts.

Instruments that no synthesis here made. Tempo, key and kind are judged on them and never learn from
them; the classes of loops do, from another seed.
None where neither fluidsynth nor a soundfont is installed.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.analysis.generator import harmony, patterns, studio
from benchmarks.analysis.generator.loops import KINDS, SOUND_CLASS, Passage
from benchmarks.analysis.generator.made import RATE, Line, Made, Random, between, chance, pick
from benchmarks.analysis.midi import DRUMS, Note, available, play

DRUM_KEYS = {
    "kick": (35, 36), "snare": (38, 40), "clap": (39,), "rim": (37,), "hat": (42,), "open": (46,),
    "ride": (51, 59), "crash": (49, 57), "perc": (62, 63, 54, 56), "shaker": (70, 69),
    "extra": (60, 61, 76), "tom high": (50,), "tom mid": (47,), "tom low": (41, 43),
}  # fmt: skip
"""Keys of the General MIDI percussion map by the part of our kit."""

KITS = (0, 8, 16, 24, 25, 32, 40)
PROGRAMS = {
    "bass": tuple(range(32, 40)),
    "melody": (0, 4, 6, 11, 12, 24, 25, 26, 40, 56, 64, 65, 68, 71, 73, 80, 81),
    "chords": (0, 1, 4, 5, 16, 19, 24, 25, 27, 46, 48, 50, 61, 88, 89, 90),
    "voice": (52, 53, 54),
}
"""Programs by who plays, counted from 0."""
PLAYERS = {
    "full": ("bass", "chords", "melody"),
    "drums and bass": ("bass",),
    "drums and chords": ("chords",),
    "melody and chords": ("melody", "chords"),
    "drums": (),
}
SCORES = {
    "bass": harmony.bass_line,
    "melody": harmony.melody,
    "chords": harmony.chords,
    "voice": harmony.melody,
}


def _drummed(passage: Passage) -> list[Note]:
    random = passage.random
    kit = int(pick(random, KITS))
    keys = {part: int(pick(random, choices)) for part, choices in DRUM_KEYS.items()}
    second = passage.frames_a_beat / RATE
    late = float(pick(random, (0.0, 0.004, 0.008)))
    return [
        Note(
            start=max(0.0, blow.beat * second + late * random.standard_normal()),
            seconds=0.2,
            pitch=keys[blow.part],
            velocity=int(np.clip(30 + 97 * blow.velocity, 20, 127)),
            channel=DRUMS,
            program=kit,
        )
        for blow in patterns.played(passage.rhythm)
    ]


def _played(passage: Passage, player: str, channel: int) -> list[Note]:
    random = passage.random
    program = int(pick(random, PROGRAMS[player]))
    second = passage.frames_a_beat / RATE
    return [
        Note(
            start=patterns.swung(note.beat, passage.rhythm.share, passage.rhythm.swung) * second,
            seconds=max(note.beats * second, 0.05),
            pitch=int(note.pitch),
            velocity=int(np.clip(127 * note.velocity, 20, 127)),
            channel=channel,
            program=program,
        )
        for note in SCORES[player](random, passage.song)
    ]


def _line(random: Random, passage: Passage) -> Line:
    players = PLAYERS.get(passage.kind, (passage.kind,))
    notes = _drummed(passage) if "drums" in passage.kind or passage.kind == "full" else []
    for channel, player in enumerate(players):
        notes += _played(passage, player, channel)
    seconds = passage.frames / RATE
    font = available()[int(random.integers(len(available())))]
    # fluidsynth plays on for ever where a note is held beyond the end of its track
    inside = [
        replace(note, seconds=min(note.seconds, seconds - note.start - 0.005))
        for note in notes
        if note.start < seconds - 0.05
    ]
    return play(font, inside, seconds).astype(float)


def rendered_loop(seed: int, number: int) -> Made:
    """Make one loop; there has to be a soundfont."""
    random = chance(seed, "rendered", number)
    kind = str(pick(random, KINDS))
    passage = Passage(random, kind)
    line = _line(random, passage)
    if random.random() < 0.5:
        line = studio.room(random, line, between(random, 0.03, 0.5), round_and_round=True)
    line = studio.worn(random, studio.mixed(random, line))[: passage.frames]
    samples = studio.levelled(random, studio.stereo(random, line))
    alone = "drums" not in kind and kind != "full"
    return Made(
        name=f"rendered_{number:04d}",
        samples=samples.astype(np.float32),
        rate=RATE,
        kind="loop",
        sound_class=SOUND_CLASS.get(kind, "drums" if kind == "drums and bass" else "melodic"),
        bpm=passage.bpm,
        beats=float(passage.rhythm.beats),
        key=(passage.song.tonic, passage.song.minor) if kind != "drums" else None,
        group=f"rendered {kind}: {passage.style}",
        notes=("octave_ambiguous",) if alone else (),
    )


def rendered(seed: int, count: int) -> Iterator[Made]:
    """Make so many loops, none without a soundfont."""
    return (rendered_loop(seed, number) for number in range(count if available() else 0))
