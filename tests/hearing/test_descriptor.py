"""Descriptors: 64 numbers that stay the same for the same sound and tell others from it."""

import numpy as np
import pytest
import soxr

from library.audio.hearing.descriptor import COUNT, LIMIT, descriptor, measured
from library.audio.hearing.signal import LOW_RATE
from library.audio.hearing.strike import Strike
from tests.hearing.heard_signals import RATE, hiss, signal, tone

SOUNDS = {
    "low": tone(60, 0.5, 0.1),
    "high": hiss(0.2, 0.03, low_hz=6000),
    "note": sum(tone(220 * number, 1.5, 0.5) / number for number in range(1, 6)),
    "noise": hiss(2.5, 1.0),
}


def likeness(one, other):
    one, other = one.astype(float), other.astype(float)
    return one @ other / np.linalg.norm(one) / np.linalg.norm(other)


@pytest.mark.parametrize("name", SOUNDS)
def test_a_descriptor_is_64_halves_within_its_limit(name):
    found = descriptor(signal(SOUNDS[name]))
    assert found.shape == (COUNT,)
    assert found.dtype == np.float16
    assert np.abs(found).max() <= LIMIT


@pytest.mark.parametrize("name", SOUNDS)
def test_level_rate_and_silence_hardly_matter(name):
    usual = descriptor(signal(SOUNDS[name]))
    softer = descriptor(signal(0.05 * SOUNDS[name]))
    slower = descriptor(signal(soxr.resample(SOUNDS[name], RATE, 48_000), 48_000))
    later = descriptor(signal(np.pad(SOUNDS[name], (5000, 9000))))
    for changed in (softer, slower, later):
        assert likeness(usual, changed) > 0.95


def test_other_hits_of_a_drum_are_near_and_other_drums_far():
    hat = descriptor(signal(SOUNDS["high"]))
    again = descriptor(signal(hiss(0.2, 0.03, seed=9, low_hz=6000)))
    assert likeness(hat, again) > 0.9
    for name in ("low", "note", "noise"):
        assert likeness(hat, descriptor(signal(SOUNDS[name]))) < 0.5


def test_levels_after_the_loudest_are_those_of_an_exponential():
    """A decay of 0.1 s falls by 8.686 dB in each 0.1 s, down to where nothing is told apart."""
    levels = measured(Strike.of(signal(tone(1000, 1.0, 0.1)).mono))[47:55]
    seconds = np.array([0.01, 0.03, 0.06, 0.1, 0.2, 0.4])
    assert levels[:6] == pytest.approx(-86.86 * seconds, abs=1.0)
    assert levels[6:] == pytest.approx([-60, -60])


@pytest.mark.parametrize("frames", [64, 300, 1300, 2000])
def test_the_shortest_have_one(frames):
    line = np.random.default_rng(frames).uniform(-1, 1, frames).astype(np.float32)
    assert np.isfinite(measured(Strike.of(line))).all()
    assert frames < LOW_RATE
