"""Write a part of a sound: parts that follow each other join without a gap, word for word.

The whole sound goes through the chain each time, so that its parts share one gain, one filter and
one row of dither. Only what lies outside the part is not written.
"""

from typing import BinaryIO

import numpy as np

from library.audio.clip import Integers
from library.audio.containers import PcmFile
from library.audio.dither import STEPS, Dither
from library.audio.recipe import FADE_FRAMES, Recipe


def opened(file: BinaryIO, recipe: Recipe, channels: int) -> PcmFile:
    """Return the file to write a sound to; one that takes only a part where that is asked for."""
    if recipe.span == (0, None):
        return PcmFile(file, recipe.format, channels)
    return _Excerpt(file, recipe, channels)


class _Excerpt(PcmFile):
    """Takes a whole sound and keeps the words that lie in the span of its recipe."""

    def __init__(self, file: BinaryIO, recipe: Recipe, channels: int) -> None:
        super().__init__(file, recipe.format, channels)
        self.recipe = recipe
        self.position = 0
        self.dither = Dither(seed=recipe.end or 0)

    def write(self, words: Integers) -> None:
        """Append what of these words belongs to the part."""
        start, end = self.recipe.span
        first = max(0, start - self.position)
        last = len(words) if end is None else max(0, end - self.position)
        piece = words[first:last]
        if len(piece):
            super().write(self._faded(piece, self.position + first))
        self.position += len(words)

    def write_silence(self, frames: int) -> None:
        """Append silence that is to be in the file, wherever the span ends."""
        super().write(np.zeros((frames, self.channels), np.int16))

    def _faded(self, words: Integers, position: int) -> Integers:
        """Return the words with what of them lies in the fade turned down: half a cosine."""
        end = self.recipe.cut_at
        if not self.recipe.fade_out or end is None:
            return words
        begin = max(0, end - FADE_FRAMES - position)
        if begin >= len(words):
            return words
        left = end - position - np.arange(begin, len(words), dtype=np.float32)
        gain = (1 - np.cos(np.pi * left / FADE_FRAMES)) / 2
        tail = words[begin:] * (gain[:, np.newaxis] / STEPS)
        faded = self.dither.to_int16(np.ascontiguousarray(tail, np.float32))
        return np.concatenate((words[:begin], faded))
