"""Parts of a sound: they join to the whole without a gap, and a shortened one fades away."""

import numpy as np
import pytest
import soundfile

from library.audio.convert import convert
from library.audio.listen import facts
from library.audio.recipe import FADE_FRAMES, Recipe, planned_changes, planned_size
from tests import sounds

CUTS = [(0, 50_001), (50_001, 100_003), (100_003, None)]


def words_of(path):
    return soundfile.read(path, dtype="int16", always_2d=True)[0]


def source(tmp_path, *, rate=48_000, subtype="PCM_16", channels=2, frames=160_000, peak_db=-1):
    samples = sounds.noise(frames=frames, channels=channels, peak_db=peak_db)
    return sounds.write(tmp_path / "source.wav", samples, rate, subtype)


@pytest.mark.parametrize("format_", ["wav", "aiff"])
@pytest.mark.parametrize(
    ("rate", "subtype", "peak_db", "more"),
    [
        (48_000, "PCM_16", -1, {}),  # copied word for word
        (44_100, "PCM_24", -1, {}),  # resampled and dithered
        (48_000, "FLOAT", 3, {}),  # lowered: by the same gain in all parts
        (96_000, "FLOAT", -1, {"loudness_lufs": -20.0}),
        (44_100, "PCM_16", -1, {"channels": "mono"}),
    ],
)
def test_parts_join_to_the_whole_word_for_word(tmp_path, format_, rate, subtype, peak_db, more):
    path = source(tmp_path, rate=rate, subtype=subtype, peak_db=peak_db, frames=rate * 10 // 3)
    material = facts(path).material
    whole = Recipe(format=format_, **more)
    convert(path, tmp_path / "whole", whole)
    parts = []
    for number, (start, end) in enumerate(CUTS):
        recipe = Recipe(format=format_, start=start, end=end, **more)
        result = convert(path, tmp_path / f"{number}", recipe)
        size = planned_size(material.frames, material.rate, material.channels, recipe)
        assert result.size_bytes == (tmp_path / f"{number}").stat().st_size == size
        assert result.changes == planned_changes(material, recipe)
        parts.append(words_of(tmp_path / f"{number}"))
    assert np.array_equal(np.concatenate(parts), words_of(tmp_path / "whole"))


def test_a_part_says_which(tmp_path):
    path = source(tmp_path, channels=1, frames=48_000 * 61)
    result = convert(path, tmp_path / "part", Recipe(start=48_000 * 60))
    assert result.changes == ("Part from 1:00 to 1:01 of 1:01",)
    assert result.frames == 48_000


def test_a_shortened_sound_keeps_its_words_until_the_fade(tmp_path):
    path = source(tmp_path)
    end = 100_000
    result = convert(path, tmp_path / "short", Recipe(end=end, fade_out=True))
    assert result.changes == ("Shortened from 0:03 to 0:02, with a short fade",)
    before, after = words_of(path), words_of(tmp_path / "short")
    assert len(after) == result.frames == end
    assert np.array_equal(after[: end - FADE_FRAMES], before[: end - FADE_FRAMES])


def test_the_fade_is_half_a_cosine_and_ends_in_silence(tmp_path):
    steady = np.full((48_000, 1), 0.5, np.float32)
    path = sounds.write(tmp_path / "a.wav", steady, 48_000)
    end = 40_000
    convert(path, tmp_path / "short", Recipe(end=end, fade_out=True))
    tail = words_of(tmp_path / "short")[-FADE_FRAMES:, 0] / 32_768
    left = np.arange(FADE_FRAMES, 0, -1)
    ideal = 0.5 * (1 - np.cos(np.pi * left / FADE_FRAMES)) / 2
    assert np.abs(tail - ideal).max() <= 2 / 32_768  # dither and rounding
    assert abs(tail[-1]) <= 2 / 32_768


def test_a_fade_over_several_blocks_has_no_seam(tmp_path):
    frames = 65_536 + 1_000  # the fade begins in the first block and ends in the second
    path = sounds.write(tmp_path / "a.wav", np.full((frames, 2), 0.25, np.float32), 48_000)
    convert(path, tmp_path / "short", Recipe(end=frames - 1, fade_out=True))
    steps = np.diff(words_of(tmp_path / "short")[:, 0].astype(int))
    steepest = 0.25 * 32_768 * np.pi / 2 / FADE_FRAMES
    assert np.abs(steps).max() <= steepest + 3


def test_an_end_behind_the_sound_takes_what_there_is(tmp_path):
    path = source(tmp_path, frames=9_600)
    result = convert(path, tmp_path / "part", Recipe(start=4_800, end=48_000))
    assert result.frames == 4_800
    assert planned_size(9_600, 48_000, 2, Recipe(start=9_601)) == 44


def test_the_same_part_twice_is_the_same_bytes(tmp_path):
    path = source(tmp_path, rate=44_100)
    recipe = Recipe(start=100, end=99_000, fade_out=True)
    for name in ("one", "two"):
        convert(path, tmp_path / name, recipe)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_parts_have_addresses_of_their_own_and_the_whole_keeps_its_own():
    texts = {Recipe(start=start, end=end).as_json() for start, end in CUTS}
    assert len(texts) == 3
    assert "start" not in Recipe().as_json()
    assert Recipe(fade_out=True).as_json() == Recipe().as_json()  # there is no end to fade to


def test_equal_channels_are_found_bit_exactly(tmp_path):
    line = sounds.noise(frames=150_000)
    both = np.hstack((line, line))
    other = both.copy()
    other[149_999, 0] += 2**-23
    found = {}
    for name, samples in [("mono", line), ("same", both), ("other", other)]:
        path = sounds.write(tmp_path / f"{name}.wav", samples, 44_100, "FLOAT")
        found[name] = facts(path).material.channels_equal
    assert found == {"mono": False, "same": True, "other": False}
