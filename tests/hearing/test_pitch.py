"""The pitch of a struck sound: sines by their frequency, noise by its lack of one."""

import numpy as np
import pytest

from library.audio.hearing.pitch import pitch
from library.audio.hearing.signal import LOW_RATE


def wave(hz, seconds=0.5):
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * LOW_RATE)) / LOW_RATE).astype("f4")


@pytest.mark.parametrize("hz", [41.2, 110, 261.6, 440, 987.8])
def test_a_sine_has_its_frequency_and_is_clear(hz):
    found, clear = pitch(wave(hz), 1000)
    assert found == pytest.approx(hz, rel=0.01)
    assert clear > 0.99


def test_of_a_harmonic_sound_the_fundamental_is_the_pitch():
    sound = sum(wave(110 * number) / number for number in range(1, 8))
    assert pitch(sound, 0)[0] == pytest.approx(110, rel=0.01)


def test_noise_is_unclear():
    noise = np.random.default_rng(1).standard_normal(8000).astype("f4")
    assert pitch(noise, 0)[1] < 0.3


@pytest.mark.parametrize(
    ("sound", "start"),
    [(np.zeros(8000, "f4"), 0), (wave(440), 12_000), (np.ones(8000, "f4"), 0)],
)
def test_silence_the_end_and_a_constant_have_none(sound, start):
    assert pitch(sound, start) == (0.0, 0.0)


def test_what_does_not_come_again_has_none():
    click = np.zeros(8000, "f4")
    click[100] = 1
    assert pitch(click, 0)[1] < 0.1


@pytest.mark.parametrize("hz", [15, 20, 25])
def test_what_lies_below_hearing_has_none(hz):
    assert pitch(wave(hz), 0) == (0.0, 0.0)
