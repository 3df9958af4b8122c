"""ID3v2.2, 2.3 and 2.4 (id3.org): the frames that tell tempo, key and genre."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from library.audio.chunks.embedded import (
    LONGEST_TEXT,
    NOTHING,
    Embedded,
    named,
    text_of,
    together,
)

MOST_BYTES = 4 << 20
"""Of a tag; a picture may stand before the texts."""

MOST_FRAMES = 500
OLD, USUAL, NEW = 2, 3, 4
UNSYNCHRONISED, EXTENDED = 0x80, 0x40
FRAME_UNSYNCHRONISED, FRAME_LENGTH = 0x02, 0x01
ODD = {USUAL: 0xE0, NEW: 0x4C}
"""Flags of frames that are compressed, encrypted or in a group: they say nothing here."""

NAMES = {
    b"TBPM": "bpm", b"TBP": "bpm", b"TKEY": "key", b"TKE": "key", b"TCON": "genre", b"TCO": "genre",
}  # fmt: skip
OWN_NAMES = {b"TXXX", b"TXX"}
UTF_16, UTF_16_BE, UTF_8 = 1, 2, 3
GENRE_NUMBER = re.compile(r"\(?\d{1,3}\)?")


def read(file: BinaryIO, most: int = MOST_BYTES) -> Embedded:
    """Return what a tag says that begins where the file is open; most: bytes it may have."""
    head = file.read(10)
    if most <= len(head) or head[:3] != b"ID3" or len(head) < 10:  # noqa: PLR2004 - header
        return NOTHING
    version, flags = head[3], head[5]
    raw = file.read(min(_seven_bits(head[6:]), most - 10, MOST_BYTES))
    if flags & UNSYNCHRONISED and version != NEW:  # later each frame says so
        raw = raw.replace(b"\xff\0", b"\xff")
    if flags & EXTENDED and version != OLD:
        raw = raw[_extended(raw, version) :]
    return together(_told(name, text) for name, text in _frames(raw, version))


def _seven_bits(raw: bytes) -> int:
    size = 0
    for byte in raw:
        size = size << 7 | byte & 0x7F
    return size


def _extended(raw: bytes, version: int) -> int:
    """Return how long the extended header is; only the old kind does not count itself."""
    return _seven_bits(raw[:4]) if version == NEW else int.from_bytes(raw[:4]) + 4


def _frames(raw: bytes, version: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield names and bodies of the frames that are wanted."""
    letters, length = (3, 6) if version == OLD else (4, 10)
    at = 0
    for _ in range(MOST_FRAMES):
        head = raw[at : at + length]
        name = head[:letters]
        if len(head) < length or not name.strip(b"\0"):  # the rest is padding
            return
        sized = head[letters : letters + (3 if version == OLD else 4)]
        size = _seven_bits(sized) if version == NEW else int.from_bytes(sized)
        start, at = at + length, at + length + size
        if name in NAMES or name in OWN_NAMES:
            yield name, _body(raw[start : min(at, start + LONGEST_TEXT)], head[9:10], version)


def _body(raw: bytes, flags: bytes, version: int) -> bytes:
    """Undo what a frame's second byte of flags says was done to it."""
    flag = int.from_bytes(flags)
    if flag & ODD.get(version, 0):
        return b""
    if version == NEW and flag & FRAME_LENGTH:
        raw = raw[4:]
    return (
        raw.replace(b"\xff\0", b"\xff") if version == NEW and flag & FRAME_UNSYNCHRONISED else raw
    )


def _told(name: bytes, raw: bytes) -> Embedded:
    first, *others = _strings(raw)
    if name in OWN_NAMES:
        return named(first, others[0]) if others else NOTHING
    if NAMES[name] == "genre":
        first = GENRE_NUMBER.sub("", first)
    return named(NAMES[name], first)


def _strings(raw: bytes) -> list[str]:
    """Return the texts of a frame: its first byte says how they are written."""
    code, rest = raw[:1], raw[1:]
    if code in {bytes([UTF_16]), bytes([UTF_16_BE])}:
        order = "utf-16-le" if rest[:2] == b"\xff\xfe" else "utf-16-be"
        texts = rest.decode(order, errors="ignore").replace("\ufeff", "").replace("\ufffe", "")
        return texts.split("\0")
    return [text_of(part) for part in rest.split(b"\0")]
