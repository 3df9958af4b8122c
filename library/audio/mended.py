"""A WAV or AIFF whose chunks confuse libsndfile, shown to it in the plainest order.

Odd chunks without the byte that fills them up, two of a kind, names of zeros, a format behind the
sound, sizes that were never filled in: players take them, and their owners for good files.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from library.audio.iff import Order, chunks

PARTS = {b"WAVE": (b"fmt ", b"data"), b"AIFF": (b"COMM", b"SSND"), b"AIFC": (b"COMM", b"SSND")}
"""What describes the sound, and the sound, by the kind of file."""

MOST_BYTES = 0x7FFE_0000
LONGEST_DESCRIPTION = 4_096


@dataclass
class MendedFile:
    """A head of our own, and behind it `size` bytes of an open file from `start` on."""

    file: BinaryIO
    head: bytes
    start: int
    size: int
    position: int = 0

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go somewhere and return where that is."""
        length = len(self.head) + self.size
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: length}[whence]
        self.position = max(0, base + offset)
        return self.position

    def tell(self) -> int:
        """Return where it is."""
        return self.position

    def read(self, size: int) -> bytes:
        """Return the next bytes, up to `size`; fewer at the seam and none at the end."""
        found = self.head[self.position : self.position + size]
        if not found:
            behind = self.position - len(self.head)
            self.file.seek(self.start + behind)
            found = self.file.read(max(0, min(size, self.size - behind)))
        self.position += len(found)
        return found


@contextmanager
def mended(path: Path) -> Iterator[MendedFile | None]:
    """Give the sound behind a head of its own; None without a description or without a sound."""
    with path.open("rb") as file:
        magic, kind, order, found = chunks(file)
        first, second = PARTS.get(kind, (b"", b""))
        about, sound = found.get(first), found.get(second)
        end = file.seek(0, os.SEEK_END)
        if about is None or sound is None or end <= sound.start:
            yield None
            return
        file.seek(about.start)
        description = file.read(min(about.size, LONGEST_DESCRIPTION))
        description += bytes(len(description) & 1)
        present = min(end - sound.start, MOST_BYTES)
        size = min(sound.size or present, present)
        body = _head(first, len(description), order) + description + _head(second, size, order)
        name = b"RIFF" if magic == b"RF64" else magic
        head = _head(name, len(kind) + len(body) + size, order) + kind + body
        yield MendedFile(file, head, sound.start, size)


def _head(name: bytes, size: int, order: Order) -> bytes:
    return name + size.to_bytes(4, order)
