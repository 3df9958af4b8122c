"""MP4: codecs of all kinds in it, and lengths told in several ways."""

import struct
from functools import cache

from library.audio.errors import UnreadableAudio
from tests.hostile.encoded import by_ffmpeg, m4a
from tests.hostile.kinds import (
    FRAMES,
    NO_SOUND,
    RATE,
    Refusal,
    Sound,
    folded,
    kind,
    spread,
    tone,
)
from tests.hostile.mp4_boxes import box, changed, moov_first, patched

AAC = Sound(within_db=0.3)


@kind(".m4a", AAC)
def m4a_aac():
    return m4a()


@kind(".m4a", AAC)
def m4a_boxes_first():
    return moov_first(m4a())


@kind(".m4a", Sound())
def m4a_alac():
    return m4a("alac")


@kind(".m4a", Sound())
def m4a_alac_of_24_bits():
    return m4a("alac", form="s32p")


@cache
def surround() -> bytes:
    """A tone of its own in each channel of 5.1."""
    return by_ffmpeg("aac", "mp4", spread(6))


@kind(".m4a", folded("FL", "FR", "FC", "LFE", "BL", "BR", within_db=1.5, absent_db=-50))
def m4a_of_six_channels():
    return surround()


# Other codecs in the same box


@kind(".m4a", Sound((FRAMES, FRAMES + 2_304), within_db=0.7))
def m4a_with_mp3_in_it():
    return m4a("libmp3lame")


@kind(".m4a", Sound())
def m4a_with_flac_in_it():
    return m4a("flac")


@kind(".m4a", Sound(48_000, 48_000, within_db=0.5))
def m4a_with_opus_in_it():
    return by_ffmpeg("libopus", "mp4", tone(48_000, 48_000), 48_000)


@kind(".m4a", Sound())
def quicktime_of_plain_words():
    return by_ffmpeg("pcm_s16le", "mov")


@kind(".m4a", folded("FL", "FR", "BL", "BR", "FC", "LFE"))
def quicktime_in_an_order_of_its_own():
    """Core Audio's MPEG 5.1 B: an order that FFmpeg keeps in a list of its own."""
    data = by_ffmpeg("pcm_s16le", "mov", spread(6))
    at = data.index(b"chan") + 8
    return data[:at] + struct.pack(">I", 122 << 16 | 6) + data[at + 4 :]


@kind(".m4a", Refusal(UnreadableAudio, "protected against copying"))
def m4a_locked():
    return patched(b"stsd", 12, b"drms")


@kind(".m4a", NO_SOUND)
def m4a_of_no_known_codec():
    return patched(b"stsd", 12, b"zzzz").replace(b"esds", b"zzzz")


# Signalled as HE-AAC: the codec runs at twice the rate that its box tells


@kind(".m4a", Sound((RATE, RATE + 4_096), RATE, heard=(), within_db=0.5))
def m4a_he_aac():
    slow = by_ffmpeg("aac", "mp4", tone(RATE // 2, RATE // 2), RATE // 2)
    plain, doubled = struct.pack(">H", 2 << 11 | 7 << 7 | 2 << 3), b"\x2b\x92\x08\x00"
    assert plain in slow
    return changed(slow, b"stsd", lambda body: with_config(body, doubled))


def with_config(body: bytes, config: bytes) -> bytes:
    """An stsd whose one AAC entry has another AudioSpecificConfig."""
    entry = body[16:28] + body[28:44]
    descriptors = (
        b"\x03" + bytes([23 + len(config)]) + b"\0\1\0"
        + b"\x04" + bytes([15 + len(config)]) + b"\x40\x15" + bytes(11)
        + b"\x05" + bytes([len(config)]) + config
        + b"\x06\x01\x02"
    )  # fmt: skip
    return box(b"stsd", body[:8] + box(b"mp4a", entry + box(b"esds", bytes(4) + descriptors)))


# Lengths and edits


def edited(*edits: tuple[int, int]) -> bytes:
    """The usual AAC with an edit list: duration in ms, start in frames (-1: wait)."""
    rows = b"".join(struct.pack(">IiI", ms, start, 1 << 16) for ms, start in edits)
    new = box(b"elst", struct.pack(">II", 0, len(edits)) + rows)
    return changed(m4a(), b"elst", lambda _: new)


@kind(".m4a", Sound((FRAMES, FRAMES + 2_048), heard=()))
def m4a_without_an_edit_list():
    return changed(m4a(), b"edts", lambda _: b"")


@kind(".m4a", Sound((FRAMES - 1_024, FRAMES + 6_000), heard=()))
def m4a_waits_first():
    return edited((100, -1), (272, 1_024))


@kind(".m4a", Sound((1, FRAMES + 2_048), heard=()))
def m4a_of_two_edits():
    return edited((100, 1_024), (100, 6_000))


@kind(".m4a", Refusal(UnreadableAudio, ""))
def m4a_edit_beyond_the_end():
    return edited((272, 2**30))


@kind(".m4a", Refusal(UnreadableAudio, ""))
def m4a_of_2_to_the_31_edits():
    lie = box(b"elst", struct.pack(">II", 0, 2**31) + bytes(24))
    return changed(m4a(), b"elst", lambda _: lie)


def noted(note: bytes) -> bytes:
    """The usual AAC with Apple's note of its length."""
    item = (
        box(b"mean", bytes(4) + b"com.apple.iTunes")
        + box(b"name", bytes(4) + b"iTunSMPB")
        + box(b"data", bytes([0, 0, 0, 1, 0, 0, 0, 0]) + note)
    )
    handler = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
    meta = box(b"meta", bytes(4) + handler + box(b"ilst", box(b"----", item)))
    return changed(m4a(), b"moov", lambda body: box(b"moov", body + box(b"udta", meta)))


@kind(".m4a", Sound(10_000, within_db=0.5))
def m4a_with_apples_note():
    return noted(b" 00000000 00000400 000002BC 0000000000002710 00000000")


@kind(".m4a", AAC)
def m4a_with_a_note_of_nonsense():
    return noted(b" 00000000 what FFFFFFFFFFFFFFFF")


@kind(".m4a", Sound((FRAMES, FRAMES + 2_048), within_db=0.3))
def m4a_with_a_note_of_too_much():
    return noted(b" 00000000 00000400 000002BC FFFFFFFFFFFFFFFF 00000000")


@kind(".m4a", Sound((FRAMES, FRAMES + 2_048), within_db=0.3))
def m4a_with_a_note_of_nothing():
    return noted(b" 00000000 00000400 000002BC 0000000000000000 00000000")


@kind(".m4a", AAC)
def m4a_of_no_time_scale():
    return patched(b"mvhd", 12, bytes(8))


@kind(".m4a", AAC)
def m4a_claims_a_year():
    return patched(b"tkhd", 20, b"\xff" * 4, patched(b"mvhd", 16, b"\xff" * 4))


@kind(".m4a", Refusal(UnreadableAudio, ""))
def m4a_sound_of_no_time_scale():
    return patched(b"mdhd", 12, bytes(4))
