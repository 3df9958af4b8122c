"""The engine that is always there: the demo crate's synthesiser, told in words what to make."""

import numpy as np
from numpy.typing import NDArray

from library.audio.synth.loops import BEATS_PER_BAR
from library.engines import words
from library.engines.take import RATE, Take
from library.engines.words import Wish

SHORTEST = 0.1  # seconds
UNKNOWN = "No word of this names a sound that Padcrate synth knows: it is one by chance."


class Synthesiser:
    """Makes drums, basses, chords, voices and effects, one by one or as loops, from words.

    Key and tempo of the words are obeyed exactly. Who names a tempo, a beat or a line gets a loop
    of as many whole bars as fit into the duration, or half or a quarter of one where none does;
    chords and pads last as long as is asked for; single hits ring as they do, and no longer than
    that. The same words, seed and duration give the same sound, bit by bit; another seed gives
    another take.

    note: what there is to tell of the last sound, '' for nothing.
    """

    name = "Padcrate synth"
    version = "1"

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.note = ""

    def generate(self, prompt: str, duration: float) -> tuple[NDArray[np.float32], int]:
        """Return a sound (float32, frames x channels) and its rate; duration in seconds."""
        wish = words.wish(prompt)
        take = Take(wish, max(duration, SHORTEST), self.seed)
        self.note = note_on(wish, take)
        return take.sound(), RATE


def note_on(wish: Wish, take: Take) -> str:
    """Return what a person would not expect of a sound; '' where it is what was asked for."""
    if not wish.is_known:
        return UNKNOWN
    beats = (wish.bars or 0) * BEATS_PER_BAR
    if wish.is_loop and beats > take.beats:
        seconds = beats * 60 / take.bpm
        return f"{wish.bars} bars at {take.bpm:g} BPM last {seconds:.1f} s: it has fewer."
    return ""
