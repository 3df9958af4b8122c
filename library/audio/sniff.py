"""Which container a file is, by its first bytes; its name has no say."""

import re
from typing import BinaryIO

EXTENSIONS = (".wav", ".aiff", ".aif", ".aifc", ".mp3", ".flac", ".m4a", ".ogg")

HEAD_BYTES = 16
"""How much of a file `sniff` wants to see."""

PLAIN_BYTES = 42
"""How much `is_plain_48k` wants to see."""

PLAIN_48K = re.compile(
    rb"RIFF.{4}WAVEfmt \x10\0\0\0\x01\0.{2}\x80\xbb\0\0.{6}\x10\0data"
    rb"|FORM.{4}AIFFCOMM\0\0\0\x12.{6}\0\x10\x40\x0e\xbb\x80\0{6}SSND",
    re.DOTALL,
)
"""WAV and AIFF with nothing but 48 kHz sound of 16 bits in them, as `containers` writes them."""


def sniff(head: bytes) -> str | None:
    """Name the container by its first bytes: wav, aiff, mp3, flac, m4a, ogg, or None."""
    kind = head[8:12]
    if head[:4] in {b"RIFF", b"RF64", b"RIFX"} and kind == b"WAVE":
        return "wav"
    if head[:4] == b"FORM" and kind in {b"AIFF", b"AIFC"}:
        return "aiff"
    if head[4:8] == b"ftyp":
        return "m4a"
    for magic, name in ((b"fLaC", "flac"), (b"OggS", "ogg"), (b"ID3", "mp3")):
        if head.startswith(magic):
            return name
    return "mp3" if _is_mpeg(head[:4]) else None


def is_plain_48k(head: bytes) -> bool:
    """Tell by its first bytes whether a conversion may have written a file."""
    return PLAIN_48K.match(head) is not None


def _is_mpeg(header: bytes) -> bool:
    """Tell a frame of MPEG layer II or III from noise and from ADTS (ISO 11172-3, 2.4.2.3).

    Layer I is left out: a text in UTF-16 begins like one. A bit rate of 0 means "free format".
    """
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - 11 bits of sync
        return False
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    return version != 1 and layer in {1, 2} and bitrate != 15 and rate != 3  # noqa: PLR2004 - reserved


def behind_tag(file: BinaryIO) -> int:
    """Return where the first byte behind an ID3 tag lies (ID3v2.4, 3.1); 0 without a tag."""
    file.seek(0)
    head = file.read(10)
    if head[:3] != b"ID3":
        return 0
    size = 0
    for byte in head[6:]:  # four bytes of seven bits
        size = size << 7 | byte & 0x7F
    return 10 + size
