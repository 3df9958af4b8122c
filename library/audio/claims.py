"""How many frames a file promises, where that promise can be taken at its word.

Decoders quietly deliver what is there. To tell a person that a file was cut off, what it promised
must be read from the file itself. None means: no promise, or one that writers are known to fake.
"""

import os
from pathlib import Path
from typing import BinaryIO

STREAMED = 0x7FFF_0000
"""Sizes from here up are what programs write that cannot go back and fill in the real one."""

MOST_CHUNKS = 1000
XING_REACH = 4096


def promised_frames(path: Path, container: str, counted: int | None) -> int | None:
    """Return the promise of a `container`; `counted` is what its decoder made of the header."""
    with path.open("rb") as file:
        if container == "wav":
            return _riff_frames(file)
        if container == "aiff":
            return _aiff_frames(file)
        if container == "mp3":
            return counted if _has_xing(file) else None
        return counted


def _chunks(file: BinaryIO, order: str) -> dict[bytes, tuple[int, bytes]]:
    """Map the chunks of an IFF-like file to (claimed size, first 18 bytes)."""
    found: dict[bytes, tuple[int, bytes]] = {}
    file.seek(12)
    for _ in range(MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:  # noqa: PLR2004 - a chunk's header
            break
        size = int.from_bytes(head[4:], "little" if order == "little" else "big")
        body = file.read(min(size, 18))
        found.setdefault(head[:4], (size, body))
        file.seek(size - len(body) + (size & 1), os.SEEK_CUR)
    return found


def _riff_frames(file: BinaryIO) -> int | None:
    found = _chunks(file, "little")
    size, _ = found.get(b"data", (0, b""))
    _, layout = found.get(b"fmt ", (0, b""))
    tag, align = (
        int.from_bytes(layout[:2], "little"),
        int.from_bytes(layout[12:14], "little"),
    )
    if not 0 < size < STREAMED or not align or tag not in {1, 3, 0xFFFE}:
        return None
    return size // align


def _aiff_frames(file: BinaryIO) -> int | None:
    _, common = _chunks(file, "big").get(b"COMM", (0, b""))
    frames = int.from_bytes(common[2:6])
    return frames if 0 < frames < STREAMED else None


def _has_xing(file: BinaryIO) -> bool:
    """Tell whether the first frame counts the others; else the length is only guessed."""
    head = file.read(10)
    if head[:3] == b"ID3":  # ID3v2.4, 3.1: four bytes of seven bits
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte & 0x7F
        file.seek(10 + size)
        head = b""
    head += file.read(XING_REACH)
    return b"Xing" in head or b"Info" in head
