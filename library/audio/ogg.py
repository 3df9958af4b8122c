"""The pages of an Ogg file: its identification header, and what the heads of the others tell.

RFC 3533; Vorbis I, 4.2.2 and A.2; RFC 7845, 4 and 5.1 (Opus); RFC 9639, 10.1 and 8.2 (FLAC).
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from library.audio.errors import UnreadableAudio
from library.audio.sniff import behind_tag

HEAD = struct.Struct("<4sBBqIIIB")
"""Magic, version, flags, position, serial number of the stream, page number, checksum, segments."""

MAGIC = b"OggS"
FIRST, LAST = 2, 4
"""The bits of a page's flags that begin and end a stream."""

FIRST_PACKET = 64
"""Bytes of it that are looked at, at most."""

FIRST_PAGE = HEAD.size + 255 + FIRST_PACKET
OPUS_RATE = 48_000
OPUS_FRAMES = 5_760
"""The most that a packet of Opus holds: 120 ms."""

CONTINUED = 255
"""Bytes of a segment that does not end its packet."""

MOST_PAGES = 200_000
"""An hour of pages of 20 ms each, as streams have them, and some more."""

SEARCHED, STEP = 1 << 20, 4_096
"""Bytes of a file that are searched for a head where none stands, and how many at a time."""

ENDLESS = 1 << 62
"""Positions from here up are no count of anything."""


class Identity(NamedTuple):
    """What a stream's first page says; rate in Hz.

    most: frames that a packet holds at most. skipped: frames in front that are not to be heard.
    """

    codec: str
    rate: int
    channels: int
    most: int
    skipped: int


def identify(file: BinaryIO) -> tuple[str, int, int]:
    """Return ('VORBIS', 'OPUS' or 'FLAC', Hz, channels) of the first stream."""
    found = _identity(file.read(FIRST_PAGE))
    if found is None:
        raise UnreadableAudio("the content cannot be decoded")
    return found[:3]


def _identity(page: bytes) -> Identity | None:
    body = page[HEAD.size + page[26] :] if len(page) >= HEAD.size else b""
    body = body.ljust(FIRST_PACKET, b"\0")
    if body.startswith(b"\x01vorbis"):
        longest = 1 << (body[28] >> 4)
        rate = int.from_bytes(body[12:16], "little")
        return Identity("VORBIS", rate, body[11], longest // 2, 0)
    if body.startswith(b"OpusHead"):
        skipped = int.from_bytes(body[10:12], "little")
        return Identity("OPUS", OPUS_RATE, body[9], OPUS_FRAMES, skipped)
    if body.startswith(b"\x7fFLAC"):
        packed = int.from_bytes(body[27:30])  # 20 bits of Hz, three of channels less one
        longest = int.from_bytes(body[19:21])
        return Identity("FLAC", packed >> 4, (packed >> 1 & 7) + 1, longest, 0)
    return None


@dataclass
class Survey:
    """What the heads of all pages tell of the sound in a file.

    is_cut: its end is missing, or not found yet. is_torn: something before that is. is_followed:
    another sound comes behind it. first and last: positions at the end of its first page of sound
    and of its last one, in frames. is_late: the first one counts from elsewhere than its begin.
    """

    identity: Identity
    serial: int
    number: int
    is_cut: bool = True
    is_torn: bool = False
    is_followed: bool = False
    first: int = 0
    last: int = 0
    is_late: bool = False

    def frames(self, rate: int) -> int:
        """Return the fewest frames that the sound must have, at the decoder's rate in Hz."""
        begin = self.identity.skipped + (self.first if self.is_late else 0)
        own = OPUS_RATE if self.identity.codec == "OPUS" else rate
        return max(0, self.last - begin) * rate // own

    def add(self, page: "Page") -> None:
        """Take in the next page of the sound."""
        self.is_torn = self.is_torn or page.number != (self.number + 1) & 0xFFFF_FFFF
        self.number = page.number
        self.is_cut = not page.flags & LAST
        if not 0 < page.position < ENDLESS:  # none of its packets ends here, or a lie
            return
        if not self.first:
            packets = sum(size < CONTINUED for size in page.segments)
            self.first, self.is_late = page.position, page.position > packets * self.identity.most
        self.last = page.position


class Page(NamedTuple):
    """The head of a page; is_astray: what lies before it is none."""

    flags: int
    position: int
    serial: int
    number: int
    segments: bytes
    start: bytes
    is_astray: bool


def survey(path: Path) -> Survey | None:
    """Walk the heads of the pages; None where the first ones are of no known sound.

    Checksums are left to the decoders, which say nothing when they leave a page out.
    """
    with path.open("rb", buffering=0) as file:
        found: Survey | None = None
        is_begin = True
        for number, page in enumerate(_pages(file)):
            is_begin = is_begin and bool(page.flags & FIRST)
            if found is None:
                if not is_begin or number == MOST_PAGES:
                    break
                if identity := _identity(page.start):
                    found = Survey(identity, page.serial, page.number)
                continue
            if number == MOST_PAGES:  # nothing is known of its end
                found.is_cut = False
                break
            if page.flags & FIRST and not is_begin:
                found.is_followed = True
                break
            found.is_torn = found.is_torn or (page.is_astray and found.is_cut)
            if page.serial == found.serial and found.is_cut:
                found.add(page)
    return found


def _pages(file: BinaryIO) -> Iterator[Page]:
    """Give the pages that are whole, in the order of the file; of each only its start is read."""
    size, at, left = file.seek(0, os.SEEK_END), behind_tag(file), SEARCHED
    is_astray = False
    while True:
        file.seek(at)
        start = file.read(FIRST_PAGE)
        if len(start) < HEAD.size:
            return
        magic, _, flags, position, serial, number, _, count = HEAD.unpack_from(start)
        if magic != MAGIC:
            nearest = _searched(file, at + 1, left)
            if nearest is None:
                return
            left -= nearest - at
            at, is_astray = nearest, True
            continue
        segments = start[HEAD.size : HEAD.size + count]
        at += HEAD.size + count + sum(segments)
        if at > size:
            return
        yield Page(flags, position, serial, number, segments, start, is_astray)
        is_astray = False


def _searched(file: BinaryIO, at: int, most: int) -> int | None:
    """Return where the next head lies, at most so many bytes away."""
    for begin in range(at, at + most, STEP):
        file.seek(begin)
        near = file.read(STEP + len(MAGIC) - 1)
        place = near.find(MAGIC)
        if place >= 0:
            return begin + place
        if len(near) < STEP:
            return None
    return None
