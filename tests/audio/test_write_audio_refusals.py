"""`write_audio`: what is refused, in words, and before anything is written."""

import math

import numpy as np
import pytest
import soundfile

from library.audio import AudioError, write_audio, written
from tests import sounds

RATE = 48_000


@pytest.fixture
def target(tmp_path):
    return tmp_path / "sound.wav"


@pytest.mark.parametrize(
    "shape", [(), (0,), (0, 2), (2, 0), (0, 0), (3, 3), (3, 400), (400, 3), (1, 2, 400), (1, 1, 1)]
)
def test_any_other_shape_is_refused_by_its_name(shape, target):
    with pytest.raises(ValueError, match="shape") as refused:
        write_audio(np.zeros(shape, np.float32), target, RATE)
    assert str(shape) in str(refused.value)
    assert isinstance(refused.value, AudioError)
    assert not target.exists()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300, -1e300, 2e9])
@pytest.mark.parametrize("normalize", [True, False])
def test_what_is_no_number_is_refused(value, normalize, target):
    array = np.zeros((500, 2))
    array[499, 1] = value
    with pytest.raises(ValueError, match="the audio holds values that are"):
        write_audio(array, target, RATE, normalize=normalize)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(
    "array",
    [
        np.zeros(9, np.int64),
        np.zeros(9, np.uint64),
        np.zeros(9, bool),
        np.zeros(9, complex),
        np.array(["a", "b"]),
        [0, 1, 2],
        "a sound",
        None,
        object(),
        [[0.0, 1.0], [0.0]],
    ],
)
def test_what_holds_no_samples_is_refused(array, target):
    with pytest.raises(ValueError, match=r"are no audio|cannot become an array"):
        write_audio(array, target, RATE)


@pytest.mark.parametrize(
    "rate", [0, -48_000, 3999, 384_001, 44_100.5, math.nan, math.inf, None, "48000", "x", True]
)
def test_a_rate_that_is_none_is_refused(rate, target):
    with pytest.raises(ValueError, match="rate") as refused:
        write_audio(sounds.sine(), target, rate)
    assert isinstance(refused.value, AudioError)


@pytest.mark.parametrize("bit_depth", ["PCM_8", "pcm_16", None, 16, ["PCM_16"]])
def test_another_depth_is_refused_and_told_which_there_are(bit_depth, target):
    with pytest.raises(AudioError, match="PCM_16, PCM_24, PCM_32, FLOAT"):
        write_audio(sounds.sine(), target, RATE, bit_depth=bit_depth)


@pytest.mark.parametrize("lufs", [0.1, -70.1, math.nan, math.inf, -math.inf])
def test_a_loudness_that_no_sound_can_have_is_refused(lufs, target):
    with pytest.raises(ValueError, match="outside -70 to 0"):
        write_audio(sounds.sine(), target, RATE, target_lufs=lufs)


@pytest.mark.parametrize("lufs", ["x", "-16", None, [-16.0], 1j])
@pytest.mark.parametrize("normalize", [True, False])
def test_what_is_no_loudness_is_refused(lufs, normalize, target):
    with pytest.raises(AudioError, match="is no loudness in LUFS"):
        write_audio(sounds.sine(), target, RATE, target_lufs=lufs, normalize=normalize)


def test_what_is_masked_is_not_written_as_if_it_were_not(target):
    loud = np.ma.masked_greater(np.array([0.25, 0.5, 9.0]), 1)
    with pytest.raises(AudioError, match="masked"):
        write_audio(loud, target, RATE)
    assert not target.exists()
    for wanted in (loud.filled(0), loud[:2]):
        write_audio(wanted, target, RATE, normalize=False)
        assert soundfile.read(target)[0].tolist() == wanted.tolist()


def test_an_hour_is_the_most(target):
    array = np.broadcast_to(np.float32(0), (3600 * 4000 + 1,))
    with pytest.raises(ValueError, match="longer than 60 minutes"):
        write_audio(array, target, 4000)


def test_a_file_that_no_wav_can_tell_of_is_refused(target, monkeypatch):
    monkeypatch.setattr(written, "MOST_BYTES", 199)
    write_audio(np.ones(99), target, RATE)
    with pytest.raises(ValueError, match="4 GiB"):
        write_audio(np.ones(50), target, RATE, bit_depth="FLOAT")
    assert soundfile.info(target).frames == 99
