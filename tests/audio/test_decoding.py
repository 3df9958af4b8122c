"""Sound out of every format: exact, in place, and made the best of when broken."""

import numpy as np
import pytest

from library.audio.decoders import WAVE_ORDER
from library.audio.files import blocks, read
from tests import sounds

TONE = sounds.sine(997, frames=50_001, rate=44_100, peak_db=-6, channels=2)


def decoded(path, **options):
    """All frames, and the warnings."""
    with blocks(path, **options) as decoding:
        samples = np.concatenate(list(decoding))
        return samples, decoding.warnings


@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.flac", "a.m4a"])
@pytest.mark.parametrize("decoder", ["sndfile", "ffmpeg"])
def test_lossless_formats_give_the_same_words(tmp_path, name, decoder):
    path, words = tmp_path / name, sounds.words(TONE)
    if name == "a.m4a":
        sounds.write_m4a(path, TONE, 44_100, "alac")
        decoder = "ffmpeg"
    else:
        sounds.write(path, words, 44_100, "PCM_16")
    samples, warnings = decoded(path, decoder=decoder)
    assert np.array_equal(samples * 32768, words)
    assert warnings == ()


@pytest.mark.parametrize(
    ("name", "subtype", "channels"),
    [
        ("a.mp3", None, 1),
        ("a.mp3", None, 2),
        ("a.ogg", "VORBIS", 1),
        ("a.ogg", "VORBIS", 2),
        ("a.m4a", "aac", 1),
        ("a.m4a", "aac", 2),
    ],
)
def test_lossy_formats_keep_length_place_and_level(tmp_path, name, subtype, channels):
    path, tone = tmp_path / name, TONE[:, :channels]
    if name == "a.m4a":
        sounds.write_m4a(path, tone, 44_100)
    else:
        sounds.write(path, tone, 44_100, subtype)
    samples, warnings = decoded(path)
    assert samples.shape == tone.shape
    assert warnings == ()
    middle = slice(5_000, -5_000)
    assert sounds.rms_db(samples[middle] - tone[middle]) < sounds.rms_db(tone) - 30


def test_opus_is_at_48_khz_and_in_place(tmp_path):
    tone = sounds.sine(997, frames=60_000, channels=2)
    samples, _ = decoded(sounds.write(tmp_path / "a.ogg", tone, 48_000, "OPUS"))
    assert samples.shape == tone.shape
    assert sounds.rms_db(samples[5_000:-5_000] - tone[5_000:-5_000]) < sounds.rms_db(tone) - 25


@pytest.mark.parametrize("name", ["a.mp3", "a.ogg", "a.flac", "a.wav"])
def test_where_blocks_end_cannot_be_heard(tmp_path, name):
    # soundfile's seek after each read garbles short MP3 from the second block on
    path = sounds.write(tmp_path / name, TONE[:, :1], 44_100)
    whole, _ = decoded(path, frames=1 << 20)
    for frames in (1_152, 4_096, 16_384):
        parts, _ = decoded(path, frames=frames)
        assert np.array_equal(parts, whole)


@pytest.mark.parametrize("decoder", ["sndfile", "ffmpeg"])
def test_blocks_are_equally_long_but_the_last(tmp_path, decoder):
    path = sounds.write(tmp_path / "a.flac", TONE, 44_100)
    with blocks(path, frames=20_000, decoder=decoder) as decoding:
        assert [len(block) for block in decoding] == [20_000, 20_000, 10_001]
        assert (decoding.frames, decoding.rate, decoding.channels) == (50_001, 44_100, 2)


@pytest.mark.parametrize(
    ("subtype", "step"),
    [("PCM_U8", 2**-7), ("PCM_24", 2**-23), ("PCM_32", 2**-24), ("FLOAT", 0), ("DOUBLE", 2**-24)],
)
@pytest.mark.parametrize("decoder", ["sndfile", "ffmpeg"])
def test_other_words_come_as_they_are(tmp_path, subtype, step, decoder):
    path = sounds.write(tmp_path / "a.wav", TONE, 44_100, subtype)
    samples, _ = decoded(path, decoder=decoder)
    assert samples.dtype == np.float32
    assert np.abs(samples - TONE).max() <= step


@pytest.mark.parametrize("name", ["six.wav", "six.ogg", "six.m4a", "six-opus.ogg"])
def test_channels_stand_where_the_file_says(tmp_path, name):
    # the places of 5.1 in WAV's order, each with a pitch of its own
    places = ("FL", "FR", "FC", "LFE", "BL", "BR")
    pitches = {place: 60 if place == "LFE" else 400 + 170 * i for i, place in enumerate(places)}
    tones = [sounds.sine(pitches[place], frames=48_000, peak_db=-12) for place in places]
    path, samples = tmp_path / name, np.hstack(tones)
    if name == "six.wav":
        sounds.write(path, samples)
    elif name == "six.m4a":
        sounds.write_m4a(path, samples, 48_000)
    else:  # Vorbis and Opus: left, centre, right, rear left, rear right, LFE
        order = [0, 2, 1, 4, 5, 3]
        sounds.write(path, samples[:, order], 48_000, "OPUS" if "opus" in name else "VORBIS")
    with blocks(path) as decoding:
        heard = np.concatenate(list(decoding))[4_800:-4_800]
        for place, channel in zip(decoding.places, heard.T, strict=True):
            assert sounds.level_at(channel, pitches[place]) == pytest.approx(-12, abs=2), place


def test_reads_whole_files(tmp_path):
    clip = read(sounds.write(tmp_path / "a.wav", sounds.words(TONE), 44_100))
    assert (clip.frames, clip.channels, clip.rate) == (50_001, 2, 44_100)


@pytest.mark.parametrize("channels", range(1, 9))
@pytest.mark.parametrize("decoder", ["sndfile", "ffmpeg"])
def test_channels_without_places_stand_in_the_usual_order(tmp_path, channels, decoder):
    path = sounds.write(tmp_path / "a.wav", sounds.sine(frames=4_800, channels=channels))
    with blocks(path, decoder=decoder) as decoding:
        assert decoding.places == WAVE_ORDER[channels]
