"""How many frames a file promises, where that promise can be taken at its word.

Decoders quietly deliver what is there. To tell a person that a file was cut off, what it promised
must be read from the file itself. None means: no promise, or one that writers are known to fake.
"""

import os
from pathlib import Path
from typing import BinaryIO

from library.audio.flac import holds_more
from library.audio.iff import Chunk, chunks
from library.audio.sniff import behind_tag

STREAMED = 0x7FFF_0000
"""Sizes from here up are what programs write that cannot go back and fill in the real one."""

UNKNOWN = 1 << 62
LINEAR_TAGS = {1, 3, 0xFFFE}
"""PCM, float, and WAVE_FORMAT_EXTENSIBLE, where frames are bytes by block alignment."""

TABLE_REACH = 512
"""The table lies at most 36 bytes into the first frame; some padding may precede that."""


def promised_frames(path: Path, container: str, counted: int) -> int | None:
    """Return the promise of a file; `counted` is what libsndfile made of its header.

    It counts 2**63 for FLAC of unknown length, and guesses an MP3 without a table from the
    first bit rate: far too much or, worse, too little, and then it stops there. So it does where
    the header of a FLAC says less than there is.
    """
    with path.open("rb") as file:
        if container == "wav":
            return _riff_frames(file)
        if container == "aiff":
            return _aiff_frames(file)
        if container == "mp3":
            return counted if _has_table(file) else None
        if container == "flac" and counted < UNKNOWN and holds_more(file, counted):
            return None
        return counted if counted < UNKNOWN else None


def _riff_frames(file: BinaryIO) -> int | None:
    _, _, order, found = chunks(file)
    if b"data" not in found or b"fmt " not in found:
        return None
    layout = found[b"fmt "].body
    tag, align = int.from_bytes(layout[:2], order), int.from_bytes(layout[12:14], order)
    if not align or tag not in LINEAR_TAGS:
        return None
    size = _sound_size(found)
    if size == 0 and file.seek(0, os.SEEK_END) > found[b"data"].start:
        return None  # a recorder that never came back to fill it in
    return None if size is None else size // align


def _sound_size(found: dict[bytes, Chunk]) -> int | None:
    """Bytes of sound by the data chunk, or by the 64 bits of RF64's `ds64` (EBU Tech 3306)."""
    size = found[b"data"].size
    if size < STREAMED:
        return size
    size = int.from_bytes(found[b"ds64"].body[8:16], "little") if b"ds64" in found else 0
    return size if 0 < size < UNKNOWN else None


def _aiff_frames(file: BinaryIO) -> int | None:
    found = chunks(file).found
    frames = int.from_bytes(found[b"COMM"].body[2:6]) if b"COMM" in found else STREAMED
    return frames if frames < STREAMED else None


def _has_table(file: BinaryIO) -> bool:
    """Tell whether the first frame of an MP3 is a Xing or Info table that counts the others."""
    file.seek(behind_tag(file))
    head = file.read(TABLE_REACH)
    return b"Xing" in head or b"Info" in head
