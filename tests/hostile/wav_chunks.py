"""WAV: headers that lie, chunks that should not be there, ends that come too soon."""

import struct

from tests.hostile.kinds import (
    CUT,
    FRAMES,
    NO_SAMPLES,
    NOT_DECODED,
    RATE,
    Sound,
    kind,
    tone,
)
from tests.hostile.riff import big_words, chunk, data, fmt, unpadded, wav, words

HALF = FRAMES // 2
STREAMED = 0xFFFF_FFFF


@kind(".wav", Sound())
def wav_plain():
    return wav(fmt(), data())


# Where a copy broke off


@kind(".wav", NOT_DECODED)
def wav_cut_behind_wave():
    return wav(fmt(), data())[:12]


@kind(".wav", NOT_DECODED)
def wav_cut_in_fmt():
    return wav(fmt(), data())[:26]


@kind(".wav", NOT_DECODED)
def wav_cut_before_data():
    return wav(fmt(), data())[:36]


@kind(".wav", NO_SAMPLES)
def wav_header_only():
    return wav(fmt(), data())[:44]


@kind(".wav", NO_SAMPLES)
def wav_no_samples():
    return wav(fmt(), chunk(b"data"))


@kind(".wav", NO_SAMPLES)
def wav_half_a_frame():
    return wav(fmt(), chunk(b"data", b"\1\0"))


@kind(".wav", Sound(HALF, warnings=CUT))
def wav_cut_in_half():
    return wav(fmt(), data())[: 44 + 4 * HALF]


@kind(".wav", Sound(HALF, warnings=CUT))
def wav_cut_inside_a_frame():
    return wav(fmt(), data())[: 44 + 4 * HALF + 3]


@kind(".wav", Sound())
def wav_last_frame_incomplete():
    return wav(fmt(), chunk(b"data", words(tone()) + b"\1\0\1"))


# Sizes that lie


@kind(".wav", Sound())
def wav_riff_size_0():
    return wav(fmt(), data(), size=0)


@kind(".wav", Sound())
def wav_riff_size_all_ones():
    return wav(fmt(), data(), size=STREAMED)


@kind(".wav", Sound())
def wav_riff_size_too_small():
    return wav(fmt(), data(), size=1_000)


@kind(".wav", Sound())
def wav_riff_size_too_large():
    return wav(fmt(), data(), size=1_000_000)


@kind(".wav", Sound())
def wav_data_size_0():
    return wav(fmt(), data(size=0))


@kind(".wav", Sound())
def wav_streamed():
    return wav(fmt(), data(size=STREAMED), size=STREAMED)


@kind(".wav", Sound())
def wav_data_size_2_gb():
    return wav(fmt(), data(size=0x7FFF_FFFF))


@kind(".wav", Sound(2_000))
def wav_data_size_too_small():
    return wav(fmt(), data(size=8_000))


@kind(".wav", Sound(warnings=CUT))
def wav_data_size_too_large():
    return wav(fmt(), data(size=1_000_000))


@kind(".wav", Sound(1_000, warnings=CUT))
def wav_claims_a_day():
    day = 24 * 3600 * 4_000 * 4
    return wav(fmt(rate=RATE), data(tone(1_000), size=day))


# Chunks around the sound


@kind(".wav", Sound())
def wav_odd_chunk_padded():
    return wav(fmt(), chunk(b"note", b"abc"), data())


@kind(".wav", Sound())
def wav_odd_chunk_unpadded():
    return wav(fmt(), unpadded(b"note", b"abc"), data())


@kind(".wav", NOT_DECODED)
def wav_endless_chunk_first():
    return wav(fmt(), chunk(b"junk", bytes(100), size=STREAMED), data())


@kind(".wav", Sound())
def wav_endless_chunk_last():
    return wav(fmt(), data(), chunk(b"junk", bytes(100), size=STREAMED))


@kind(".wav", Sound())
def wav_two_data_chunks():
    return wav(fmt(), data(), data(tone(500)))


@kind(".wav", Sound())
def wav_fmt_behind_data():
    return wav(data(), fmt())


@kind(".wav", NOT_DECODED)
def wav_without_fmt():
    return wav(data())


@kind(".wav", Sound())
def wav_fmt_of_18_bytes():
    return wav(fmt(extra=bytes(2)), data())


@kind(".wav", Sound())
def wav_fmt_with_a_lying_extension():
    return wav(fmt(extra=struct.pack("<H", 60_000)), data())


@kind(".wav", Sound())
def wav_fmt_with_much_behind():
    return wav(fmt(extra=bytes(2_000)), data())


@kind(".wav", NOT_DECODED)
def wav_fmt_of_4_bytes():
    return wav(chunk(b"fmt ", bytes([1, 0, 2, 0])), data())


@kind(".wav", Sound())
def wav_broadcast():
    return wav(chunk(b"bext", bytes(602) + b"A=PCM,F=44100\r\n"), fmt(), data())


@kind(".wav", Sound())
def wav_with_a_list():
    info = b"INFO" + chunk(b"INAM", "Tambour très fort".encode("latin-1")) + chunk(b"IART", b"x")
    return wav(fmt(), chunk(b"LIST", info), data())


@kind(".wav", Sound())
def wav_with_a_lying_list():
    return wav(fmt(), chunk(b"LIST", b"INFO" + chunk(b"INAM", b"ab", size=70_000)), data())


@kind(".wav", Sound())
def wav_with_loops():
    loops = struct.pack("<9I", 0, 0, 22_675, 60, 0, 0, 0, 1, 0) + struct.pack(
        "<6I", 0, 0, 0, 9, 0, 0
    )
    return wav(fmt(), chunk(b"smpl", loops), data())


@kind(".wav", Sound())
def wav_with_lying_loops():
    return wav(fmt(), chunk(b"smpl", struct.pack("<9I", 0, 0, 0, 60, 0, 0, 0, STREAMED, 0)), data())


@kind(".wav", Sound())
def wav_with_lying_cues():
    return wav(fmt(), chunk(b"cue ", struct.pack("<I", STREAMED) + bytes(24)), data())


@kind(".wav", Sound())
def wav_of_acid():
    acid = struct.pack("<IHHfIHHf", 2, 60, 0x8000, 0.0, 4, 4, 4, 128.0)
    return wav(fmt(), chunk(b"acid", acid), chunk(b"inst", bytes(7)), data())


@kind(".wav", Sound())
def wav_with_junk_first():
    return wav(chunk(b"JUNK", bytes(28)), chunk(b"PAD ", bytes(4_001)), fmt(), data())


@kind(".wav", Sound())
def wav_with_names_of_zeros():
    return wav(fmt(), chunk(bytes(4), bytes(20)), data())


@kind(".wav", Sound())
def wav_with_2000_chunks():
    return wav(fmt(), chunk(b"junk", b"ab") * 2_000, data())


@kind(".wav", Sound())
def wav_with_rubbish_behind():
    return wav(fmt(), data(), size=4 * FRAMES + 36) + b"TAG" + b"\xff\xfb\x90" * 100


@kind(".wav", Sound())
def wav_with_a_tag_inside():
    return wav(fmt(), chunk(b"id3 ", b"ID3\x03\0\0\0\0\0\x0a" + bytes(10)), data())


@kind(".wav", Sound(HALF, warnings=CUT))
def wav_behind_a_tag_and_cut():
    return b"ID3\x03\0\0\0\0\1\x00" + bytes(128) + wav(fmt(), data())[: 44 + 4 * HALF]


@kind(".wav", Sound())
def wav_behind_a_tag():
    return b"ID3\x03\0\0\0\0\1\x00" + bytes(128) + wav(fmt(), data())


# Its sisters


@kind(".wav", Sound())
def wav_big_endian():
    sound = chunk(b"data", big_words(tone()), order=">")
    return wav(fmt(order=">"), sound, magic=b"RIFX", order=">")


@kind(".wav", Sound(HALF, warnings=CUT))
def wav_big_endian_and_cut():
    return wav_big_endian()[: 44 + 4 * HALF]


def rf64(riff: int, sound: int) -> bytes:
    """RF64 with these sizes in ds64 (EBU Tech 3306)."""
    sizes = chunk(b"ds64", struct.pack("<QQQI", riff, sound, sound // 4, 0))
    return wav(sizes, fmt(), data(size=STREAMED), magic=b"RF64", size=STREAMED)


@kind(".wav", Sound())
def rf64_plain():
    return rf64(4 * FRAMES + 72, 4 * FRAMES)


@kind(".wav", Sound(HALF, warnings=CUT))
def rf64_cut_in_half():
    return rf64_plain()[: 80 + 4 * HALF]


@kind(".wav", Sound())
def rf64_never_filled_in():
    return rf64(0, 0)


@kind(".wav", Sound())
def rf64_of_2_to_the_63():
    return rf64(2**63, 2**63)


@kind(".wav", Sound())
def rf64_without_its_sizes():
    return wav(fmt(), data(size=STREAMED), magic=b"RF64", size=STREAMED)
