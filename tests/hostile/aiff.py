"""AIFF and AIFF-C: compressions, chunks, offsets, and rates in eighty bits."""

import struct

import numpy as np

from tests import sounds
from tests.hostile.encoded import by_sndfile
from tests.hostile.kinds import (
    CUT,
    FRAMES,
    NO_SAMPLES,
    NOT_DECODED,
    WRONG_CHANNELS,
    WRONG_RATE,
    Sound,
    folded,
    kind,
    spread,
    tone,
)
from tests.hostile.riff import (
    big_words,
    chunk,
    comm,
    extended,
    form,
    ssnd,
    unpadded,
    words,
)

HALF = FRAMES // 2
AIFC = b"AIFC"
VERSION = chunk(b"FVER", struct.pack(">I", 0xA2805140), order=">")


def plain(*between: bytes) -> bytes:
    """The usual sound, with chunks in front of it."""
    return form(comm(FRAMES), *between, ssnd(big_words(tone())))


def compressed(kind_: bytes, body: bytes, bits=16) -> bytes:
    """AIFF-C of one compression."""
    return form(VERSION, comm(FRAMES, bits=bits, kind=kind_), ssnd(body), kind=AIFC)


@kind(".aiff", Sound())
def aiff_plain():
    return plain()


@kind(".aiff", NOT_DECODED)
def aiff_cut_behind_its_name():
    return plain()[:12]


@kind(".aiff", NOT_DECODED)
def aiff_cut_in_comm():
    return plain()[:30]


@kind(".aiff", NO_SAMPLES)
def aiff_header_only():
    return plain()[:54]


@kind(".aiff", NO_SAMPLES)
def aiff_no_samples():
    return form(comm(0), ssnd(b""))


@kind(".aiff", Sound(HALF, warnings=CUT))
def aiff_cut_in_half():
    return plain()[: 54 + 4 * HALF]


@kind(".aiff", Sound())
def aiff_form_size_0():
    return form(comm(FRAMES), ssnd(big_words(tone())), size=0)


@kind(".aiff", Sound())
def aiff_form_size_all_ones():
    return form(comm(FRAMES), ssnd(big_words(tone())), size=2**32 - 1)


@kind(".aiff", Sound(warnings=CUT))
def aiff_claims_more_frames():
    return form(comm(10 * FRAMES), ssnd(big_words(tone())))


@kind(".aiff", Sound())
def aiff_frames_all_ones():
    return form(comm(2**32 - 1), ssnd(big_words(tone())))


@kind(".aiff", Sound(warnings=CUT))
def aiff_sound_size_too_large():
    return form(comm(FRAMES + 100), ssnd(big_words(tone()), size=4 * FRAMES + 8 + 400))


@kind(".aiff", Sound())
def aiff_sound_first():
    return form(ssnd(big_words(tone())), comm(FRAMES))


@kind(".aiff", Sound())
def aiff_sound_behind_an_offset():
    return form(comm(FRAMES), ssnd(bytes(16) + big_words(tone()), offset=16))


@kind(".aiff", Sound())
def aiff_app_mark_inst():
    marks = struct.pack(">HHIB", 1, 1, 100, 4) + b"loop\0"
    return plain(
        chunk(b"APPL", b"stoc" + bytes(11), order=">"),
        chunk(b"MARK", marks, order=">"),
        chunk(b"INST", bytes([60, 0, 0, 127, 1, 127]) + bytes(14), order=">"),
        chunk(b"NAME", "Größe".encode("latin-1"), order=">"),
    )


@kind(".aiff", Sound())
def aiff_lying_marks():
    return plain(chunk(b"MARK", struct.pack(">H", 65_535) + bytes(6), order=">"))


@kind(".aiff", Sound())
def aiff_odd_name_padded():
    return plain(chunk(b"NAME", b"abc", order=">"))


@kind(".aiff", Sound())
def aiff_odd_name_unpadded():
    return plain(unpadded(b"NAME", b"abc", order=">"))


@kind(".aiff", NOT_DECODED)
def aiff_endless_chunk_first():
    return plain(chunk(b"ANNO", b"x" * 50, size=2**32 - 1, order=">"))


@kind(".aiff", Sound())
def aiff_with_a_tag_inside():
    return form(
        comm(FRAMES),
        ssnd(big_words(tone())),
        chunk(b"ID3 ", b"ID3\x03\0\0\0\0\0\x0a" + bytes(10), order=">"),
    )


# Compressions


@kind(".aifc", Sound())
def aifc_none():
    return compressed(b"NONE", big_words(tone()))


@kind(".aifc", Sound())
def aifc_little_endian():
    return compressed(b"sowt", words(tone()))


@kind(".aifc", Sound())
def aifc_big_endian():
    return compressed(b"twos", big_words(tone()))


@kind(".aifc", Sound())
def aifc_float():
    return compressed(b"fl32", tone().astype(">f4").tobytes(), bits=32)


@kind(".aifc", Sound())
def aifc_float_in_capitals():
    return compressed(b"FL32", tone().astype(">f4").tobytes(), bits=32)


@kind(".aifc", Sound())
def aifc_float_of_64_bits():
    return compressed(b"fl64", tone().astype(">f8").tobytes(), bits=64)


@kind(".aifc", Sound())
def aifc_24_bit():
    body = np.rint(tone().astype(np.float64) * 2**23).astype(">i4")
    return compressed(b"in24", body.reshape(-1, 1).view(np.uint8)[:, 1:].tobytes(), bits=24)


@kind(".aifc", Sound())
def aifc_32_bit():
    body = np.rint(tone().astype(np.float64) * 2**31).astype(">i4").tobytes()
    return compressed(b"in32", body, bits=32)


@kind(".aifc", Sound())
def aifc_mu_law():
    return by_sndfile("AIFF", subtype="ULAW")


@kind(".aifc", Sound())
def aifc_a_law():
    return by_sndfile("AIFF", subtype="ALAW")


@kind(".aifc", Sound((FRAMES, FRAMES + 64), within_db=1.0))
def aifc_ima4():
    return by_sndfile("AIFF", subtype="IMA_ADPCM")


@kind(".aifc", NOT_DECODED)
def aifc_of_no_known_codec():
    return compressed(b"zzzz", big_words(tone()))


@kind(".aiff", Sound())
def aiff_8_bit():
    body = np.rint(tone() * 128).astype(np.int8).tobytes()
    return form(comm(FRAMES, bits=8), ssnd(body))


@kind(".aiff", Sound())
def aiff_12_bit():
    body = (sounds.words(tone()) & ~15).astype(">i2").tobytes()
    return form(comm(FRAMES, bits=12), ssnd(body))


@kind(".aiff", NOT_DECODED)
def aiff_words_of_255_bits():
    return form(comm(FRAMES, bits=255), ssnd(big_words(tone())))


# Rates and channels


def at_rate(rate: bytes) -> bytes:
    """The usual sound that claims a rate, in ten bytes."""
    return form(comm(FRAMES, rate=rate), ssnd(big_words(tone())))


@kind(".aiff", WRONG_RATE)
def aiff_rate_0():
    return at_rate(bytes(10))


@kind(".aiff", NOT_DECODED)
def aiff_rate_negative():
    return at_rate(b"\xc0" + extended(44_100)[1:])


@kind(".aiff", WRONG_RATE)
def aiff_rate_not_a_number():
    return at_rate(b"\x7f\xff\xc0" + bytes(7))


@kind(".aiff", WRONG_RATE)
def aiff_rate_infinite():
    return at_rate(b"\x7f\xff\x80" + bytes(7))


@kind(".aiff", WRONG_RATE)
def aiff_rate_1():
    return at_rate(extended(1))


@kind(".aiff", NOT_DECODED)
def aiff_channels_0():
    return form(comm(FRAMES, channels=0), ssnd(big_words(tone())))


@kind(".aiff", WRONG_CHANNELS)
def aiff_channels_9():
    return form(comm(900, channels=9), ssnd(bytes(900 * 18)))


# Apple's note of where the channels stand


def with_layout(tag: int, bits: int, channels: int, body: bytes = bytes(4)) -> bytes:
    """A tone of its own in each channel under a CHAN chunk (Core Audio's channel layouts)."""
    note = chunk(b"CHAN", struct.pack(">II", tag, bits) + body, order=">")
    return form(comm(FRAMES, channels=channels), note, ssnd(big_words(spread(channels))))


@kind(".aiff", folded("FL", "FR", "LFE", "BC"))
def aiff_layout_by_bits():
    return with_layout(1 << 16, 0x10B, 4)


@kind(".aiff", folded("FL", "FR", "BL", "BR", "FC", "LFE"))
def aiff_layout_5_1_b():
    return with_layout(122 << 16 | 6, 0, 6)


@kind(".aiff", folded("FL", "FR", "FC", "LFE", "BL", "BR"))
def aiff_layout_unknown():
    return with_layout(999 << 16 | 6, 0, 6)


@kind(".aiff", folded("FL", "FR", "FC", "LFE", "BL", "BR"))
def aiff_layout_cut_short():
    note = chunk(b"CHAN", bytes(3), order=">")
    return form(comm(FRAMES, channels=6), note, ssnd(big_words(spread(6))))
