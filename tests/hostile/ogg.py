"""Ogg: streams of all kinds and none, chained, cut and damaged."""

import struct

from library.audio.decoders import DAMAGED
from library.audio.errors import UnreadableAudio
from library.audio.files import FOLLOWED
from tests.hostile.encoded import by_ffmpeg, ogg, pages, repaged, signed, with_serial
from tests.hostile.kinds import (
    CUT,
    FRAMES,
    NOT_DECODED,
    RATE,
    WRONG_CHANNELS,
    Refusal,
    Sound,
    folded,
    kind,
    spread,
    tone,
)

LOSSY = Sound(within_db=0.3)
OPUS_RATE = 48_000
LAST = 4
"""The bit of a page's flags that ends a stream."""


def page(body: bytes, flags=2, number=0, granule=0, serial=7) -> bytes:
    """One page of one packet under 255 bytes."""
    head = struct.pack("<4sBBqIIIBB", b"OggS", 0, flags, granule, serial, number, 0, 1, len(body))
    return signed(head + body)


@kind(".ogg", LOSSY)
def ogg_vorbis():
    return ogg()


def opus() -> bytes:
    """A second of the usual sound as Opus."""
    return ogg("OPUS", tone(OPUS_RATE, OPUS_RATE), OPUS_RATE)


@kind(".ogg", Sound(OPUS_RATE, OPUS_RATE, within_db=0.5))
def ogg_opus():
    return opus()


@kind(".ogg", Sound())
def ogg_flac():
    return repaged(by_ffmpeg("flac", "ogg", fflags="bitexact"), 1)


@kind(
    ".ogg",
    folded("FL", "FC", "FR", "BL", "BR", "LFE", within_db=1.0),
)
def ogg_of_six_channels():
    return ogg(samples=spread(6) * 0.999)


@kind(".ogg", NOT_DECODED)
def ogg_speex():
    head = b"Speex   1.2".ljust(28, b"\0") + struct.pack("<13i", 1, 80, 8_000, 0, 4, 1, *[0] * 7)
    return page(head) + page(b"comments", 0, 1) + page(bytes(38), LAST, 2, 160)


@kind(".ogg", NOT_DECODED)
def ogg_theora():
    return page(b"\x80theora\x03\x02\x01" + bytes(32)) + page(bytes(100), LAST, 1, 1)


@kind(".ogg", NOT_DECODED)
def ogg_skeleton_only():
    return page(b"fishead\0" + bytes(56)) + page(b"", LAST, 1)


@kind(".ogg", NOT_DECODED)
def ogg_magic_only():
    return ogg()[:4]


@kind(".ogg", NOT_DECODED)
def ogg_first_page_only():
    return pages(ogg())[0]


@kind(".ogg", Refusal(UnreadableAudio, ""))
def ogg_headers_only():
    return b"".join(pages(ogg())[:2])


@kind(".ogg", NOT_DECODED)
def ogg_cut_in_its_headers():
    return ogg()[:1_000]


def long_ogg() -> bytes:
    """Four seconds: a stream of several pages."""
    return ogg(samples=tone(4 * RATE))


@kind(".ogg", Sound((RATE, 3 * RATE), within_db=0.3, warnings=CUT))
def ogg_cut_in_half():
    data = long_ogg()
    return data[: len(data) // 2]


@kind(".ogg", Sound((RATE, 4 * RATE), within_db=0.3, warnings=CUT))
def ogg_without_its_last_page():
    return b"".join(pages(long_ogg())[:-1])


@kind(".ogg", Sound(4 * RATE, within_db=0.3, warnings=CUT))
def ogg_that_never_says_its_end():
    *first, last = pages(long_ogg())
    return b"".join(first) + signed(last[:5] + bytes([last[5] & ~LAST]) + last[6:])


@kind(".ogg", Sound((RATE, 4 * RATE), heard=(), warnings=(DAMAGED,)))
def ogg_with_a_page_lost():
    found = pages(long_ogg())
    return b"".join(found[:3] + found[4:])


@kind(".ogg", Sound((RATE, 4 * RATE), heard=(), warnings=(DAMAGED,)))
def ogg_with_a_wrong_checksum():
    found = pages(long_ogg())
    found[3] = found[3][:100] + b"\xff\xff" + found[3][102:]
    return b"".join(found)


@kind(".ogg", Sound(within_db=0.3, warnings=(FOLLOWED,)))
def ogg_of_two_streams():
    return ogg() + ogg(serial=2)


@kind(".ogg", Sound(within_db=0.3, warnings=(FOLLOWED,)))
def ogg_of_two_rates():
    return ogg() + ogg(samples=tone(FRAMES, 48_000), rate=48_000, serial=2)


@kind(".ogg", Sound(FRAMES, heard=()))
def ogg_of_two_at_once():
    """Two streams that take turns: only the first is heard."""
    one, two = pages(ogg()), [signed(with_serial(one, 2)) for one in pages(ogg())]
    return b"".join(page for pair in zip(one, two, strict=True) for page in pair)


@kind(".ogg", LOSSY)
def ogg_with_rubbish_behind():
    return ogg() + b"rubbish" * 300


@kind(".ogg", Sound((FRAMES, FRAMES + 2_048), within_db=0.3))
def ogg_of_endless_length():
    *first, last = pages(ogg())
    return b"".join(first) + signed(last[:6] + struct.pack("<q", 2**62) + last[14:])


@kind(".ogg", Sound((1, OPUS_RATE), OPUS_RATE, heard=()))
def ogg_opus_skips_more_than_there_is():
    first, *rest = pages(opus())
    at = 28 + 10
    return signed(first[:at] + b"\xff\xff" + first[at + 2 :]) + b"".join(rest)


@kind(".ogg", Sound((OPUS_RATE // 4, OPUS_RATE), OPUS_RATE, heard=(), warnings=CUT))
def ogg_opus_cut_in_half():
    data = opus()
    return data[: len(data) // 2]


@kind(".ogg", WRONG_CHANNELS)
def ogg_opus_of_no_channels():
    first, *rest = pages(opus())
    at = 28 + 9
    return signed(first[:at] + b"\0" + first[at + 1 :]) + b"".join(rest)
