"""Blocks of any size gathered channel by channel into lines of one length, for the meters."""

from collections.abc import Iterator

import numpy as np

from library.audio.clip import Samples

LOUDEST = 1e15
"""Samples are held within this (+300 dBFS), so that float32 can sum their squares."""


class Lines:
    """Channels x frames, full again and again; each line may begin with the end of the last.

    What a meter sees so never depends on where the blocks ended, not even in the last bit.
    """

    def __init__(self, channels: int, frames: int, overlap: int = 0) -> None:
        """Make room for `frames` new frames a line; the first `overlap` frames are silence."""
        self.overlap = overlap
        self.held: Samples = np.zeros((channels, overlap + frames), np.float32)
        self.filled = overlap

    def add(self, samples: Samples) -> Iterator[Samples]:
        """Take in a block (frames x channels, no NaN); yield each line as it fills.

        A line is valid until the next one is asked for; the caller takes them all.
        """
        width = self.held.shape[1]
        while len(samples):
            part = samples[: width - self.filled]
            end = self.filled + len(part)
            np.clip(part.T, -LOUDEST, LOUDEST, out=self.held[:, self.filled : end])
            self.filled, samples = end, samples[len(part) :]
            if self.filled == width:
                yield self.held
                self.held[:, : self.overlap] = self.held[:, width - self.overlap :]
                self.filled = self.overlap

    def rest(self, silence: int = 0) -> Samples:
        """Return a copy of the line that is not full yet, with so many silent frames after it."""
        return np.pad(self.held[:, : self.filled], ((0, 0), (0, silence)))
