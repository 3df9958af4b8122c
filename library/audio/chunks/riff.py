"""WAV: `acid`, `smpl`, `inst`, `cue `, `LIST` of kind INFO, and an ID3 tag in a chunk.

Sources: Microsoft's "Multimedia Programming Interface 1.0" and "New Multimedia Data Types 1994"
(smpl, inst, cue, INFO); `acid` was never published, its layout is common knowledge of readers.
"""

import struct
from collections.abc import Callable, Iterator
from typing import BinaryIO

from library.audio import iff, names
from library.audio.chunks import id3
from library.audio.chunks.embedded import (
    MOST_LOOPS,
    MOST_MARKS,
    NOTHING,
    Embedded,
    beats,
    named,
    note,
    tempo,
    text_of,
    together,
)
from library.audio.iff import Chunk, Order

ACID_BYTES, SMPL_BYTES, LOOP_BYTES, INST_BYTES, CUE_BYTES = 24, 36, 24, 7, 24
MOST_INFO = 1 << 16
"""Bytes of a list of texts."""

ONE_SHOT, ROOT_SET = 0x01, 0x02
KEY_CENTRE = 60
"""Middle C, which programs write that know no note."""

INFO_NAMES = {b"IBPM": "bpm", b"IKEY": "key", b"IGNR": "genre"}
INFO_TEXTS = {b"INAM", b"ICMT", b"ISBJ"}
"""Titles, comments, subjects: a tempo may be stated in them."""


def read(file: BinaryIO) -> Embedded:
    """Return what the chunks of a WAV say; it is open at its first byte."""
    place = file.tell()
    order: Order = "big" if file.read(4) == b"RIFX" else "little"
    claims: dict[bytes, Embedded] = {}
    for name, chunk in iff.walk(file, place + 12, order):
        if name in READERS and name not in claims:
            found = READERS[name](file, chunk, order)
            if found != NOTHING:
                claims[name] = found
    return together(claims[name] for name in READERS if name in claims)


def body(file: BinaryIO, chunk: Chunk, most: int) -> bytes:
    """Return the first bytes of a chunk, as many as there are, at most so many."""
    file.seek(chunk.start)
    return file.read(min(chunk.size, most))


def _acid(file: BinaryIO, chunk: Chunk, order: Order) -> Embedded:
    """Read flags, root note, number of beats and tempo; a one-shot's tempo means nothing."""
    raw = body(file, chunk, ACID_BYTES)
    if len(raw) < ACID_BYTES:
        return NOTHING
    flags, root, count, bpm = struct.unpack(f"{_sign(order)}IH6xI4xf", raw)
    known_root = note(root) if flags & ROOT_SET else None
    if flags & ONE_SHOT:
        return Embedded(root=known_root, is_loop=False)
    if not (tempo(bpm) and beats(count)):  # many programs write half of it
        return Embedded(bpm=tempo(bpm), root=known_root)
    return Embedded(bpm=tempo(bpm), beats=count, root=known_root, is_loop=True)


def _smpl(file: BinaryIO, chunk: Chunk, order: Order) -> Embedded:
    """Read the note at which it plays as recorded, and the loops."""
    raw = body(file, chunk, SMPL_BYTES + MOST_LOOPS * LOOP_BYTES)
    if len(raw) < SMPL_BYTES:
        return NOTHING
    root, count = struct.unpack_from(f"{_sign(order)}12xI12xI", raw)
    held = min(count, (len(raw) - SMPL_BYTES) // LOOP_BYTES)
    ends = [
        struct.unpack_from(f"{_sign(order)}8xII", raw, SMPL_BYTES + number * LOOP_BYTES)
        for number in range(held)
    ]
    loops = tuple((first, last + 1) for first, last in ends if first <= last)  # the last one plays
    return Embedded(root=_known(root), loops=loops)


def _inst(file: BinaryIO, chunk: Chunk, _order: Order) -> Embedded:
    raw = body(file, chunk, INST_BYTES)
    return Embedded(root=_known(raw[0])) if len(raw) == INST_BYTES else NOTHING


def _known(root: int) -> int | None:
    return None if root == KEY_CENTRE else note(root)


def _cue(file: BinaryIO, chunk: Chunk, order: Order) -> Embedded:
    raw = body(file, chunk, 4 + MOST_MARKS * CUE_BYTES)
    held = min(int.from_bytes(raw[:4], order), (len(raw) - 4) // CUE_BYTES)
    frames = {
        int.from_bytes(raw[at + 20 : at + 24], order)
        for at in range(4, 4 + held * CUE_BYTES, CUE_BYTES)
    }
    return Embedded(marks=tuple(sorted(frames)))


def _info(file: BinaryIO, chunk: Chunk, order: Order) -> Embedded:
    raw = body(file, chunk, MOST_INFO)
    if raw[:4] != b"INFO":
        return NOTHING
    return together(_told(name, text) for name, text in _texts(raw[4:], order))


def _texts(raw: bytes, order: Order) -> Iterator[tuple[bytes, str]]:
    at = 0
    while len(raw) - at > 8:  # noqa: PLR2004 - name and size
        size = int.from_bytes(raw[at + 4 : at + 8], order)
        yield raw[at : at + 4], text_of(raw[at + 8 : at + 8 + size])
        at += 8 + size + (size & 1)


def _told(name: bytes, text: str) -> Embedded:
    if name in INFO_TEXTS:
        return Embedded(bpm=names.bpm_in(text))
    return named(INFO_NAMES[name], text) if name in INFO_NAMES else NOTHING


def _id3(file: BinaryIO, chunk: Chunk, _order: Order) -> Embedded:
    file.seek(chunk.start)
    return id3.read(file, chunk.size)


def _sign(order: Order) -> str:
    return ">" if order == "big" else "<"


READERS: dict[bytes, Callable[[BinaryIO, Chunk, Order], Embedded]] = {
    b"acid": _acid,
    b"id3 ": _id3,
    b"ID3 ": _id3,
    b"LIST": _info,
    b"smpl": _smpl,
    b"inst": _inst,
    b"cue ": _cue,
}
"""What is read, the most reliable first."""
