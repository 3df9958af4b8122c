"""MP4: the tempo and the free texts of iTunes' list (`moov`, `udta`, `meta`, `ilst`)."""

import os
from collections.abc import Iterator
from typing import BinaryIO

from library.audio.chunks.embedded import (
    LONGEST_TEXT,
    NOTHING,
    Embedded,
    named,
    tempo,
    text_of,
    together,
)

MOST_BOXES = 1000
"""In one box."""

PATH = (b"moov", b"udta", b"meta", b"ilst")
META_HEAD = 4
"""Version and flags before the boxes of `meta`; QuickTime leaves them out."""

DATA_HEAD = 8
Box = tuple[bytes, int, int]
"""Name, first byte of what is in it, first byte behind it."""


def read(file: BinaryIO) -> Embedded:
    """Return what the list says."""
    start, end = 0, file.seek(0, os.SEEK_END)
    for name in PATH:
        found = next((box for box in _boxes(file, start, end) if box[0] == name), None)
        if found is None:
            return NOTHING
        _, start, end = found
        if name == b"meta" and not _begins_with_box(file, start):
            start += META_HEAD
    return together(_told(file, box) for box in _boxes(file, start, end))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[Box]:
    for _ in range(MOST_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        head = file.read(16)
        size, inner = int.from_bytes(head[:4]), start + 8
        if size == 1:
            size, inner = int.from_bytes(head[8:16]), start + 16
        elif size == 0:
            size = end - start
        if start + size < inner:
            return
        yield head[4:8], inner, min(start + size, end)
        start += size


def _begins_with_box(file: BinaryIO, start: int) -> bool:
    file.seek(start + 4)
    return file.read(4) == b"hdlr"


def _told(file: BinaryIO, box: Box) -> Embedded:
    name, start, end = box
    if name not in {b"tmpo", b"\xa9gen", b"----"}:
        return NOTHING
    parts = {part: _body(file, inner, behind) for part, inner, behind in _boxes(file, start, end)}
    data = parts.get(b"data", b"")[DATA_HEAD:]
    if name == b"tmpo":
        return Embedded(bpm=tempo(int.from_bytes(data[:2]))) if data else NOTHING
    if name == b"----":
        return named(text_of(parts.get(b"name", b"")[4:]), text_of(data))
    return named("genre", text_of(data))


def _body(file: BinaryIO, start: int, end: int) -> bytes:
    file.seek(start)
    return file.read(min(max(end - start, 0), LONGEST_TEXT))
