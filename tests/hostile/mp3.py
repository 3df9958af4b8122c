"""MP3: tags in front and behind, tables that are missing or lie, frames that are none."""

from library.audio.decoders import DAMAGED
from library.audio.errors import UnsupportedFormat
from tests.hostile.encoded import by_ffmpeg, by_sndfile, mp3
from tests.hostile.kinds import (
    CUT,
    NOT_DECODED,
    RATE,
    TOO_LONG,
    Refusal,
    Sound,
    kind,
    tone,
)

GRANULES = 1_152
"""Frames of sound in one frame of MPEG-1 layer III."""

PADDING = 3 * GRANULES
"""What an encoder adds in all, and nobody takes off where no table says how much."""

TURNED_DOWN = 0.6
"""LAME turns all sound of a constant bit rate down by 0.45 dB."""

PLAIN = Sound(RATE, within_db=TURNED_DOWN)
UNTOLD = Sound((RATE, RATE + PADDING), within_db=TURNED_DOWN)
CHANGES = Refusal(UnsupportedFormat, "change midway")


def without_table(data: bytes | None = None) -> bytes:
    """The same MP3 as encoders without a table leave it: the frame that holds it is not there."""
    data = mp3() if data is None else data
    return data[frames_of(data)[1] :]


def frames_of(data: bytes) -> list[int]:
    """Where the frames of an MP3 of one rate begin (ISO 11172-3, 2.4.2.3)."""
    found, at = [], 0
    while at + 4 <= len(data):
        found.append(at)
        at += frame_length(data[at : at + 4])
    return found


BIT_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
RATES = (44_100, 48_000, 32_000)


def frame_length(head: bytes) -> int:
    """Bytes of a frame of MPEG-1 layer III."""
    bit_rate, rate = BIT_RATES[head[2] >> 4] * 1_000, RATES[head[2] >> 2 & 3]
    return 144 * bit_rate // rate + (head[2] >> 1 & 1)


def tag(size: int, claimed: int | None = None) -> bytes:
    """ID3v2.4 with nothing in it."""
    told = size if claimed is None else claimed
    return b"ID3\x04\0\0" + bytes(told >> shift & 127 for shift in (21, 14, 7, 0)) + bytes(size)


@kind(".mp3", PLAIN)
def mp3_plain():
    return mp3()


@kind(".mp3", UNTOLD)
def mp3_without_a_table():
    return without_table()


@kind(".mp3", UNTOLD)
def mp3_varying_without_a_table():
    return mp3_varying()[frames_of(mp3_varying())[1] :]


@kind(".mp3", PLAIN)
def mp3_varying():
    return by_sndfile("MP3", tone(RATE), bitrate_mode="VARIABLE")


@kind(".mp3", PLAIN)
def mp3_with_a_big_tag():
    return tag(300_000) + mp3()


@kind(".mp3", PLAIN)
def mp3_with_two_tags():
    return tag(50) + tag(2_000) + mp3()


@kind(".mp3", PLAIN)
def mp3_with_an_old_tag():
    return mp3() + b"TAG" + b"Kick".ljust(125, b"\0")


@kind(".mp3", PLAIN)
def mp3_with_an_ape_tag():
    head = (2_000).to_bytes(4, "little") + (32).to_bytes(4, "little") + (1).to_bytes(4, "little")
    return mp3() + b"APETAGEX" + head + bytes(12) + b"x" * 100


@kind(".mp3", NOT_DECODED)
def mp3_tag_only():
    return tag(500)


@kind(".mp3", NOT_DECODED)
def mp3_tag_over_its_end():
    return tag(500, 2**28 - 1) + mp3()


@kind(".mp3", NOT_DECODED)
def mp3_tag_of_20_mb():
    return tag(20_000_000) + mp3()


@kind(".mp3", NOT_DECODED)
def mp3_one_header():
    return mp3()[:4]


@kind(".mp3", NOT_DECODED)
def mp3_cut_in_its_first_frame():
    return mp3()[:100]


@kind(".mp3", Sound((RATE // 3, RATE // 2 + PADDING), warnings=CUT, within_db=TURNED_DOWN))
def mp3_cut_in_half():
    return mp3()[: len(mp3()) // 2]


@kind(".mp3", Sound((RATE // 3, RATE // 2 + PADDING), within_db=TURNED_DOWN))
def mp3_cut_in_half_without_a_table():
    data = without_table()
    return data[: len(data) // 2]


def counting(frames: int) -> bytes:
    """An MP3 whose table counts that many frames."""
    data = bytearray(mp3())
    at = max(data.find(b"Xing"), data.find(b"Info"))
    data[at + 8 : at + 12] = frames.to_bytes(4)
    return bytes(data)


@kind(".mp3", Sound((RATE, RATE + PADDING), warnings=CUT, within_db=TURNED_DOWN))
def mp3_table_counts_too_many():
    return counting(2_000)


@kind(".mp3", TOO_LONG)
def mp3_table_counts_hours():
    return counting(2**31)


@kind(".mp3", Sound((GRANULES, RATE + PADDING), heard=()))
def mp3_table_counts_too_few():
    return counting(10)


@kind(".mp3", Sound((1, RATE + PADDING), heard=()))
def mp3_table_with_too_much_padding():
    data = bytearray(mp3())
    at = data.find(b"LAME") if b"LAME" in data[:400] else data.find(b"Lavc")
    data[at + 21 : at + 24] = b"\xff\xff\xff"
    return bytes(data)


@kind(".mp3", Sound((RATE - PADDING, RATE + PADDING), heard=(), warnings=(DAMAGED,)))
def mp3_junk_between_frames():
    data = without_table()
    starts = frames_of(data)
    return data[: starts[10]] + b"\x00" * 77 + b"junk" * 30 + data[starts[10] :]


@kind(".mp3", Sound((RATE - 2 * PADDING, RATE), heard=(), warnings=(DAMAGED, *CUT)))
def mp3_broken_in_the_middle():
    data = bytearray(mp3())
    middle = len(data) // 2
    data[middle : middle + 1_000] = b"\xaa" * 1_000
    return bytes(data)


@kind(".mp3", Sound((48_000, 48_000 + PADDING), 48_000, within_db=TURNED_DOWN))
def mp3_of_free_format():
    """Frames of 128 kbit/s at 48 kHz are all equally long: only the header must not say it."""
    sound = tone(48_000, 48_000)
    data = by_ffmpeg("libmp3lame", "mp3", sound, 48_000, write_xing="0", id3v2_version="0")
    found = bytearray(data)
    for at in frames_of(data):
        found[at + 2] &= 0x0F
    return bytes(found)


@kind(".mp3", Sound((RATE // 2, RATE // 2 + PADDING), 22_050, within_db=0.2))
def mp3_of_mpeg_2():
    return by_sndfile("MP3", tone(22_050, 22_050), 22_050)


@kind(".mp3", Sound((8_000, 8_000 + PADDING), 8_000, 1, heard=((0, 997.0, -6.0),), within_db=0.3))
def mp3_of_mpeg_2_5():
    return by_sndfile("MP3", tone(8_000, 8_000, 1), 8_000)


@kind(".mp3", Sound((RATE, RATE + PADDING), within_db=0.2))
def layer_2_named_mp3():
    return by_ffmpeg("mp2", "mp2", tone(RATE))


@kind(".mp3", Sound((RATE, RATE + PADDING), within_db=0.2))
def layer_2_behind_a_tag():
    return tag(100) + layer_2_named_mp3()


@kind(".mp3", CHANGES)
def mp3_rate_changes_midway():
    other = by_sndfile("MP3", tone(48_000, 48_000), 48_000, bitrate_mode="CONSTANT")
    return without_table() + other[frames_of(other)[1] :]


@kind(".mp3", CHANGES)
def mp3_channels_change_midway():
    other = by_sndfile("MP3", tone(RATE, channels=1), bitrate_mode="CONSTANT")
    return without_table() + other[frames_of(other)[1] :]


@kind(".mp3", Sound((1, 3 * GRANULES), heard=()))
def mp3_of_few_frames():
    data = without_table()
    return data[: frames_of(data)[3]]


@kind(".mp3", Sound((RATE // 3, RATE // 2 + PADDING), heard=(), warnings=(*CUT, DAMAGED)))
def mp3_cut_and_filled_with_zeros():
    data = mp3()
    return data[: len(data) // 2] + bytes(len(data) // 2)
