"""Vorbis comments: in Ogg (Vorbis I, 5; RFC 7845, 5.2) and in FLAC (RFC 9639, 8.6 and 10.1)."""

from collections.abc import Iterator
from typing import BinaryIO

from library.audio.chunks.embedded import LONGEST_TEXT, NOTHING, Embedded, named, together

MOST_BYTES = 1 << 20
"""Of a block of comments: a picture may be one of them."""

MOST_COMMENTS = 1000
MOST_BLOCKS = 200
MOST_PAGES = 40
COMMENTS, LAST = 4, 0x80
PAGE_HEAD, FULL = 27, 255
SIGNS = ((b"\x03vorbis", 7), (b"OpusTags", 8))
"""How a packet of comments begins, and how long that is."""


def read_flac(file: BinaryIO) -> Embedded:
    """Return what the comments of a FLAC file say; it is open at `fLaC`."""
    at = file.tell() + 4
    for _ in range(MOST_BLOCKS):
        file.seek(at)
        head = file.read(4)
        if len(head) < 4:  # noqa: PLR2004 - kind and size
            break
        size = int.from_bytes(head[1:])
        if head[0] & ~LAST == COMMENTS:
            return told(file.read(min(size, MOST_BYTES)))
        if head[0] & LAST:
            break
        at += 4 + size
    return NOTHING


def read_ogg(file: BinaryIO) -> Embedded:
    """Return what the comments of an Ogg file say; it is open at its first page."""
    packet = _second_packet(file)
    for sign, length in SIGNS:
        if packet.startswith(sign):
            return told(packet[length:])
    if packet[:1] and packet[0] & ~LAST == COMMENTS:  # FLAC in Ogg: a block with its head
        return told(packet[4:])
    return NOTHING


def _second_packet(file: BinaryIO) -> bytes:
    """Return the packet behind the first, put together from its pages (RFC 3533, 6)."""
    packets = 0
    kept = bytearray()
    for _ in range(MOST_PAGES):
        head = file.read(PAGE_HEAD)
        if len(head) < PAGE_HEAD or head[:4] != b"OggS":
            break
        lengths = file.read(head[26])
        body = file.read(sum(lengths))
        at = 0
        for length in lengths:
            if packets == 1:
                kept += body[at : at + length]
            at += length
            packets += length < FULL
        if packets > 1 or len(kept) > MOST_BYTES:
            break
    return bytes(kept[:MOST_BYTES])


def told(raw: bytes) -> Embedded:
    """Return what a block of comments says: a vendor, a number, and so many `NAME=text`."""
    return together(named(name, text) for name, text in _comments(raw))


def _comments(raw: bytes) -> Iterator[tuple[str, str]]:
    at = 4 + int.from_bytes(raw[:4], "little")
    count = int.from_bytes(raw[at : at + 4], "little")
    at += 4
    for _ in range(min(count, MOST_COMMENTS)):
        if at + 4 > len(raw):
            return
        size = int.from_bytes(raw[at : at + 4], "little")
        text = raw[at + 4 : at + 4 + min(size, LONGEST_TEXT)].decode("utf-8", errors="replace")
        at += 4 + size
        name, equals, value = text.partition("=")
        if equals:
            yield name, value
