"""Build RIFF and IFF files chunk by chunk, so that any part of them can lie."""

import struct

import numpy as np

from tests import sounds
from tests.hostile.kinds import RATE, tone

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
GUID = bytes.fromhex("00 00 00 00 10 00 80 00 00 AA 00 38 9B 71")
"""What follows the format's number in a SubFormat (Microsoft, WAVE_FORMAT_EXTENSIBLE)."""


def chunk(name: bytes, body: bytes = b"", size: int | None = None, order: str = "<") -> bytes:
    """A chunk; size: what it claims to hold."""
    claimed = len(body) if size is None else size
    return name + struct.pack(f"{order}I", claimed) + body + bytes(len(body) & 1)


def unpadded(name: bytes, body: bytes, order: str = "<") -> bytes:
    """A chunk of odd size whose writer forgot the byte after it."""
    return name + struct.pack(f"{order}I", len(body)) + body


def wav(*chunks: bytes, size: int | None = None, magic: bytes = b"RIFF", order: str = "<") -> bytes:
    """A WAV of these chunks."""
    body = b"WAVE" + b"".join(chunks)
    return magic + struct.pack(f"{order}I", len(body) if size is None else size) + body


def fmt(  # noqa: PLR0913 - as many as it has fields
    tag=PCM, channels=2, rate=RATE, bits=16, *, extra=b"", align=None, order="<"
) -> bytes:
    """A format chunk; align: bytes per frame, by the word length unless given."""
    step = channels * (bits + 7 >> 3) if align is None else align
    body = struct.pack(
        f"{order}HHIIHH", tag, channels, rate, rate * step & 0xFFFF_FFFF, step & 0xFFFF, bits
    )
    return chunk(b"fmt ", body + extra, order=order)


def extensible(channels: int, mask: int, bits=16, valid=None, sub=PCM) -> bytes:
    """A WAVE_FORMAT_EXTENSIBLE format chunk."""
    more = struct.pack("<HHIH", 22, valid or bits, mask, sub) + GUID
    return fmt(EXTENSIBLE, channels, bits=bits, extra=more)


def words(samples) -> bytes:
    """16-bit little-endian samples."""
    return sounds.words(samples).astype("<i2").tobytes()


def big_words(samples) -> bytes:
    """16-bit big-endian samples."""
    return sounds.words(samples).astype(">i2").tobytes()


def wide_words(samples, size: int, *, shift=0) -> bytes:
    """Little-endian samples of three or four bytes; the lowest `shift` bits are left empty."""
    full = 2 ** (8 * size - 1)
    whole = np.rint(samples.astype(np.float64) * full).astype(np.int64)
    kept = (np.clip(whole, -full, full - 1) >> shift << shift).astype("<i8")
    return kept.reshape(-1, 1).view(np.uint8).reshape(-1, 8)[:, :size].tobytes()


def data(samples=None, size: int | None = None) -> bytes:
    """A data chunk with the usual sound in 16 bits."""
    return chunk(b"data", words(tone() if samples is None else samples), size)


def form(*chunks: bytes, kind: bytes = b"AIFF", size: int | None = None) -> bytes:
    """An AIFF or AIFF-C of these chunks."""
    body = kind + b"".join(chunks)
    return b"FORM" + struct.pack(">I", len(body) if size is None else size) + body


def extended(rate: int) -> bytes:
    """A whole number as an 80-bit extended float."""
    if not rate:
        return bytes(10)
    power = rate.bit_length() - 1
    return struct.pack(">HQ", 16_383 + power, rate << 63 - power)


def comm(frames: int, channels=2, bits=16, rate: bytes | None = None, kind: bytes = b"") -> bytes:
    """A common chunk; rate: ten bytes; kind: the compression's four letters of AIFF-C."""
    body = struct.pack(">HIH", channels, frames & 0xFFFF_FFFF, bits) + (rate or extended(RATE))
    if kind:
        body += kind + b"\x00\x00"
    return chunk(b"COMM", body, order=">")


def ssnd(body: bytes, offset=0, size: int | None = None) -> bytes:
    """A sound chunk; offset: bytes that it skips first."""
    return chunk(b"SSND", struct.pack(">II", offset, 0) + body, size, order=">")
