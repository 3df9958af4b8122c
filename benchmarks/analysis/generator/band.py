"""Notes played by voices onto a line, as drums are by a kit."""

from collections.abc import Iterable

import numpy as np

from benchmarks.analysis.generator.harmony import Note
from benchmarks.analysis.generator.made import RATE, Line, Random
from benchmarks.analysis.generator.shapes import mix_at, peak_at
from benchmarks.analysis.generator.tones import Voice, hz_of

TAIL_SECONDS = 4


def play(
    random: Random,
    voice: Voice,
    notes: Iterable[Note],
    frames_a_beat: float,
    frames: int,
    cents: float,
) -> Line:
    """Return the sound of notes, long enough for its tails; equal notes are made once."""
    canvas = np.zeros(frames + TAIL_SECONDS * RATE)
    made: dict[tuple[float, int], Line] = {}
    human = float(random.choice((0.0, 0.004, 0.01)))
    for note in notes:
        seconds = min(note.beats * frames_a_beat / RATE, TAIL_SECONDS - 0.5)
        key = (note.pitch, round(20 * seconds))
        if key not in made:
            made[key] = voice.note(random, hz_of(note.pitch + cents / 100), seconds)
        late = abs(human * random.standard_normal()) * RATE
        at = round(note.beat * frames_a_beat + late)
        if at < frames:
            mix_at(canvas, made[key], at, 10 ** ((note.velocity - 1) * 20 / 20))
    return peak_at(canvas)
