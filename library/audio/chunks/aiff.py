"""AIFF: Apple's loops (`basc`, `cate`, `trns`), `INST` with its `MARK`s, texts, and an ID3 tag.

Sources: Apple's "Audio Interchange File Format 1.3" (MARK, INST, texts). The chunks of Apple's
loops were never published, their layout is common knowledge of readers.
"""

import struct
from collections.abc import Callable
from typing import BinaryIO

from library import keys
from library.audio import iff, names
from library.audio.chunks import id3
from library.audio.chunks.embedded import (
    HIGHEST_NOTE,
    MOST_MARKS,
    NOTHING,
    Embedded,
    beats,
    note,
    text_of,
    together,
)
from library.audio.chunks.riff import body
from library.audio.iff import Chunk

BASC_BYTES, INST_BYTES = 18, 20
LARGEST_MARK = 6 + 256
CATE_BYTES = 1 << 10
MINOR, MAJOR = 1, 2
"""Of a loop's scale; 0: none, 4: it goes with both."""

FORWARD, BOTH_WAYS = 1, 2
KEY_CENTRE = 60


def read(file: BinaryIO) -> Embedded:
    """Return what the chunks of an AIFF say; it is open at its first byte."""
    place = file.tell()
    found: dict[bytes, Chunk] = {}
    for name, chunk in iff.walk(file, place + 12, "big"):
        if name in READERS:
            found.setdefault(name, chunk)
    claims = [READERS[name](file, found[name]) for name in READERS if name in found]
    if b"INST" in found and b"MARK" in found:
        claims.append(_looped(file, found[b"INST"], found[b"MARK"]))
    return together(claims)


def _basc(file: BinaryIO, chunk: Chunk) -> Embedded:
    """Read beats, root note, scale and whether it loops."""
    raw = body(file, chunk, BASC_BYTES)
    if len(raw) < BASC_BYTES:
        return NOTHING
    count, root, scale, looping = struct.unpack(">4xIHH4xH", raw)
    known_root = note(root)
    key = ""
    if known_root is not None and scale in {MINOR, MAJOR}:
        key = keys.named(known_root % 12, is_minor=scale == MINOR)
    is_loop = bool(looping) if looping in {0, 1} else None
    return Embedded(
        beats=beats(count) if is_loop else None, key=key, root=known_root, is_loop=is_loop
    )


def _cate(file: BinaryIO, chunk: Chunk) -> Embedded:
    """Read the words that the loop browser sorts by: `Drums`, `Kick Drum`, `Electric Bass`."""
    raw = body(file, chunk, CATE_BYTES)[4:]
    found = [names.class_of(text_of(part)) for part in raw.split(b"\0") if part]
    return Embedded(heard_class=next(filter(None, found), ""))


def _trns(_file: BinaryIO, _chunk: Chunk) -> Embedded:
    """Take a list of transients as what it is made for: stretching a loop."""
    return Embedded(is_loop=True)


def _inst(file: BinaryIO, chunk: Chunk) -> Embedded:
    raw = body(file, chunk, INST_BYTES)
    if len(raw) < INST_BYTES or not 0 < raw[0] <= HIGHEST_NOTE or raw[0] == KEY_CENTRE:
        return NOTHING
    return Embedded(root=raw[0])


def _mark(file: BinaryIO, chunk: Chunk) -> Embedded:
    return Embedded(marks=tuple(sorted(set(_marks(file, chunk).values()))))


def _marks(file: BinaryIO, chunk: Chunk) -> dict[int, int]:
    """Return the frames of the markers by their numbers."""
    raw = body(file, chunk, 2 + MOST_MARKS * LARGEST_MARK)
    found: dict[int, int] = {}
    at = 2
    for _ in range(min(int.from_bytes(raw[:2]), MOST_MARKS)):
        if at + 7 > len(raw):  # number, frame, length of the name
            break
        number, frame, letters = struct.unpack_from(">HIB", raw, at)
        found.setdefault(number, frame)
        at += 7 + letters + (letters + 1) % 2
    return found


def _looped(file: BinaryIO, inst: Chunk, mark: Chunk) -> Embedded:
    """Read the loop that plays while a key is held, between two markers."""
    raw = body(file, inst, INST_BYTES)
    if len(raw) < INST_BYTES:
        return NOTHING
    mode, first, last = struct.unpack_from(">8xHHH", raw)
    marks = _marks(file, mark)
    begin, end = marks.get(first, 0), marks.get(last, 0)
    if mode not in {FORWARD, BOTH_WAYS} or begin >= end:
        return NOTHING
    return Embedded(loops=((begin, end),))


def _text(file: BinaryIO, chunk: Chunk) -> Embedded:
    return Embedded(bpm=names.bpm_in(text_of(body(file, chunk, CATE_BYTES))))


def _id3(file: BinaryIO, chunk: Chunk) -> Embedded:
    file.seek(chunk.start)
    return id3.read(file, chunk.size)


READERS: dict[bytes, Callable[[BinaryIO, Chunk], Embedded]] = {
    b"basc": _basc,
    b"cate": _cate,
    b"trns": _trns,
    b"ID3 ": _id3,
    b"id3 ": _id3,
    b"NAME": _text,
    b"ANNO": _text,
    b"INST": _inst,
    b"MARK": _mark,
}
"""What is read, the most reliable first."""
