"""`read_metadata` and `describe_audio`: the facts of files and of arrays."""

import math
import struct

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from library.audio import (
    AudioError,
    Metadata,
    describe_audio,
    described,
    listen,
    read_metadata,
    write_audio,
)
from library.audio.account import told
from tests import sounds
from tests.audio.test_loudness_meters import ebur128
from tests.measure import loudness_lufs, true_peak_db

RATE = 48_000


def beat(bpm=120, seconds=8.0, rate=RATE):
    """A kick on every beat and a hat between them."""
    moments = np.arange(round(seconds * rate)) / rate
    inside = moments % (60 / bpm)
    between = (moments + 30 / bpm) % (60 / bpm)
    hiss = np.random.default_rng(404).normal(0, 0.2, moments.size)
    kick = np.sin(2 * np.pi * 60 * inside) * np.exp(-20 * inside)
    return (0.7 * kick + hiss * np.exp(-80 * between)).astype(np.float32)


def chords(seconds=8.0, rate=RATE):
    """C, F, G and C in C major, each note with its harmonics."""
    moments = np.arange(round(seconds * rate)) / rate
    line = np.zeros_like(moments)
    for place, notes in enumerate([(60, 64, 67), (65, 69, 72), (67, 71, 74), (60, 64, 67)]):
        now = (moments // 1.0).astype(int) % 4 == place
        for note, number in ((note, number) for note in notes for number in (1, 2, 3)):
            hz = 440 * 2 ** ((note - 69) / 12) * number
            line += now * np.sin(2 * np.pi * hz * moments) / number**2
    return (line / np.abs(line).max() / 2).astype(np.float32)


def test_every_fact_of_a_file(tmp_path):
    samples = sounds.noise(frames=3 * 44_100, channels=2, peak_db=-6)
    path = sounds.write(tmp_path / "noise.wav", samples, 44_100, "PCM_24")
    found = read_metadata(str(path), bpm=False)
    assert found == Metadata(
        duration_seconds=3.0,
        sample_rate=44_100,
        channels=2,
        file_size_bytes=path.stat().st_size,
        bit_depth=24,
        bpm=None,
        key=None,
        peak_amplitude=pytest.approx(np.abs(samples).max(), abs=1e-6),
        rms_energy=pytest.approx(np.sqrt(np.mean(np.square(samples))), rel=1e-5),
        dynamic_range_db=pytest.approx(20 * np.log10(3**0.5), abs=0.02),
        loudness_lufs=pytest.approx(ebur128(samples, tmp_path / "notes", 44_100)[0], abs=0.1),
        true_peak_dbtp=pytest.approx(true_peak_db(samples, 44_100), abs=0.3),
    )


def test_loudness_and_peaks_are_those_of_the_standard(tmp_path):
    samples = sounds.sweep(frames=4 * RATE, channels=2, peak_db=-3)
    found = describe_audio(samples, RATE, bpm=False)
    assert found.loudness_lufs == pytest.approx(loudness_lufs(samples), abs=0.02)
    assert found.true_peak_dbtp == pytest.approx(true_peak_db(samples), abs=0.1)


@pytest.mark.parametrize("rate", [8000, 32_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bit_depth", ["PCM_16", "PCM_24", "PCM_32", "FLOAT"])
def test_reading_finds_what_writing_told(rate, channels, bit_depth, tmp_path):
    samples = sounds.noise(frames=rate, channels=channels)
    done = write_audio(samples, tmp_path / "a.wav", rate, bit_depth=bit_depth)
    found = read_metadata(done.path, bpm=False)
    exact = {"abs": 1e-6 if bit_depth == "PCM_32" else 1e-12}
    assert found.loudness_lufs == pytest.approx(done.lufs, **exact)
    assert found.true_peak_dbtp == pytest.approx(done.true_peak_dbtp, **exact)
    assert (found.sample_rate, found.channels, found.duration_seconds) == (rate, channels, 1.0)
    assert found.file_size_bytes == done.size_bytes
    assert found.bit_depth == {"PCM_16": 16, "PCM_24": 24}.get(bit_depth, 32)


def test_an_array_tells_what_its_file_tells(tmp_path):
    samples = np.stack((beat(), beat() * 0.5), axis=1)
    path = sounds.write(tmp_path / "a.wav", samples, RATE, "FLOAT")
    of_file = vars(read_metadata(path, key=True))
    of_array = vars(describe_audio(samples.T, RATE, key=True))
    assert of_array == of_file | {"file_size_bytes": None, "bit_depth": None}


def test_what_is_not_asked_for_is_not_told(tmp_path):
    path = sounds.write(tmp_path / "a.wav", beat()[:, None], RATE, "PCM_16")
    asked = Metadata(8.0, RATE, 1, path.stat().st_size, 16)
    assert read_metadata(path, bpm=False, stats=False) == asked
    assert vars(read_metadata(path, stats=False)) == vars(asked) | {"bpm": 120.0}
    assert describe_audio(beat(), RATE, bpm=False, stats=False) == Metadata(8.0, RATE, 1)


def test_the_header_is_enough_for_the_basic_facts(tmp_path, monkeypatch):
    path = sounds.write(tmp_path / "a.flac", sounds.sine(), RATE)
    monkeypatch.setattr(described, "blocks", None)
    assert read_metadata(path, bpm=False, stats=False).duration_seconds == 1.0


def test_where_the_header_has_no_length_it_is_counted(tmp_path):
    path = sounds.write(tmp_path / "a.ogg", sounds.noise(frames=2 * RATE), RATE)
    path.write_bytes(path.read_bytes()[:-2000])
    found = read_metadata(path, bpm=False, stats=False)
    assert 1 < found.duration_seconds < 2
    assert found.bit_depth is None


@pytest.mark.parametrize("bpm", [90, 128])
def test_the_tempo_of_a_loop_is_heard(bpm, tmp_path):
    done = write_audio(beat(bpm, seconds=16 * 60 / bpm), tmp_path / "a.wav", RATE)
    assert read_metadata(done.path).bpm == pytest.approx(bpm, abs=0.5)


def test_one_hit_has_no_tempo():
    assert describe_audio(beat(60, seconds=0.4), RATE).bpm is None


@pytest.mark.parametrize("seconds", [0.8, 1.8, 3, 5, 8])
@pytest.mark.parametrize("hz", [0, 50, 440, (220, 277, 330)])
def test_a_tone_or_a_hum_has_no_tempo(hz, seconds):
    moments = np.arange(round(seconds * RATE))[:, None] / RATE
    tones = 0.3 * np.cos(2 * np.pi * np.atleast_1d(hz) * moments).mean(axis=1)
    assert describe_audio(tones, RATE).bpm is None


@pytest.mark.parametrize("seconds", [1, 2, 5, 8])
@pytest.mark.parametrize("is_low", [True, False])
def test_noise_has_no_tempo(seconds, is_low):
    noise = sounds.noise(frames=seconds * RATE)
    hiss = np.cumsum(noise - noise.mean(), axis=0) / 200 if is_low else noise
    assert describe_audio(hiss, RATE).bpm is None


def test_the_key_is_written_as_musicians_do(tmp_path):
    done = write_audio(chords(), tmp_path / "a.wav", RATE)
    assert read_metadata(done.path, key=True).key == "C major"
    assert read_metadata(done.path).key is None  # nobody asked
    alone = read_metadata(done.path, bpm=False, key=True, stats=False)
    assert (alone.key, alone.bpm, alone.rms_energy) == ("C major", None, None)


def test_noise_has_no_key():
    assert describe_audio(sounds.noise(frames=2 * RATE), RATE, key=True).key is None


def test_the_sound_library_says_the_same_of_it(tmp_path):
    path = sounds.write(tmp_path / "a.wav", beat()[:, None], RATE, "PCM_16")
    found, others = read_metadata(path, key=True), listen.facts(path)
    assert found.peak_amplitude == others.peak_amplitude
    assert found.dynamic_range_db == others.dynamic_range_db
    assert found.loudness_lufs == others.loudness_lufs
    assert found.true_peak_dbtp == others.true_peak_dbtp
    assert found.bpm == told(path)["bpm"]


@pytest.mark.parametrize("frames", [1, 2, 63, 64, 500, RATE, 5 * RATE])
@pytest.mark.parametrize("channels", [1, 2])
def test_silence_has_no_levels_in_decibels(frames, channels, tmp_path):
    samples = sounds.silence(frames=frames, channels=channels)
    path = sounds.write(tmp_path / "a.wav", samples, RATE)
    assert read_metadata(path, key=True) == Metadata(
        *(frames / RATE, RATE, channels, path.stat().st_size, 16),
        peak_amplitude=0.0,
        rms_energy=0.0,
    )


@settings(max_examples=40, deadline=None)
@given(
    frames=st.integers(1, 4000),
    rate=st.integers(4000, 384_000),
    loudest=st.floats(-200, 6),
    seed=st.integers(0, 9),
)
def test_very_short_sounds_tell_numbers_or_nothing(frames, rate, loudest, seed):
    samples = sounds.noise(frames=frames, peak_db=loudest, seed=seed)
    found = describe_audio(samples, rate, key=True)
    assert found.duration_seconds == frames / rate
    told_of = [value for value in vars(found).values() if isinstance(value, float)]
    assert all(map(math.isfinite, told_of))
    assert found.peak_amplitude == pytest.approx(np.abs(samples).max())


def test_more_channels_are_heard_as_stereo(tmp_path):
    samples = sounds.noise(frames=RATE, channels=6)
    path = sounds.write(tmp_path / "a.wav", samples, RATE, "FLOAT")
    found = read_metadata(path)
    assert found.channels == 6
    assert found.peak_amplitude == pytest.approx(np.abs(samples).max())
    assert found.true_peak_dbtp < 0


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.ogg", "a.aiff"])
def test_other_formats(name, tmp_path):
    path = sounds.write(tmp_path / name, sounds.sine(frames=RATE, channels=2), RATE)
    found = read_metadata(path)
    assert found.duration_seconds == pytest.approx(1, abs=0.06)
    assert found.bit_depth == {"a.flac": 16, "a.aiff": 16}.get(name)
    assert found.loudness_lufs == pytest.approx(-6 - 0.72 + 0.03, abs=0.3)


def test_what_can_only_be_read_by_the_other_decoder(tmp_path):
    path = sounds.write_m4a(tmp_path / "a.m4a", sounds.sine(frames=44_100))
    assert read_metadata(path).rms_energy == pytest.approx(0.5 / 2**0.5, abs=0.02)


@pytest.mark.parametrize(
    "content",
    [b"", b"no sound", b"RIFF" + struct.pack("<I", 4) + b"WAVE", bytes(9999)],
)
@pytest.mark.parametrize("asked", [{}, {"bpm": False, "stats": False}])
def test_what_is_no_sound_is_an_error_in_words(content, asked, tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=r"file|content"):
        read_metadata(path, **asked)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(AudioError, match="the file is not there"):
        read_metadata(tmp_path / "none.wav")
    with pytest.raises(AudioError, match="not a regular file"):
        read_metadata(tmp_path)


@pytest.mark.parametrize("array", [[], [[]], [np.nan], np.zeros((3, 3))])
def test_an_array_that_is_no_sound(array):
    with pytest.raises(ValueError, match=r"shape|no numbers"):
        describe_audio(array, RATE)


def test_nothing_is_changed_in_what_is_handed_over():
    samples = sounds.noise(channels=2)
    before = samples.copy()
    describe_audio(samples, 44_100, key=True)
    assert np.array_equal(samples, before)


def test_it_cannot_be_changed_afterwards():
    with pytest.raises(AttributeError):
        describe_audio([0.5], RATE).bpm = 120.0


def test_a_file_with_broken_numbers_still_tells(tmp_path):
    samples = sounds.sine()
    samples[100] = np.nan
    path = tmp_path / "a.wav"
    soundfile.write(path, samples, RATE, "FLOAT")
    assert read_metadata(path).peak_amplitude == pytest.approx(0.5, abs=0.01)
