"""The few facts that the boxes of an MP4 file tell about its first sound (ISO 14496-12, -14).

Read without a decoder, so that a web process never loads one. Nothing is allocated from a claim:
only the heads of boxes are read, and of leaves `LEAF_BYTES` at most.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from library.audio.errors import UnreadableAudio

LEAF_BYTES = 512
MOST_BOXES = 10_000
SEVEN_POINT_ONE = 7
FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
LOCKED = {"drms", "enca"}
"""Entries whose sound is encrypted (FairPlay; ISO 14496-12, 8.12): decoders make noise of it."""

AAC_RATES = (
    96000,
    88200,
    64000,
    48000,
    44100,
    32000,
    24000,
    22050,
    16000,
    12000,
    11025,
    8000,
    7350,
)


@dataclass
class Track:
    """What is known of a track; codec: 'AAC', 'ALAC' or its four letters."""

    handler: bytes = b""
    codec: str = ""
    rate: int = 0
    channels: int = 0
    bit_depth: int | None = None
    seconds: float | None = None


def first_sound(file: BinaryIO) -> Track:
    """Return the first track of sound; raises UnreadableAudio when there is none."""
    tracks: list[Track] = []
    size = file.seek(0, os.SEEK_END)
    for kind, body in _leaves(file, size):
        if kind == b"trak":
            tracks.append(Track())
        elif tracks:
            _note(tracks[-1], kind, body)
    for track in tracks:
        if track.handler == b"soun" and track.rate:
            if track.codec in LOCKED:
                raise UnreadableAudio("the sound is protected against copying")
            return track
    raise UnreadableAudio("the file holds no sound")


def _leaves(file: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Walk the tree in file order; folders come with an empty body."""
    ends, position = [size], 0
    for _ in range(MOST_BOXES):
        while ends and position + 8 > ends[-1]:
            position = ends.pop()
        if not ends:
            return
        file.seek(position)
        head = file.read(16)
        length, start = int.from_bytes(head[:4]), 8
        if length == 1:
            length, start = int.from_bytes(head[8:16]), 16
        elif length == 0:
            length = ends[-1] - position
        if length < start:
            return
        end = min(position + length, ends[-1])
        kind = head[4:8]
        if kind in FOLDERS:
            ends.append(end)
            position += start
            yield kind, b""
        else:
            file.seek(position + start)
            yield kind, file.read(min(LEAF_BYTES, end - position - start))
            position = end


def _note(track: Track, kind: bytes, body: bytes) -> None:
    if kind == b"hdlr" and not track.handler:  # QuickTime has a second one for the data
        track.handler = body[8:12]
    elif kind == b"mdhd":
        wide = body[:1] == b"\x01"
        scale = int.from_bytes(body[20:24] if wide else body[12:16])
        duration = int.from_bytes(body[24:32] if wide else body[16:20])
        unknown = duration in {0, (1 << 64 if wide else 1 << 32) - 1}  # ISO/IEC 14496-12, 8.4.2
        track.seconds = None if unknown or not scale else duration / scale
    elif kind == b"stsd" and track.handler == b"soun":
        _describe(track, body[8:])


def _describe(track: Track, entry: bytes) -> None:
    """Read an AudioSampleEntry, then the codec's own box, which knows better: many write "2"."""
    fourcc, rest = entry[4:8], entry[36:]
    track.channels = int.from_bytes(entry[24:26])
    track.rate = int.from_bytes(entry[32:34])
    track.codec = {b"mp4a": "AAC", b"alac": "ALAC"}.get(fourcc, fourcc.decode("ascii", "replace"))
    if fourcc == b"alac":  # ALACSpecificConfig behind 12 bytes of box
        track.bit_depth = int.from_bytes(rest[17:18]) or None
        track.channels = int.from_bytes(rest[21:22])
        track.rate = int.from_bytes(rest[32:36])
    elif fourcc == b"mp4a" and (at := rest.find(b"esds")) >= 0:
        _specify(track, rest[at + 8 :])


def _specify(track: Track, descriptors: bytes) -> None:
    """Read rate and channels from an AudioSpecificConfig (ISO 14496-3, 1.6.2.1).

    It lies in an ES descriptor (tag 3, three bytes of its own), in that a decoder configuration
    (tag 4, thirteen), in that tag 5.
    """
    body = descriptors
    for tag, own in ((3, 3), (4, 13), (5, 0)):
        if body[:1] != bytes([tag]):
            return
        length = 2
        while body[length - 1 : length] >= b"\x80":  # the top bit says: one byte more
            length += 1
        body = body[length + own :]
    bits = int.from_bytes(body[:2])
    rate, channels = bits >> 7 & 15, bits >> 3 & 15
    if rate < len(AAC_RATES) and channels:
        track.rate = AAC_RATES[rate]
        track.channels = 8 if channels == SEVEN_POINT_ONE else channels
