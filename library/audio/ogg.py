"""The identification header of an Ogg file.

RFC 3533; Vorbis I, 4.2.2; RFC 7845, 5.1 (Opus); RFC 9639, 10.1 and 8.2 (FLAC).
"""

from typing import BinaryIO

from library.audio.errors import UnreadableAudio

FIRST_PAGE = 28 + 255 + 64
OPUS_RATE = 48_000


def identify(file: BinaryIO) -> tuple[str, int, int]:
    """Return ('VORBIS', 'OPUS' or 'FLAC', Hz, channels) of the first stream."""
    page = file.read(FIRST_PAGE)
    body = page[27 + page[26] :] if len(page) > 26 else b""  # noqa: PLR2004 - header
    if body.startswith(b"\x01vorbis"):
        return "VORBIS", int.from_bytes(body[12:16], "little"), body[11]
    if body.startswith(b"OpusHead"):
        return "OPUS", OPUS_RATE, body[9]
    if body.startswith(b"\x7fFLAC"):
        packed = int.from_bytes(body[27:30])  # 20 bits of Hz, three of channels less one
        return "FLAC", packed >> 4, (packed >> 1 & 7) + 1
    raise UnreadableAudio("the content cannot be decoded")
