"""Frames of FLAC behind the length that the header claims (RFC 9639, 8.2 and 9.1)."""

import os
import re
from typing import BinaryIO

from library.audio.sniff import behind_tag

STREAMINFO = 34
"""Bytes of the first block of metadata."""

MOST_BLOCKS = 1_000
"""Blocks of metadata that are walked: files have a handful."""

FRAME_HEAD = re.compile(rb"(?=(\xff[\xf8\xf9][^\0-\x0f][\0-\xaf].{12}))", re.DOTALL)
"""Sync and blocking, sizes, channels, and as much as the rest of a head can take."""

LARGEST_OVERHEAD = 64
"""Bytes of a frame beside its samples: its head, those of its channels, and its checksum."""

SEARCHED = 1 << 17
"""Bytes that are searched for a frame: as many as one of eight channels can take."""

CRC_POLYNOMIAL = 0x07
MIXED, STEREO = 8, 2
"""Layouts from the first one up hold two channels as one and the difference."""


def holds_more(file: BinaryIO, claimed: int) -> bool:
    """Tell whether frames lie where those of so many samples per channel cannot reach.

    A tag behind the sound, which may be large too, is none.
    """
    begin = behind_tag(file)
    file.seek(begin + 8)  # behind the magic and the head of the first block
    info = file.read(STREAMINFO)
    if len(info) < STREAMINFO:
        return False
    smallest, largest = max(16, int.from_bytes(info[:2])), int.from_bytes(info[2:4])
    channels, bits = (info[12] >> 1 & 7) + 1, (int.from_bytes(info[12:14]) >> 4 & 31) + 1
    samples = claimed * channels * (bits + 1) // 8  # a side channel has one bit more
    reach = samples + (claimed // smallest + 1) * LARGEST_OVERHEAD
    start = _behind_metadata(file, begin + 4) + reach
    if file.seek(0, os.SEEK_END) <= start:
        return False
    file.seek(start)
    heads = FRAME_HEAD.finditer(file.read(SEARCHED))
    return any(_position(head[1], channels, largest) >= claimed for head in heads)


def _behind_metadata(file: BinaryIO, at: int) -> int:
    for _ in range(MOST_BLOCKS):
        file.seek(at)
        head = file.read(4)
        at += 4 + int.from_bytes(head[1:])
        if not head or head[0] & 0x80:
            break
    return at


def _position(head: bytes, channels: int, size: int) -> int:
    """Return which sample a frame begins with, by its head; -1 if it is none of this sound.

    size: samples per frame where all have the same.
    """
    layout, wide = head[3] >> 4, 0
    is_ours = channels == (layout + 1 if layout < MIXED else STEREO)
    extra = {6: 1, 7: 2}.get(head[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    while head[4] << wide & 0x80:  # as UTF-8 counts its bytes, up to seven
        wide += 1
    count = max(1, wide)
    end = 4 + count + extra
    if not is_ours or wide in {1, 8} or _crc(head[:end]) != head[end]:
        return -1
    number = head[4] & 0x7F >> wide
    for byte in head[5 : 4 + count]:
        number = number << 6 | byte & 0x3F
    return number if head[1] & 1 else number * size


def _crc(data: bytes) -> int:
    """The checksum of eight bits that ends a head."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc << 1 & 0xFF ^ (CRC_POLYNOMIAL if crc & 0x80 else 0)
    return crc
