"""Where sounds begin: found in spectra, placed to the sample, told from what flickers."""

import numpy as np
import pytest

from library.audio.hearing.onsets import Onsets, onsets
from library.audio.hearing.signal import Collector
from tests import sounds

RATE = 44_100


def heard(samples, rate=RATE) -> Onsets:
    collector = Collector(rate, 1)
    collector.add(samples.astype(np.float32).reshape(-1, 1))
    return onsets(collector.signal(len(samples)))


def struck(frames, at, *, decay=0.05, seed=1):
    """Bursts of noise that decay, at the frames given."""
    dice = np.random.default_rng(seed)
    line = np.zeros(frames)
    for place in at:
        length = frames - place
        line[place:] += dice.uniform(-1, 1, length) * np.exp(-np.arange(length) / (decay * RATE))
    return 0.5 * line


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000, 22_050])
def test_blows_are_found_to_the_millisecond_at_any_rate(rate):
    seconds = np.array([0.1, 0.35, 0.6, 1.1])
    line = np.zeros(int(1.5 * rate))
    fall = np.exp(-np.arange(len(line)) / (0.04 * rate))
    dice = np.random.default_rng(2)
    for second in seconds:
        at = round(second * rate)
        line[at:] += dice.uniform(-1, 1, len(line) - at) * fall[: len(line) - at]
    found = heard(0.5 * line, rate)
    assert found.seconds == pytest.approx(seconds, abs=0.001)
    assert found.strengths.dtype == np.float32
    assert found.strengths.max() == 1
    assert found.strengths.min() > 0


def test_a_sound_that_begins_at_once_begins_at_nought():
    found = heard(struck(RATE, [0]))
    assert found.seconds == pytest.approx([0], abs=0.0005)


def test_a_tone_begins_where_it_last_was_silent():
    tone = np.concatenate([np.zeros(RATE // 2), sounds.sine(220, frames=RATE, rate=RATE)[:, 0]])
    found = heard(tone)
    assert found.seconds == pytest.approx([0.5], abs=0.002)


def test_a_soft_blow_is_found_beside_loud_ones_and_is_weaker():
    loud, soft = struck(2 * RATE, [4_410, 48_510]), struck(2 * RATE, [30_000], seed=3)
    found = heard(loud + 0.1 * soft)
    assert found.seconds == pytest.approx(np.array([4_410, 30_000, 48_510]) / RATE, abs=0.001)
    assert found.strengths[1] < found.strengths[0]


@pytest.mark.parametrize("gap", [0.02, 0.035, 0.045])
def test_two_blows_closer_than_50_ms_are_one(gap):
    found = heard(struck(RATE, [10_000, 10_000 + int(gap * RATE)], decay=0.01))
    assert len(found.seconds) == 1
    assert found.seconds[0] - 10_000 / RATE == pytest.approx(0, abs=0.05)


def test_two_blows_60_ms_apart_are_two():
    found = heard(struck(RATE, [10_000, 10_000 + int(0.06 * RATE)], decay=0.01))
    assert found.seconds == pytest.approx([10_000 / RATE, 10_000 / RATE + 0.06], abs=0.001)


def test_a_bright_blow_is_heard_through_a_loud_low_tone():
    low = 0.5 * sounds.sine(55, frames=2 * RATE, rate=RATE)[:, 0]
    hat = np.diff(struck(2 * RATE, [40_000], decay=0.02), prepend=0)
    found = heard(low + 0.1 * hat)
    assert np.abs(found.seconds - 40_000 / RATE).min() < 0.001


def test_steady_noise_and_vibrato_begin_once_and_their_end_is_no_beginning():
    steady = sounds.noise(frames=3 * RATE)[:, 0]
    moments = np.arange(3 * RATE) / RATE
    phase = 2 * np.pi * 440 * moments + 5 * np.sin(2 * np.pi * 5.5 * moments)
    assert len(heard(steady).seconds) <= 1
    assert len(heard(0.5 * np.sin(phase)).seconds) <= 1


def test_the_level_does_not_matter():
    line = struck(2 * RATE, [4_410, 30_000, 60_000])
    assert heard(0.001 * line).seconds == pytest.approx(heard(line).seconds, abs=0.0005)


@pytest.mark.parametrize("frames", [64, 100, 1_000])
def test_the_shortest_sounds_have_one_beginning_at_most(frames):
    found = heard(sounds.noise(frames=frames)[:, 0])
    assert len(found.seconds) == len(found.strengths) <= 1
