"""Classes: what theory leaves no doubt of, and what holds of every answer."""

import numpy as np
import pytest

from library.audio.classes import COARSE, LOOPS, ONE_SHOTS
from library.audio.hearing.sound_class import class_features, model, sound_class
from library.audio.hearing.strike import Strike
from tests.hearing.heard_signals import RATE, hiss, signal, times, tone


def falling(high_hz, low_hz, seconds=0.4, fall=0.03, decay=0.1):
    """A drum's head: its pitch falls, then it rings."""
    t = times(seconds)
    hertz = low_hz + (high_hz - low_hz) * np.exp(-t / fall)
    return np.sin(2 * np.pi * np.cumsum(hertz) / RATE) * np.exp(-t / decay)


def chord(seconds=2.0):
    return sum(
        tone(hz * number, seconds, 0.8) / number for hz in (262, 330, 392) for number in range(1, 6)
    )


def beaten():
    """Two bars of kick, hat and noise at 120 BPM."""
    line = np.zeros(4 * RATE)
    for step in range(16):
        drum = 0.5 * hiss(0.2, 0.03, seed=step, low_hz=6000)
        if step % 4 == 0:
            drum = drum + falling(200, 50, 0.2)
        if step % 4 == 2:
            drum = drum + hiss(0.2, 0.06, seed=step)
        line[step * RATE // 4 :][: len(drum)] += drum
    return line


def test_a_falling_low_tone_is_a_kick():
    found = sound_class(signal(falling(300, 50)), is_loop=False)
    assert found.name == "kick"
    assert found.coarse == "drum"


@pytest.mark.parametrize("hz", [41, 50, 60])
def test_a_low_tone_that_dies_away_is_no_hat(hz):
    likely = model(is_loop=False).probabilities(features(tone(hz, 0.5, 0.08)))
    assert likely[ONE_SHOTS.index("hat")] + likely[ONE_SHOTS.index("cymbal")] < 0.02


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_short_burst_of_high_noise_is_a_hat(seed):
    found = sound_class(signal(hiss(0.15, 0.025, seed=seed, low_hz=7000)), is_loop=False)
    assert found.name == "hat"
    assert found.confidence > 0.5


def test_a_chord_is_melodic():
    found = sound_class(signal(chord()), is_loop=False)
    assert found.name == "melodic"
    assert found.coarse == "tonal"


def test_a_low_note_with_overtones_is_a_bass():
    t = times(1.5)
    saw = sum(np.sin(2 * np.pi * 55 * number * t) / number for number in range(1, 12))
    found = sound_class(signal(saw * np.minimum(1, 20 * (1.5 - t))), is_loop=False)
    assert found.name == "bass"


def test_drums_are_told_from_chords_in_loops():
    assert sound_class(signal(beaten()), is_loop=True).name == "drums"
    chords = np.concatenate([chord(), chord()])
    assert sound_class(signal(chords), is_loop=True).coarse == "tonal"


def features(line, seconds=1.0):
    return class_features(Strike.of(signal(line).mono), seconds).astype(float)


@pytest.mark.parametrize("is_loop", [False, True])
@pytest.mark.parametrize("line", [falling(200, 60), chord(), hiss(1.0, 1.0), np.ones(100)])
def test_every_answer_is_a_class_and_a_likelihood(line, is_loop):
    classes = LOOPS if is_loop else ONE_SHOTS
    found = sound_class(signal(line), is_loop=is_loop)
    assert {found.name, found.second} <= set(classes)
    assert found.name != found.second
    assert 1 / len(classes) < found.confidence <= 1
    assert found.coarse in COARSE.values()
    assert found.confidence <= found.coarse_confidence + 1e-9 or COARSE[found.name] != found.coarse
    assert found.coarse_confidence <= 1 + 1e-9


@pytest.mark.parametrize("is_loop", [False, True])
def test_models_know_exactly_the_classes_of_the_library(is_loop):
    judge = model(is_loop=is_loop)
    assert judge.classes == (LOOPS if is_loop else ONE_SHOTS)
    assert judge.weights.shape == (len(judge.classes), len(features(chord())))
    assert judge.probabilities(features(chord())).sum() == pytest.approx(1)
