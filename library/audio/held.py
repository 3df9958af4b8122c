"""A sound that is read more than once: in memory while it is short, else in a file of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

import numpy as np

from library.audio.clip import Samples

READ_FRAMES = 65_536
FLOAT = 4  # bytes


class Held:
    """Blocks of one sound (float32, frames x channels), given back forwards or backwards.

    The file has no name and is gone when the block ends, or the process. Raises OSError.
    """

    def __init__(self, folder: Path, room: int) -> None:
        """Hold up to `room` bytes in memory; what is more goes into a file in the folder."""
        self.folder = folder
        self.room = room
        self.blocks: list[Samples] = []
        self.file: IO[bytes] | None = None
        self.frames = 0
        self.channels = 1

    def __enter__(self) -> Self:
        """Start with nothing."""
        return self

    def __exit__(self, *_: object) -> None:
        """Forget all of it."""
        self.blocks = []
        if self.file is not None:
            self.file.close()

    def add(self, block: Samples) -> None:
        """Take in the next block."""
        if not len(block):
            return
        self.frames += len(block)
        self.channels = block.shape[1]
        if self.file is not None:
            _append(self.file, block)
            return
        self.blocks.append(block)
        self.room -= block.nbytes
        if self.room < 0:
            # Imported where it is needed: few sounds are so long, and it takes long to import.
            from tempfile import TemporaryFile

            self.file = TemporaryFile(dir=self.folder)  # noqa: SIM115 - closed at the end
            for early in self.blocks:
                _append(self.file, early)
            self.blocks = []

    def __iter__(self) -> Iterator[Samples]:
        """Give the blocks from the first to the last."""
        if self.file is None:
            yield from self.blocks
            return
        for start in range(0, self.frames, READ_FRAMES):
            yield self._read(self.file, start, min(self.frames, start + READ_FRAMES))

    def backwards(self) -> Iterator[Samples]:
        """Give the sound from its last frame to its first."""
        if self.file is None:
            yield from (_turned(block) for block in reversed(self.blocks))
            return
        for end in range(self.frames, 0, -READ_FRAMES):
            yield _turned(self._read(self.file, max(0, end - READ_FRAMES), end))

    def _read(self, file: IO[bytes], start: int, end: int) -> Samples:
        size = self.channels * FLOAT
        file.seek(start * size)
        data = file.read((end - start) * size)
        return np.frombuffer(data, np.float32).reshape(-1, self.channels)


def _append(file: IO[bytes], block: Samples) -> None:
    file.write(np.ascontiguousarray(block).data)


def _turned(block: Samples) -> Samples:
    return np.ascontiguousarray(block[::-1])
