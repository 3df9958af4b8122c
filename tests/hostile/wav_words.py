"""WAV: words of every width, codecs of every age, rates and channels up to the bounds and over."""

import numpy as np

from library.audio.files import NOT_NUMBERS
from tests import sounds
from tests.hostile.encoded import by_ffmpeg, by_sndfile
from tests.hostile.kinds import (
    ABSENT,
    FRAMES,
    LEFT,
    MONO,
    NOT_DECODED,
    RIGHT,
    WRONG_CHANNELS,
    WRONG_RATE,
    Sound,
    kind,
    tone,
)
from tests.hostile.riff import (
    FLOAT,
    PCM,
    chunk,
    data,
    extensible,
    fmt,
    wav,
    wide_words,
    words,
)

ROUGH = 1.0
"""How far, in dB, a codec of four bits may be off."""


@kind(".wav", Sound())
def wav_8_bit():
    body = np.rint(tone() * 128 + 128).astype(np.uint8).tobytes()
    return wav(fmt(bits=8), chunk(b"data", body))


@kind(".wav", Sound())
def wav_12_bit():
    body = (sounds.words(tone()) & ~15).astype("<i2").tobytes()
    return wav(fmt(bits=12), chunk(b"data", body))


@kind(".wav", Sound())
def wav_20_bit():
    return wav(fmt(bits=20), chunk(b"data", wide_words(tone(), 3, shift=4)))


@kind(".wav", Sound())
def wav_20_valid_bits():
    body = wide_words(tone(), 3, shift=4)
    return wav(extensible(2, 3, bits=24, valid=20), chunk(b"data", body))


@kind(".wav", Sound())
def wav_24_bit():
    return wav(fmt(bits=24), chunk(b"data", wide_words(tone(), 3)))


@kind(".wav", Sound())
def wav_24_valid_bits_in_32():
    body = wide_words(tone(), 4, shift=8)
    return wav(extensible(2, 3, bits=32, valid=24), chunk(b"data", body))


@kind(".wav", Sound())
def wav_24_bits_in_frames_of_8_bytes():
    return wav(fmt(bits=24, align=8), chunk(b"data", wide_words(tone(), 4, shift=8)))


@kind(".wav", Sound())
def wav_32_bit():
    return wav(fmt(bits=32), chunk(b"data", wide_words(tone(), 4)))


@kind(".wav", Sound())
def wav_float():
    return wav(fmt(FLOAT, bits=32), chunk(b"data", tone().astype("<f4").tobytes()))


@kind(".wav", Sound())
def wav_float_of_64_bits():
    return wav(fmt(FLOAT, bits=64), chunk(b"data", tone().astype("<f8").tobytes()))


@kind(".wav", Sound())
def wav_float_extensible():
    body = tone().astype("<f4").tobytes()
    return wav(extensible(2, 3, bits=32, sub=FLOAT), chunk(b"data", body))


def with_wrong_numbers(*wrong: float):
    """The usual sound with numbers that are none, far apart, in its first channel."""
    samples = tone().astype(np.float64)
    samples[500 : 500 + 4 * len(wrong) : 4, 0] = wrong
    return samples


@kind(".wav", Sound(warnings=(NOT_NUMBERS,), within_db=0.3))
def wav_float_not_a_number():
    body = with_wrong_numbers(np.nan, np.inf, -np.inf, 1e30, -1e30)
    return wav(fmt(FLOAT, bits=32), chunk(b"data", body.astype("<f4").tobytes()))


@kind(".wav", Sound(warnings=(NOT_NUMBERS,), within_db=0.3))
def wav_double_beyond_float():
    body = with_wrong_numbers(1e300, -1e300, np.nan).astype("<f8").tobytes()
    return wav(fmt(FLOAT, bits=64), chunk(b"data", body))


@kind(".wav", Sound(heard=(), warnings=(NOT_NUMBERS,)))
def wav_nothing_but_nan():
    body = np.full((FRAMES, 2), np.nan, "<f4").tobytes()
    return wav(fmt(FLOAT, bits=32), chunk(b"data", body))


@kind(".wav", Sound(heard=((0, LEFT[0], ABSENT), (1, RIGHT[0], ABSENT))))
def wav_denormal():
    body = (tone() * 1e-41).astype("<f4").tobytes()
    return wav(fmt(FLOAT, bits=32), chunk(b"data", body))


@kind(".wav", Sound(heard=((0, 997.0, 0.0), (1, 1_499.0, -6.0)), within_db=0.6))
def wav_float_26_db_over():
    """The guard lowers all of it, so the channels keep their distance; hard ends overshoot."""
    body = (tone() * 40).astype("<f4").tobytes()
    return wav(fmt(FLOAT, bits=32), chunk(b"data", body))


# Codecs


@kind(".wav", Sound())
def wav_mu_law():
    return by_sndfile("WAV", subtype="ULAW")


@kind(".wav", Sound())
def wav_a_law():
    return by_sndfile("WAV", subtype="ALAW")


@kind(".wav", Sound((FRAMES, FRAMES + 2_048), within_db=ROUGH))
def wav_ima_adpcm():
    return by_sndfile("WAV", subtype="IMA_ADPCM")


@kind(".wav", Sound((FRAMES, FRAMES + 2_048), within_db=ROUGH))
def wav_ms_adpcm():
    return by_sndfile("WAV", subtype="MS_ADPCM")


@kind(".wav", Sound((FRAMES, FRAMES + 2_048), within_db=ROUGH))
def wav_ima_adpcm_of_ffmpeg():
    return by_ffmpeg("adpcm_ima_wav", "wav")


@kind(
    ".wav",
    Sound((8_000, 8_320), 8_000, 1, heard=((0, *LEFT),), within_db=ROUGH),
)
def wav_gsm():
    return by_sndfile("WAV", tone(8_000, 8_000, 1), 8_000, "GSM610")


@kind(".wav", Sound((FRAMES, FRAMES + 2 * 1_152), within_db=ROUGH))
def wav_with_mp3_in_it():
    return by_ffmpeg("libmp3lame", "wav")


@kind(".wav", Sound((1, FRAMES + 2 * 1_152), heard=()))
def wav_with_broken_mp3_in_it():
    data = bytearray(wav_with_mp3_in_it())
    middle = len(data) // 2
    data[middle : middle + 300] = b"\xaa" * 300
    return bytes(data)


@kind(".wav", NOT_DECODED)
def wav_of_no_known_codec():
    return wav(fmt(0xBEEF), data())


@kind(".wav", NOT_DECODED)
def wav_codec_0():
    return wav(fmt(0), data())


@kind(".wav", NOT_DECODED)
def wav_float_of_16_bits():
    return wav(fmt(FLOAT, bits=16), data())


@kind(".wav", NOT_DECODED)
def wav_words_of_255_bits():
    return wav(fmt(bits=255), data())


@kind(".wav", NOT_DECODED)
def wav_words_of_0_bits():
    return wav(fmt(bits=0, align=4), data())


@kind(".wav", Sound())
def wav_frames_of_0_bytes():
    return wav(fmt(align=0), data())


# Bounds


def at_rate(rate: int) -> bytes:
    """A WAV of 2,000 frames that claims a rate."""
    return wav(fmt(rate=rate), data(tone(2_000)))


def lasting(rate: int, hz: tuple[float, float]) -> Sound:
    """What `tone(2000)` is at another rate than 44.1 kHz: the same, slower or faster."""
    heard = ((0, hz[0], LEFT[1]), (1, hz[1], RIGHT[1]))
    return Sound(2_000, rate, heard=heard, within_db=0.3)


@kind(".wav", NOT_DECODED)
def wav_rate_0():
    return at_rate(0)


@kind(".wav", WRONG_RATE)
def wav_rate_1():
    return at_rate(1)


@kind(".wav", WRONG_RATE)
def wav_rate_3999():
    return at_rate(3_999)


@kind(".wav", lasting(4_000, (997.0 * 4_000 / 44_100, 1_499.0 * 4_000 / 44_100)))
def wav_rate_4000():
    return at_rate(4_000)


@kind(".wav", lasting(384_000, (997.0 * 384_000 / 44_100, 1_499.0 * 384_000 / 44_100)))
def wav_rate_384000():
    return at_rate(384_000)


@kind(".wav", WRONG_RATE)
def wav_rate_384001():
    return at_rate(384_001)


@kind(".wav", NOT_DECODED)
def wav_rate_2_to_the_31():
    return at_rate(2**31)


@kind(".wav", NOT_DECODED)
def wav_rate_all_ones():
    return at_rate(2**32 - 1)


def of_channels(channels: int) -> bytes:
    """A WAV of 50 silent frames."""
    return wav(fmt(channels=channels), data(sounds.silence(frames=50, channels=channels)))


@kind(".wav", NOT_DECODED)
def wav_channels_0():
    return wav(fmt(channels=0, align=2), data())


@kind(".wav", Sound(channels=1, heard=MONO))
def wav_channels_1():
    return wav(fmt(channels=1), data(tone(channels=1)))


@kind(".wav", WRONG_CHANNELS)
def wav_channels_9():
    return of_channels(9)


@kind(".wav", WRONG_CHANNELS)
def wav_channels_1024():
    return of_channels(1_024)


@kind(".wav", NOT_DECODED)
def wav_channels_65535():
    return wav(fmt(channels=65_535), data())


@kind(".wav", Sound(1, heard=()))
def wav_1_frame():
    return wav(fmt(), data(tone(1)))


@kind(".wav", Sound(2, heard=()))
def wav_2_frames():
    return wav(fmt(), chunk(b"data", words(tone(2))))


@kind(".wav", Sound(1, 384_000, heard=()))
def wav_1_frame_at_384_khz():
    return wav(fmt(PCM, rate=384_000), data(tone(1)))
