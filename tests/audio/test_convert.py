"""The whole chain: what is written, from anything that can be read."""

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from library.audio.convert import convert
from library.audio.errors import AudioError, UnreadableAudio
from library.audio.recipe import CONVERTER_VERSION, Recipe, planned_size
from library.audio.units import resampled_frames
from tests import sounds


def written(path):
    """The words of a result, which must be 48 kHz and 16 bits."""
    words, rate = soundfile.read(path, dtype="int16", always_2d=True)
    assert rate == 48_000
    assert soundfile.info(path).subtype == "PCM_16"
    return words


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "out.wav"


# Material that already fits


@pytest.mark.parametrize("container", ["wav", "aiff"])
@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.flac", "a.m4a"])
@pytest.mark.parametrize("channels", [1, 2])
def test_48_khz_16_bit_passes_word_for_word(tmp_path, target, name, channels, container):
    samples = sounds.noise(frames=70_001, channels=channels, peak_db=0)
    words = sounds.words(samples)
    words[:2] = [[-32768], [32767]]
    path = tmp_path / name
    if name == "a.m4a":
        sounds.write_m4a(path, words / np.float32(32768), 48_000, "alac")
    else:
        sounds.write(path, words, 48_000, "PCM_16")
    result = convert(path, target, Recipe(format=container))
    assert np.array_equal(written(target), words)
    assert result.changes == ()


def test_foreign_chunks_are_dropped(tmp_path, target):
    path = sounds.write(tmp_path / "a.wav", sounds.words(sounds.noise(frames=10_001)), 48_000)
    plain = path.read_bytes()
    chunk = b"LIST" + (7).to_bytes(4, "little") + b"INFOxyz\0"  # odd, with its padding byte
    path.write_bytes(plain[:36] + chunk + plain[36:] + b"bext\4\0\0\0junk")
    convert(path, target)
    assert target.read_bytes() == plain


def test_8_bit_words_are_widened_and_nothing_more(tmp_path, target):
    words = (np.arange(-128, 128, dtype=np.int16) << 8)[:, None]
    path = sounds.write(tmp_path / "a.wav", words, 48_000, "PCM_U8")
    assert convert(path, target).changes == ("8-bit to 16-bit",)
    assert np.array_equal(written(target), words)


@pytest.mark.parametrize("subtype", ["PCM_24", "FLOAT"])
def test_16_bit_material_in_wider_words_gets_no_dither(tmp_path, target, subtype):
    words = sounds.words(sounds.noise(frames=100_000, channels=2))
    path = sounds.write(tmp_path / "a.wav", words / np.float32(32768), 48_000, subtype)
    convert(path, target)
    assert np.array_equal(written(target), words)


def test_one_sample_between_two_words_brings_dither_for_all(tmp_path, target):
    samples = sounds.words(sounds.noise(frames=200_000)) / np.float32(32768)
    samples[150_000] += np.float32(1 / 65536)
    path = sounds.write(tmp_path / "a.wav", samples, 48_000, "FLOAT")
    convert(path, target)
    error = written(target) - samples.astype(np.float64) * 32768
    assert np.sqrt(np.mean(error[:65_536] ** 2)) == pytest.approx(0.5, abs=0.02)


# Everything else


def test_a_tone_from_44_1_khz(tmp_path, target):
    tone = sounds.sine(997, frames=441_000, rate=44_100, peak_db=-1)
    path = sounds.write(tmp_path / "a.wav", tone, 44_100, "PCM_24")
    result = convert(path, target)
    assert result.changes == ("44.1 to 48 kHz", "24-bit to 16-bit")
    assert (result.source_format, result.source_rate, result.source_channels) == ("wav", 44_100, 1)
    assert result.frames == 480_000
    heard = written(target)[4_800:-4_800] / 32768
    assert sounds.level_at(heard, 997) == pytest.approx(-1, abs=0.02)
    # TPDF and rounding: 0.5 words rms = -96.3 dB (and 3 dB for a sine's rms against its peak)
    assert sounds.rms_db(sounds.residual(heard, 997)) == pytest.approx(-96.3, abs=0.2)


@pytest.mark.parametrize("name", ["a.mp3", "a.ogg", "a.m4a", "a.flac", "a.aiff", "a.aifc"])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_keeps_channels_and_length(tmp_path, target, name, channels):
    tone = sounds.sine(997, frames=30_001, rate=44_100, channels=channels)
    path = tmp_path / name
    if name == "a.m4a":
        sounds.write_m4a(path, tone, 44_100)
    else:
        sounds.write(path, tone, 44_100)
    result = convert(path, target)
    assert written(target).shape == (resampled_frames(30_001, 44_100), channels)
    assert (result.frames, result.channels) == (resampled_frames(30_001, 44_100), channels)
    heard = written(target)[4_800:-4_800, -1] / 32768
    assert sounds.level_at(heard, 997) == pytest.approx(-6, abs=0.3)


@settings(deadline=None, max_examples=25)
@given(
    frames=st.integers(1, 9_000),
    rate=st.integers(4_000, 384_000),
    channels=st.integers(1, 8),
    recipe=st.builds(
        Recipe,
        format=st.sampled_from(["wav", "aiff"]),
        channels=st.sampled_from(["keep", "mono"]),
        pad_short=st.booleans(),
    ),
)
def test_sizes_are_known_beforehand(tmp_path_factory, frames, rate, channels, recipe):
    folder = tmp_path_factory.mktemp("size")
    samples = sounds.noise(frames=frames, channels=channels)
    path = sounds.write(folder / "a.wav", samples, rate)
    result = convert(path, folder / "out", recipe)
    size = (folder / "out").stat().st_size
    assert planned_size(frames, rate, channels, recipe) == result.size_bytes == size
    assert result.frames == len(written(folder / "out"))


@pytest.mark.parametrize("subtype", ["PCM_16", "FLOAT"])
def test_the_same_sound_makes_the_same_bytes(tmp_path, target, subtype):
    path = sounds.write(tmp_path / "a.wav", sounds.noise(frames=150_000), 44_100, subtype)
    convert(path, target)
    first = target.read_bytes()
    convert(path, target)
    assert target.read_bytes() == first


def test_silence_stays_silent(tmp_path, target):
    path = sounds.write(tmp_path / "a.wav", sounds.silence(frames=44_100), 44_100, "PCM_24")
    convert(path, target)
    assert not written(target).any()


# Peaks over full scale


def loud(path):
    """A square wave at full scale: resampling overshoots (Gibbs, up to 9 % and more)."""
    square = np.sign(sounds.sine(441, frames=44_100, rate=44_100)) * np.float32(32767 / 32768)
    return sounds.write(path, square, 44_100, "PCM_16")


def test_the_guard_lowers_the_whole_sound(tmp_path, target):
    result = convert(loud(tmp_path / "a.wav"), target)
    words = written(target).astype(int)
    assert 32_765 <= np.abs(words).max() <= 32_767
    change = result.changes[-1]
    assert change.startswith("Peak lowered ")
    lowered = float(change.split()[2])
    assert 0.5 < lowered < 3
    middle = words[4_800:-4_800, 0] / 32768
    fundamental = 20 * np.log10(4 / np.pi)  # of a full-scale square
    assert sounds.level_at(middle, 441) == pytest.approx(fundamental - lowered, abs=0.06)


def test_clipping_on_request_keeps_the_level(tmp_path, target):
    result = convert(loud(tmp_path / "a.wav"), target, Recipe(overs="clip"))
    assert result.changes[-1].startswith("Peaks of +")
    words = written(target)[4_800:-4_800, 0].astype(int)
    assert (words.min(), words.max()) == (-32_768, 32_767)
    turns = np.count_nonzero(np.diff(np.sign(words)))
    assert turns == pytest.approx(2 * 441 * len(words) / 48_000, abs=2)  # a wrap would add more


def test_float_above_full_scale_at_48_khz_is_lowered_too(tmp_path, target):
    tone = sounds.sine(997, peak_db=6)
    result = convert(sounds.write(tmp_path / "a.wav", tone, 48_000, "FLOAT"), target)
    assert result.changes == ("32-bit float to 16-bit", "Peak lowered 6.0 dB")
    assert sounds.level_at(written(target) / 32768, 997) == pytest.approx(0, abs=0.01)


def test_a_hair_above_full_scale_is_said_to_be_little(tmp_path, target):
    samples = np.full((4_800, 1), 1.0001, np.float32)
    result = convert(sounds.write(tmp_path / "a.wav", samples, 48_000, "FLOAT"), target)
    assert result.changes[-1] == "Peak lowered 0.1 dB"


# Channels and length


def test_six_channels_are_folded(tmp_path, target):
    surround = np.zeros((48_000, 6), np.float32)
    surround[:, 2:3] = sounds.sine(997, peak_db=0)  # the centre
    surround[:, 3:4] = sounds.sine(50, peak_db=0)  # low frequency effects
    result = convert(sounds.write(tmp_path / "a.wav", surround, 48_000, "FLOAT"), target)
    assert "6 channels folded down to stereo" in result.changes
    heard = written(target) / 32768
    assert heard.shape == (48_000, 2)
    centre = 20 * np.log10(0.5**0.5 / (1 + 2 * 0.5**0.5))
    assert sounds.level_at(heard[:, 0], 997) == pytest.approx(centre, abs=0.01)
    assert sounds.level_at(heard[:, 0], 50) < -110


def test_mono_on_request(tmp_path, target):
    line = sounds.words(sounds.noise(frames=48_000))
    path = sounds.write(tmp_path / "a.wav", np.hstack((line, line)), 48_000)
    result = convert(path, target, Recipe(channels="mono"))
    assert result.changes == ("Mono, both channels are equal",)
    assert np.array_equal(written(target), line)


def test_one_frame_that_differs_makes_it_a_fold(tmp_path, target):
    line = sounds.words(sounds.noise(frames=200_000))
    both = np.hstack((line, line))
    both[150_000, 1] ^= 1
    path = sounds.write(tmp_path / "a.wav", both, 48_000)
    for trim in (False, True):
        result = convert(path, target, Recipe(channels="mono", trim=trim))
        assert result.changes == ("Stereo folded down to mono",)


@pytest.mark.parametrize(("frames", "padded"), [(1, True), (4_409, True), (4_410, False)])
def test_short_sounds_are_padded_on_request(tmp_path, target, frames, padded):
    path = sounds.write(tmp_path / "a.wav", sounds.noise(frames=frames), 44_100)
    result = convert(path, target, Recipe(pad_short=True))
    assert result.frames == 4_800
    assert ("Padded with silence to 100 ms" in result.changes) is padded
    sound = resampled_frames(frames, 44_100)
    assert not written(target)[sound:].any()
    assert convert(path, target).frames == sound


# Failure


def test_a_failure_leaves_nothing(tmp_path, target):
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF\0\0\0\0WAVE")
    with pytest.raises(UnreadableAudio):
        convert(path, target)
    assert list(target.parent.iterdir()) == []


def test_a_failure_midway_keeps_what_was_there(tmp_path, target):
    path = sounds.write_m4a(tmp_path / "a.m4a", sounds.noise(frames=44_100))
    data = path.read_bytes()
    start, end = data.index(b"mdat") + 4, data.index(b"moov") - 4
    path.write_bytes(data[:start] + bytes(end - start) + data[end:])
    target.write_bytes(b"earlier")
    with pytest.raises(AudioError):
        convert(path, target)
    assert target.read_bytes() == b"earlier"
    assert list(target.parent.iterdir()) == [target]


def test_a_full_disk_is_the_callers_to_explain(tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.noise(frames=4_800))
    with pytest.raises(OSError, match="No such file"):
        convert(path, tmp_path / "nowhere" / "out.wav")


# Recipes


def test_equal_recipes_have_equal_text():
    assert Recipe().as_json() == (
        '{"channels":"keep","format":"wav","loudness_lufs":null,"overs":"guard","pad_short":false,'
        f'"peak_dbtp":-1.0,"quality":"HQ","trim":false,"version":{CONVERTER_VERSION}}}'
    )
    assert Recipe().as_json() == Recipe(format="wav").as_json()
    texts = {
        Recipe(form, channels, pad, overs).as_json()
        for form in ("wav", "aiff")
        for channels in ("keep", "mono")
        for pad in (False, True)
        for overs in ("guard", "clip")
    }
    assert len(texts) == 16
