"""Boxes of MP4, written by hand."""

import io
import struct

import pytest

from library.audio.errors import UnreadableAudio
from library.audio.mp4 import first_sound


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def track(handler, entry, media=None):
    description = box(b"stsd", bytes(4), struct.pack(">I", 1), entry)
    media = media or box(b"mdhd", bytes(12), struct.pack(">II", 44_100, 88_200), bytes(4))
    return box(
        b"trak",
        box(
            b"mdia",
            media,
            box(b"hdlr", bytes(8), handler, bytes(12)),
            box(b"minf", box(b"stbl", description)),
        ),
    )


def entry(fourcc=b"mp4a", *children, channels=2, rate=44_100):
    fixed = bytes(16) + struct.pack(">HHI", channels, 16, 0) + struct.pack(">HH", rate, 0)
    return box(fourcc, fixed, *children)


def esds(config):
    """Descriptors 3, 4 and 5 inside each other; the first length in the long form."""
    specific = b"\x05" + bytes([len(config)]) + config
    decoder = b"\x04" + bytes([13 + len(specific)]) + bytes(13) + specific
    return box(b"esds", bytes(4), b"\x03\x80\x80" + bytes([3 + len(decoder)]) + bytes(3) + decoder)


def sound(*boxes):
    found = first_sound(io.BytesIO(b"".join((box(b"ftyp", b"M4A "), *boxes))))
    return found.codec, found.rate, found.channels, found.seconds


SOUND = track(b"soun", entry())


def test_the_first_sound_counts_and_pictures_do_not():
    picture = track(b"vide", entry(b"avc1"))
    assert sound(box(b"moov", picture, SOUND)) == ("AAC", 44_100, 2, 2.0)


@pytest.mark.parametrize(
    ("config", "rate", "channels"),
    [
        ("1208", 44_100, 1),  # 00010 0100 0001 000: AAC-LC, 44.1 kHz, mono
        ("1190", 48_000, 2),  # 00010 0011 0010 000: 48 kHz, stereo
        ("11B8", 48_000, 8),  # channel configuration 7 is 7.1
        ("1780", 44_100, 2),  # rate 15: written out elsewhere; the entry's word stands
    ],
)
def test_the_codec_knows_better_than_the_entry(config, rate, channels):
    aac = track(b"soun", entry(b"mp4a", esds(bytes.fromhex(config))))
    assert sound(box(b"moov", aac))[1:3] == (rate, channels)


def test_broken_descriptors_leave_the_entry():
    broken = track(b"soun", entry(b"mp4a", box(b"esds", bytes(4), b"\x09\x01\x00")))
    assert sound(box(b"moov", broken))[1:3] == (44_100, 2)


def test_other_codecs_keep_their_letters():
    assert sound(box(b"moov", track(b"soun", entry(b"ac-3"))))[0] == "ac-3"


@pytest.mark.parametrize("fourcc", [b"drms", b"enca"])
def test_locked_sound_is_refused_in_words(fourcc):
    with pytest.raises(UnreadableAudio, match="protected against copying"):
        sound(box(b"moov", track(b"soun", entry(fourcc))))


def test_quicktimes_second_handler_says_nothing_of_the_sound():
    second = box(b"hdlr", bytes(8), b"url ", bytes(12))
    media = box(b"mdhd", bytes(12), struct.pack(">II", 44_100, 88_200), bytes(4))
    first = box(b"hdlr", bytes(8), b"soun", bytes(12))
    description = box(b"stsd", bytes(4), struct.pack(">I", 1), entry(b"sowt"))
    inside = box(b"mdia", media, first, box(b"minf", second, box(b"stbl", description)))
    assert sound(box(b"moov", box(b"trak", inside))) == ("sowt", 44_100, 2, 2.0)


def test_lengths_in_64_bits():
    wide = box(b"mdhd", b"\x01", bytes(19), struct.pack(">IQ", 1_000, 1_500), bytes(4))
    assert sound(box(b"moov", track(b"soun", entry(), wide)))[3] == 1.5


NARROW = struct.pack(">12xII", 1_000, 2**32 - 1)
WIDE = struct.pack(">B19xIQ", 1, 1_000, 2**64 - 1)


@pytest.mark.parametrize("head", [NARROW, WIDE], ids=["32 bits", "64 bits"])
def test_all_ones_are_an_unknown_length(head):
    media = box(b"mdhd", head, bytes(4))
    assert sound(box(b"moov", track(b"soun", entry(), media)))[3] is None


def test_no_length():
    blank = box(b"mdhd", bytes(24))
    assert sound(box(b"moov", track(b"soun", entry(), blank)))[3] is None


def test_large_and_endless_boxes_are_stepped_over():
    moov = box(b"moov", SOUND)
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 9) + bytes(9)
    endless = struct.pack(">I4s", 0, b"moov") + moov[8:]
    assert sound(large, moov) == ("AAC", 44_100, 2, 2.0)
    assert sound(large, endless) == ("AAC", 44_100, 2, 2.0)


@pytest.mark.parametrize(
    "tail",
    [
        b"",
        struct.pack(">I4s", 4, b"moov"),  # shorter than its own head
        struct.pack(">I4s", 2**31, b"moov"),  # longer than the file
        b"".join(struct.pack(">I4s", 8, b"free") for _ in range(20_000)) + box(b"moov", SOUND),
        SOUND[:60],
        box(b"stsd", bytes(100)),
    ],
    ids=["nothing", "short", "long", "many", "cut", "no track"],
)
def test_without_sound_ends_soon(tail):
    with pytest.raises(UnreadableAudio, match="holds no sound"):
        sound(tail)
