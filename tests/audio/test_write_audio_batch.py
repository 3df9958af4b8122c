"""`write_audio_batch`: many sounds, one call."""

import numpy as np
import pytest
import soundfile

from library.audio import AudioError, write_audio, write_audio_batch
from tests import sounds

RATE = 48_000


def test_each_sound_is_written_as_if_it_were_alone(tmp_path):
    several = [sounds.sine(hz, frames=9000, channels=1 + hz % 2) for hz in (440, 501, 620)]
    paths = [tmp_path / "deep" / f"{number}.wav" for number in range(3)]
    asked = {"target_lufs": -20, "bit_depth": "PCM_24"}
    done = write_audio_batch(several, map(str, paths), RATE, **asked)
    assert [one.path for one in done] == paths
    for sound, one in zip(several, done, strict=True):
        content = one.path.read_bytes()
        alone = write_audio(sound, one.path, RATE, **asked)
        assert (alone, vars(alone), alone.path.read_bytes()) == (one, vars(one), content)


def test_levels_can_be_left_to_all_of_them(tmp_path):
    (done,) = write_audio_batch([[0.5, 0.25]], [tmp_path / "a.wav"], RATE, normalize=False)
    assert soundfile.read(done.path)[0].tolist() == [0.5, 0.25]


def test_one_array_is_taken_apart_along_its_first_axis(tmp_path):
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    write_audio_batch(np.ones((2, 1, 500)), paths, RATE)
    assert [soundfile.info(path).frames for path in paths] == [500, 500]


def test_a_generator_is_asked_for_one_sound_after_the_other(tmp_path):
    def made():
        for number in range(3):
            assert len(list(tmp_path.iterdir())) == number
            yield sounds.sine(frames=500)

    paths = [tmp_path / f"{number}.wav" for number in range(3)]
    assert write_audio_batch(made(), paths, RATE) == [(path, 44 + 1000) for path in paths]


def test_nothing_is_written_where_the_numbers_do_not_agree(tmp_path):
    with pytest.raises(ValueError, match="1 sounds for 2 paths") as refused:
        write_audio_batch([sounds.sine()], [tmp_path / "a.wav", tmp_path / "b.wav"], RATE)
    assert isinstance(refused.value, AudioError)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("again", ["{0}/a.wav", "{0}/deep/../a.wav", "{0}/link/a.wav"])
def test_one_path_is_not_written_to_twice(again, tmp_path):
    (tmp_path / "link").symlink_to(".")
    before = list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="the same path"):
        write_audio_batch([sounds.sine()] * 2, [tmp_path / "a.wav", again.format(tmp_path)], RATE)
    assert list(tmp_path.iterdir()) == before


def test_a_link_is_a_name_of_its_own(tmp_path):
    (tmp_path / "link.wav").symlink_to("a.wav")
    paths = [tmp_path / "a.wav", tmp_path / "link.wav"]
    write_audio_batch([sounds.sine(frames=5), sounds.sine(frames=9)], paths, RATE)
    assert [soundfile.info(path).frames for path in paths] == [5, 9]


def test_a_generator_that_ends_early_or_goes_on_is_told_of(tmp_path):
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for count in (1, 3):
        with pytest.raises(ValueError, match="argument"):
            write_audio_batch((sounds.sine(frames=9) for _ in range(count)), paths, RATE)


def test_an_error_says_which_sound_it_is_about(tmp_path):
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    with pytest.raises(AudioError) as refused:
        write_audio_batch([sounds.sine(), [np.nan]], paths, RATE)
    assert refused.value.__notes__ == [f"This is sound 2 of 2, for {paths[1]}."]
    assert list(tmp_path.iterdir()) == [paths[0]]


def test_of_no_sounds_nothing_is_written():
    assert write_audio_batch([], [], RATE) == []
