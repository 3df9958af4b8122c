"""A WAV or AIFF whose chunks confuse libsndfile, shown to it in the plainest order.

Odd chunks without the byte that fills them up, two of a kind, names of zeros, a format behind the
sound, sizes that were never filled in: players take them, and so did their owners for good files.
"""

import io
import os
from pathlib import Path

from library.audio.iff import Chunk, Order, chunks

PARTS = {b"WAVE": (b"fmt ", b"data"), b"AIFF": (b"COMM", b"SSND"), b"AIFC": (b"COMM", b"SSND")}
"""What describes the sound, and the sound, by the kind of file."""

MOST_BYTES = 0x7FFE_0000
LONGEST_DESCRIPTION = 4_096


class MendedFile(io.RawIOBase):
    """A head of our own, and behind it a stretch of the file as it is."""

    def __init__(self, path: Path, head: bytes, start: int, size: int) -> None:
        """Show `size` bytes from `start` behind `head`."""
        self.file = path.open("rb", buffering=0)
        self.head = head
        self.shift = start - len(head)
        self.length = len(head) + size
        self.position = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go somewhere and return where that is."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self.position, os.SEEK_END: self.length}[whence]
        self.position = max(0, base + offset)
        return self.position

    def tell(self) -> int:
        """Return where it is."""
        return self.position

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        """Fill a buffer as far as there is something and return how much that was."""
        wanted = min(len(buffer), self.length - self.position)
        if wanted <= 0:
            return 0
        found = self.head[self.position : self.position + wanted]
        if not found:
            self.file.seek(self.position + self.shift)
            found = self.file.read(wanted) or b""
        buffer[: len(found)] = found
        self.position += len(found)
        return len(found)

    def close(self) -> None:
        """Close the file behind it."""
        self.file.close()
        super().close()


def mended(path: Path) -> MendedFile | None:
    """Return the sound with a head of its own; None where there is no description or no sound."""
    with path.open("rb") as file:
        magic, kind, order, found = chunks(file)
        end = file.seek(0, os.SEEK_END)
        about, sound = (found.get(name) for name in PARTS.get(kind, (b"", b"")))
        if about is None or sound is None or end <= sound.start:
            return None
        file.seek(about.start)
        description = file.read(min(about.size, LONGEST_DESCRIPTION))
    size = _present(sound, end)
    first, second = PARTS[kind]
    description += bytes(len(description) & 1)
    body = _head(first, len(description), order) + description + _head(second, size, order)
    name = b"RIFF" if magic == b"RF64" else magic
    head = _head(name, 4 + len(body) + size, order) + kind + body
    return MendedFile(path, head, sound.start, size)


def _present(sound: Chunk, end: int) -> int:
    there = min(end - sound.start, MOST_BYTES)
    return min(sound.size or there, there)


def _head(name: bytes, size: int, order: Order) -> bytes:
    return name + size.to_bytes(4, order)
