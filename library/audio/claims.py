"""How many frames a file promises, where that promise can be taken at its word.

Decoders quietly deliver what is there. To tell a person that a file was cut off, what it promised
must be read from the file itself. None means: no promise, or one that writers are known to fake.
"""

import os
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

STREAMED = 0x7FFF_0000
"""Sizes from here up are what programs write that cannot go back and fill in the real one."""

UNKNOWN = 1 << 62
MOST_CHUNKS = 1000
FORMAT_BYTES = 18
LINEAR_TAGS = {1, 3, 0xFFFE}
"""PCM, float, and WAVE_FORMAT_EXTENSIBLE, where frames are bytes by block alignment."""

TABLE_REACH = 512
"""The table lies at most 36 bytes into the first frame; some padding may precede that."""


class Chunk(NamedTuple):
    """A chunk's claimed size, where its body starts, and the first bytes of that."""

    size: int
    start: int
    body: bytes


def promised_frames(path: Path, container: str, counted: int) -> int | None:
    """Return the promise of a file; `counted` is what libsndfile made of its header.

    It counts 2**63 for FLAC of unknown length, and guesses an MP3 without a table from the
    first bit rate: far too much or, worse, too little, and then it stops there.
    """
    with path.open("rb") as file:
        if container == "wav":
            return _riff_frames(file)
        if container == "aiff":
            return _aiff_frames(file)
        if container == "mp3":
            return counted if _has_table(file) else None
        return counted if counted < UNKNOWN else None


def _chunks(file: BinaryIO, order: Literal["little", "big"]) -> dict[bytes, Chunk]:
    """Map the chunks of an IFF-like file by name; the first of each name counts."""
    found: dict[bytes, Chunk] = {}
    file.seek(12)
    for _ in range(MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:  # noqa: PLR2004 - name and size
            break
        size = int.from_bytes(head[4:], order)
        start = file.tell()
        found.setdefault(head[:4], Chunk(size, start, file.read(min(size, FORMAT_BYTES))))
        file.seek(start + size + (size & 1))
    return found


def _riff_frames(file: BinaryIO) -> int | None:
    found = _chunks(file, "little")
    if b"data" not in found or b"fmt " not in found:
        return None
    data, layout = found[b"data"], found[b"fmt "].body
    tag, align = int.from_bytes(layout[:2], "little"), int.from_bytes(layout[12:14], "little")
    if data.size >= STREAMED or not align or tag not in LINEAR_TAGS:
        return None
    if data.size == 0 and file.seek(0, os.SEEK_END) > data.start:
        return None  # a recorder that never came back to fill it in
    return data.size // align


def _aiff_frames(file: BinaryIO) -> int | None:
    found = _chunks(file, "big")
    frames = int.from_bytes(found[b"COMM"].body[2:6]) if b"COMM" in found else STREAMED
    return frames if frames < STREAMED else None


def _has_table(file: BinaryIO) -> bool:
    """Tell whether the first frame of an MP3 is a Xing or Info table that counts the others."""
    head = file.read(10)
    if head[:3] == b"ID3":  # ID3v2.4, 3.1: four bytes of seven bits
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte & 0x7F
        file.seek(10 + size)
        head = b""
    head += file.read(TABLE_REACH)
    return b"Xing" in head or b"Info" in head
