"""FLAC: claims of its header, damage between its frames."""

import hashlib
import struct

from library.audio.decoders import DAMAGED
from library.audio.errors import OutOfBounds, UnreadableAudio
from tests import sounds
from tests.hostile.encoded import by_sndfile, flac
from tests.hostile.kinds import (
    CUT,
    FRAMES,
    NOT_DECODED,
    RATE,
    WRONG_RATE,
    Refusal,
    Sound,
    folded,
    kind,
    spread,
    tone,
)

LONG = 2 * RATE


def claiming(frames: int, data: bytes | None = None) -> bytes:
    """The usual sound that claims a number of frames, in 36 bits."""
    found = bytearray(data or flac())
    found[21:26] = bytes([found[21] & 0xF0 | frames >> 32]) + (frames & 0xFFFF_FFFF).to_bytes(4)
    return bytes(found)


def head_of(data: bytes) -> int:
    """Where the first frame begins."""
    at = 4
    while True:
        last, size = data[at] >> 7, int.from_bytes(data[at + 1 : at + 4])
        at += 4 + size
        if last:
            return at


def with_block(kind_: int, body: bytes, size: int | None = None) -> bytes:
    """The usual sound with one more block of metadata, which may lie about its size."""
    data, claimed = flac(), len(body) if size is None else size
    return data[:42] + bytes([kind_]) + claimed.to_bytes(3) + body + data[42:]


def long_noise() -> bytes:
    """Two seconds that do not compress, so that damage hits sound."""
    return by_sndfile("FLAC", sounds.noise(frames=LONG, peak_db=-12), subtype="PCM_16")


@kind(".flac", Sound())
def flac_plain():
    return flac()


@kind(".flac", Sound())
def flac_24_bit():
    return flac("PCM_24")


@kind(".flac", Sound())
def flac_8_bit():
    return flac("PCM_S8")


@kind(".flac", folded("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"))
def flac_8_channels():
    return by_sndfile("FLAC", spread(8), subtype="PCM_16")


@kind(".flac", Sound())
def flac_of_unknown_length():
    return claiming(0)


@kind(".flac", Refusal(OutOfBounds, "the header says that the sound is longer than 60 minutes"))
def flac_claims_433_hours():
    return claiming(2**36 - 1)


@kind(".flac", Sound(warnings=CUT))
def flac_claims_more():
    return claiming(2 * FRAMES)


@kind(".flac", Sound(5_000, heard=()))
def flac_claims_less():
    """As much as is there could be 5000 frames, so the header is believed."""
    return claiming(5_000)


@kind(".flac", Sound())
def flac_claims_next_to_nothing():
    return claiming(1_000)


@kind(".flac", Sound())
def flac_wrong_checksum():
    data = bytearray(flac())
    data[26:42] = hashlib.md5(b"something else", usedforsecurity=False).digest()
    return bytes(data)


@kind(".flac", NOT_DECODED)
def flac_magic_only():
    return flac()[:4]


@kind(".flac", NOT_DECODED)
def flac_cut_in_its_header():
    return flac()[:20]


@kind(".flac", Refusal(UnreadableAudio, ""))
def flac_header_only():
    return flac()[: head_of(flac())]


@kind(
    ".flac", Sound((LONG // 4, LONG // 2 + 4_096), channels=1, heard=(), warnings=(DAMAGED, *CUT))
)
def flac_cut_in_half():
    data = long_noise()
    return data[: len(data) // 2]


@kind(".flac", Sound((LONG - 5 * 4_096, LONG), channels=1, heard=(), warnings=(DAMAGED, *CUT)))
def flac_damaged_midway():
    data = bytearray(long_noise())
    middle = len(data) // 2
    data[middle : middle + 500] = bytes(500)
    return bytes(data)


@kind(".flac", Sound((LONG - 3 * 4_096, LONG), channels=1, heard=(), warnings=(DAMAGED,)))
def flac_one_bit_flipped():
    data = bytearray(long_noise())
    data[len(data) // 2] ^= 1
    return bytes(data)


@kind(".flac", Sound())
def flac_behind_a_tag():
    return b"ID3\x04\0\0\0\0\1\x00" + bytes(128) + flac()


@kind(".flac", Sound())
def flac_with_a_tag_behind():
    return flac() + b"TAG" + bytes(125)


@kind(".flac", Sound())
def flac_with_a_picture():
    picture = struct.pack(">II", 3, 9) + b"image/png" + struct.pack(">6I", 0, 9, 9, 24, 0, 400_000)
    return with_block(6, picture + bytes(400_000))


@kind(".flac", NOT_DECODED)
def flac_with_an_endless_block():
    return with_block(6, b"abc", 2**24 - 1)


@kind(".flac", NOT_DECODED)
def flac_with_lying_comments():
    return with_block(4, b"\xff" * 8)


@kind(".flac", Sound())
def flac_with_a_wrong_seek_table():
    return with_block(3, b"\x7f" * 18 * 10)


@kind(".flac", NOT_DECODED)
def flac_rate_0():
    data = bytearray(flac())
    data[18:21] = bytes([0, 0, data[20] & 0x0F])
    return bytes(data)


@kind(".flac", WRONG_RATE)
def flac_rate_655350():
    data = bytearray(flac())
    top = 655_350 << 4
    data[18:21] = (top | data[20] & 0x0F).to_bytes(3)
    return bytes(data)


@kind(".flac", Sound(1, heard=()))
def flac_1_frame():
    return by_sndfile("FLAC", tone(1), subtype="PCM_16")
