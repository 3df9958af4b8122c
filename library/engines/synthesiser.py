"""The engine that is always there: the demo crate's synthesiser, told in words what to make."""

import numpy as np
from numpy.typing import NDArray

from library.engines import words
from library.engines.take import RATE, Take

SHORTEST = 0.1  # seconds


class Synthesiser:
    """Makes drums, basses, chords, voices and effects, one by one or as loops, from words.

    Key and tempo of the words are obeyed exactly. Who names a tempo, a beat or a line gets a loop
    of whole bars, as many as fit the duration best, one at least; chords and pads last as long as
    is asked for; single hits ring as they do, and no longer than that. The same words, seed and
    duration give the same sound, bit by bit; another seed gives another take.
    """

    name = "Padcrate synth"
    version = "1"

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed

    def generate(self, prompt: str, duration: float) -> tuple[NDArray[np.float32], int]:
        """Return a sound (float32, frames x channels) and its rate; duration in seconds."""
        return Take(words.wish(prompt), max(duration, SHORTEST), self.seed).sound(), RATE
