"""What a pad's settings do to a plain file, held against theory: in samples, cents and decibels."""

import itertools

import numpy as np
import pytest
import soundfile

from library.audio.baked import AS_IS, Baked
from library.audio.convert import convert
from library.audio.errors import EmptyRegion
from library.audio.recipe import Recipe, planned_channels, planned_frames, planned_size
from tests import measure, sounds

RATE = 48_000
HALF_STEP = 0.5 / 32_768
EDGE = 144


@pytest.fixture
def baked(tmp_path):
    """Return a function that writes samples, converts them and returns words, frames x channels."""

    def make(samples, settings=AS_IS, *, rate=RATE, subtype="FLOAT", **recipe):
        source = sounds.write(tmp_path / "source.wav", samples, rate, subtype)
        asked = Recipe(baked=settings, **recipe)
        result = convert(source, tmp_path / "out.wav", asked)
        channels = samples.shape[1]
        assert result.frames == planned_frames(len(samples), rate, asked)
        assert result.channels == planned_channels(channels, asked)
        assert result.size_bytes == planned_size(len(samples), rate, channels, asked)
        words, _ = soundfile.read(tmp_path / "out.wav", dtype="int16", always_2d=True)
        assert words.shape == (result.frames, result.channels)
        return words

    return make


def cuts(frames, count=16):
    """Return `count` regions without a gap, of odd lengths."""
    places = sorted(np.random.default_rng(count).choice(frames, count - 1, replace=False).tolist())
    return list(itertools.pairwise([0, *places, frames]))


@pytest.mark.parametrize(
    ("rate", "subtype", "peak_db", "frames"),
    [
        (48_000, "PCM_16", -1, 96_001),  # words are copied
        (44_100, "PCM_24", -6, 88_200),  # resampled, with dither
        (44_100, "FLOAT", 4, 88_200),  # the guard turns down the whole
        (48_000, "FLOAT", 3, 48_000 * 20),  # too long to be held in memory
    ],
)
def test_slices_tile_their_parent_word_for_word(baked, rate, subtype, peak_db, frames):
    samples = sounds.noise(frames=frames, peak_db=peak_db, channels=2)
    whole = baked(samples, rate=rate, subtype=subtype)
    parts = [
        baked(samples, Baked(start=start, end=end), rate=rate, subtype=subtype)
        for start, end in cuts(len(whole), 4 if frames > 500_000 else 16)
    ]
    assert np.array_equal(np.concatenate(parts), whole)


def test_slices_of_a_lossy_parent_tile_it_too(tmp_path):
    tone = sounds.sweep(frames=100_000, rate=44_100, channels=2)
    source = sounds.write(tmp_path / "a.ogg", tone, 44_100, "VORBIS")
    whole = convert(source, tmp_path / "whole.wav").frames
    parts = []
    for start, end in cuts(whole):
        settings = Baked(start=start, end=None if end == whole else end)
        convert(source, tmp_path / "part.wav", Recipe(baked=settings))
        parts.append(soundfile.read(tmp_path / "part.wav", dtype="int16")[0])
    assert np.array_equal(
        np.concatenate(parts), soundfile.read(tmp_path / "whole.wav", dtype="int16")[0]
    )


def test_with_level_and_pan_slices_still_tile(baked):
    samples = sounds.noise(frames=50_000)
    more = {"level": 100, "pan": -30}
    whole = baked(samples, Baked(**more), rate=44_100)
    regions = cuts(len(whole), 8)
    parts = [baked(samples, Baked(start=a, end=b, **more), rate=44_100) for a, b in regions]
    assert np.array_equal(np.concatenate(parts), whole)


def test_the_inside_of_faded_slices_is_the_parent_of_16_bits(baked):
    words = sounds.words(sounds.noise(frames=96_000, channels=2))
    for start, end in cuts(96_000, 5):
        part = baked(words, Baked(start=start, end=end, fades=True), subtype="PCM_16")
        assert np.array_equal(part[EDGE:-EDGE], words[start + EDGE : end - EDGE])


@pytest.mark.parametrize("frames", [9_600, 48_000 * 40])
def test_reverse_is_the_mirror_word_for_word(baked, frames):
    words = sounds.words(sounds.noise(frames=frames, channels=2))
    assert np.array_equal(baked(words, Baked(reverse=True), subtype="PCM_16"), words[::-1])
    part = baked(words, Baked(start=100, end=9_000, reverse=True), subtype="PCM_16")
    assert np.array_equal(part, words[100:9_000][::-1])


def test_reverse_of_a_resampled_sound_is_its_mirror_within_dither(baked):
    samples = sounds.noise(frames=60_000, channels=2)
    forward = baked(samples, rate=44_100).astype(int)
    backward = baked(samples, Baked(reverse=True), rate=44_100).astype(int)
    away = backward - forward[::-1]
    assert np.abs(away).max() <= 3  # two rows of dither, each up to one and a half steps
    assert 0.5 < away.std() < 0.9  # sqrt(2) * half a step


@pytest.mark.parametrize("cents", [1_200, -1_200, 700, -700, 100, 37, -1_300, 1_300])
def test_pitch_is_exact_to_a_tenth_of_a_cent(baked, cents):
    hz, frames = 997.0, 96_000
    line = baked(sounds.sine(hz, frames=frames), Baked(cents=cents))[:, 0] / 32_768
    factor = 2 ** (cents / 1_200)
    assert len(line) == -(-frames * 48_000 // round(48_000 * factor))
    assert abs(len(line) - frames / factor) < 3
    inner = line[4_800:-4_800]
    early, late = inner[:16_384], inner[-16_384:]
    wanted = hz * factor
    turned = [np.angle(measure.fit(piece, [wanted])[0][0]) for piece in (early, late)]
    apart = (len(inner) - 16_384) / RATE
    drift = (turned[1] - turned[0] - 2 * np.pi * wanted * apart + np.pi) % (2 * np.pi) - np.pi
    off_hz = drift / (2 * np.pi * apart)
    assert abs(1_200 * np.log2(1 + off_hz / wanted)) < 0.1
    assert measure.level(early, wanted + off_hz) == pytest.approx(-6, abs=0.02)


@pytest.mark.parametrize("hz", [14_000, 18_000, 23_000])
def test_an_octave_up_leaves_nothing_of_what_would_fold_back(baked, hz):
    samples = sounds.sine(hz, frames=96_000, peak_db=-1)
    line = baked(samples, Baked(cents=1_200))[:, 0] / 32_768
    assert measure.amplitudes(line[2_000:34_768])[4:].max() < 10 ** (-100 / 20)


def test_down_an_octave_has_no_images(baked):
    line = baked(sounds.sine(9_000, frames=60_000, peak_db=-1), Baked(cents=-1_200))[:, 0] / 32_768
    assert measure.worst_spur(line[8_000 : 8_000 + 65_536], 4_500) < -100


@pytest.mark.parametrize(("level", "db"), [(127, 0.0), (64, -11.905), (90, -5.982), (1, -84.15)])
def test_level_is_squared(baked, level, db):
    line = baked(sounds.sine(1_000, peak_db=-1), Baked(level=level))[:, 0] / 32_768
    assert measure.level(line, 1_000) == pytest.approx(-1 + db, abs=0.05)


def test_level_0_is_digital_silence(baked):
    assert not baked(sounds.noise(), Baked(level=0)).any()


@pytest.mark.parametrize("pan", [-50, -25, -1, 1, 25, 40, 50])
@pytest.mark.parametrize("channels", [1, 2])
def test_pan_turns_the_far_side_down_and_leaves_the_near_one(baked, pan, channels):
    words = baked(sounds.sine(1_000, peak_db=-3, channels=channels), Baked(pan=pan))
    near, far = (1, 0) if pan > 0 else (0, 1)
    assert words.shape[1] == 2
    assert measure.level(words[:, near] / 32_768, 1_000) == pytest.approx(-3, abs=0.01)
    gain = np.cos(abs(pan) / 50 * np.pi / 2)
    if abs(pan) == 50:
        assert not words[:, far].any()
    else:
        heard = measure.level(words[:, far] / 32_768, 1_000)
        assert heard == pytest.approx(-3 + 20 * np.log10(gain), abs=0.05)


@pytest.mark.parametrize(("pan", "channel"), [(-51, 0), (51, 1)])
def test_one_channel_alone_is_a_mono_file_word_for_word(baked, pan, channel):
    words = sounds.words(sounds.noise(channels=2))
    assert np.array_equal(
        baked(words, Baked(pan=pan), subtype="PCM_16"), words[:, channel : channel + 1]
    )
    mono = words[:, :1]
    assert np.array_equal(baked(mono, Baked(pan=pan), subtype="PCM_16"), mono)


def test_fades_take_144_frames_at_both_edges(baked):
    level = np.full((9_600, 1), 0.5, np.float32)
    line = baked(level, Baked(start=1_000, end=8_000, fades=True))[:, 0] / 32_768
    rise = (1 - np.cos(np.pi * np.arange(1, EDGE + 1) / EDGE)) / 4
    assert np.abs(line[:EDGE] - rise).max() < 4 * HALF_STEP
    assert np.abs(line[-EDGE:] - rise[::-1]).max() < 4 * HALF_STEP
    assert np.abs(line[EDGE:-EDGE] - 0.5).max() < 4 * HALF_STEP
    assert len(line) == 7_000


@pytest.mark.parametrize("frames", [1, 2, 3, 143, 287, 288, 289, 300])
def test_fades_share_a_sound_that_is_shorter_than_both(baked, frames):
    level = np.full((frames, 1), 0.5, np.float32)
    line = baked(level, Baked(fades=True))[:, 0] / 32_768
    assert np.abs(line - line[::-1]).max() < 8 * HALF_STEP
    assert line.max() > 0.5 - 4 * HALF_STEP


def test_fades_come_last_of_all(baked):
    level = np.full((48_000, 1), 0.5, np.float32)
    line = baked(level, Baked(fades=True, reverse=True, cents=1_200))[:, 0] / 32_768
    rise = (1 - np.cos(np.pi * np.arange(1, EDGE + 1) / EDGE)) / 4
    assert np.abs(line[20:EDGE] - rise[20:]).max() < 0.03  # the filter rings at the edge
    assert len(line) == 24_000


def test_loudness_is_matched_before_the_level(baked):
    samples = np.concatenate(
        (sounds.noise(frames=96_000, peak_db=-30), sounds.noise(frames=96_000))
    )
    part = Baked(end=96_000)
    matched = baked(samples, part, loudness_lufs=-30) / 32_768
    assert measure.loudness_lufs(matched) == pytest.approx(-30, abs=0.1)
    lower = baked(samples, Baked(end=96_000, level=64), loudness_lufs=-30) / 32_768
    assert measure.loudness_lufs(lower) == pytest.approx(-41.9, abs=0.15)


def test_a_pitch_that_raises_peaks_is_held_below_full_scale_and_says_so(tmp_path):
    square = np.sign(sounds.sine(2_000, frames=48_000)).astype(np.float32) * np.float32(0.999)
    source = sounds.write(tmp_path / "a.wav", square, subtype="FLOAT")
    result = convert(source, tmp_path / "out.wav", Recipe(baked=Baked(cents=300)))
    words, _ = soundfile.read(tmp_path / "out.wav", dtype="int16")
    assert np.abs(words.astype(int)).max() == pytest.approx(32_766, abs=1)
    assert result.lowered_db > 0.5
    convert(source, tmp_path / "out.wav", Recipe(baked=Baked(cents=300), overs="clip"))
    assert (
        np.abs(soundfile.read(tmp_path / "out.wav", dtype="int16")[0].astype(int)).max() >= 32_767
    )


def test_pad_short_comes_after_it(baked):
    words = baked(sounds.noise(), Baked(end=2_000, reverse=True, cents=1_200), pad_short=True)
    assert len(words) == 4_800
    assert words[:1_000].any()
    assert not words[1_001:].any()


@pytest.mark.parametrize("more", [{}, {"reverse": True}, {"fades": True}, {"cents": -400}])
def test_a_part_of_the_result_is_that_of_the_whole_result(baked, more):
    samples = sounds.noise(frames=60_000, channels=2)
    settings = Baked(start=3_000, end=50_000, level=90, **more)
    whole = baked(samples, settings, rate=44_100)
    parts = [
        baked(samples, settings, rate=44_100, start=start, end=end)
        for start, end in [(0, 10_000), (10_000, 10_001), (10_001, None)]
    ]
    assert np.array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("more", [{}, {"reverse": True}, {"cents": 500}, {"level": 3}])
def test_a_region_behind_the_end_is_refused_and_leaves_no_file(tmp_path, more):
    source = sounds.write(tmp_path / "a.wav", sounds.noise(frames=9_600))
    for settings in (Baked(start=9_600, **more), Baked(start=10**9, end=10**9 + 1, **more)):
        with pytest.raises(EmptyRegion, match="nothing of the sound lies between start and end"):
            convert(source, tmp_path / "out.wav", Recipe(baked=settings))
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_a_region_that_ends_behind_the_end_ends_with_the_sound(baked):
    words = sounds.words(sounds.noise(frames=9_600))
    assert np.array_equal(baked(words, Baked(9_000, 99_999), subtype="PCM_16"), words[9_000:])
    turned = baked(words, Baked(9_000, 99_999, reverse=True), subtype="PCM_16")
    assert np.array_equal(turned, words[9_000:][::-1])
