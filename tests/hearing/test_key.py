"""The key of scales and chords that are known, at every tonic."""

import numpy as np
import pytest

from library import keys
from library.audio.hearing import key_profiles
from library.audio.hearing.chroma import NAMES, chromas
from library.audio.hearing.key import FEATURES, NO_KEY, Key, chosen, features, key, model
from library.audio.hearing.signal import Collector

RATE = 44_100
MAJOR, MINOR = (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10)
EVERY = [(tonic, minor) for minor in (False, True) for tonic in range(12)]
LIKELY, TONAL = 0.5, 0.6


def tone(pitch, seconds, cents=0.0):
    """A plucked tone of six partials."""
    clock = np.arange(int(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((pitch + cents / 100 - 69) / 12)
    partials = [np.sin(2 * np.pi * hertz * n * clock) / n**1.5 for n in range(1, 7)]
    return np.sum(partials, axis=0) * np.exp(-2 * clock)


def chord(pitches, seconds=1.0, cents=0.0):
    return np.sum([tone(pitch, seconds, cents) for pitch in pitches], axis=0)


def triad(root, minor, seconds=1.0, cents=0.0):
    return chord([root - 12, root, root + 4 - minor, root + 7], seconds, cents)


def cadence(tonic, minor, cents=0.0):
    """Tonic, subdominant, dominant and home, and a scale up to the tonic on top."""
    root = 48 + tonic
    chords = np.concatenate(
        [triad(root + up, minor, cents=cents) for up in (0, 5)]
        + [triad(root + 7, minor=False, cents=cents), triad(root, minor, cents=cents)]
    )
    ladder = MINOR if minor else MAJOR
    scale = np.concatenate([tone(root + 12 + step, 0.5, cents) for step in (*ladder, 12)])
    return chords + 0.7 * scale


def heard(samples):
    """Return the key of one channel at 44.1 kHz."""
    block = (0.2 * samples).astype(np.float32)[:, None]
    collector = Collector(RATE, 1)
    collector.add(block)
    return key(collector.signal(len(block)))


def answer(found):
    return found.tonic, found.is_minor


@pytest.mark.parametrize(("tonic", "minor"), EVERY)
def test_a_cadence_is_in_its_key(tonic, minor):
    found = heard(cadence(tonic, minor))
    assert answer(found) == (tonic, minor)
    assert found.confidence >= LIKELY
    assert found.tonality >= TONAL


@pytest.mark.parametrize(("tonic", "minor"), EVERY)
def test_a_chord_is_in_the_key_of_its_root(tonic, minor):
    found = heard(triad(48 + tonic, minor, seconds=2.0))
    assert answer(found) == (tonic, minor)
    assert found.tonality >= TONAL


@pytest.mark.parametrize("cents", [-30, 30])
@pytest.mark.parametrize(("tonic", "minor"), [(0, False), (6, True), (9, True), (11, False)])
def test_a_detuned_instrument_is_in_the_key_it_means(tonic, minor, cents):
    assert answer(heard(cadence(tonic, minor, cents))) == (tonic, minor)


def test_what_is_transposed_has_its_key_transposed():
    home = heard(cadence(0, minor=True))
    for up in range(1, 12):
        found = heard(cadence(up, minor=True))
        assert answer(found) == (up, True)
        assert found.confidence == pytest.approx(home.confidence, abs=0.15)


def test_the_candidates_of_turned_chromas_are_the_same_in_another_order():
    pitches = np.random.default_rng(404).random((len(NAMES), 12))
    plain = features(pitches).reshape(2, 12, -1)
    turned = features(np.roll(pitches, 5, axis=1)).reshape(2, 12, -1)
    np.testing.assert_allclose(np.roll(plain, 5, axis=1), turned, atol=1e-12)


def test_a_candidate_has_237_numbers_of_its_own_mode():
    rows = features(np.random.default_rng(404).random((len(NAMES), 12)))
    assert rows.shape == (24, len(FEATURES)) == (24, 237)
    major = np.array([name.startswith("major") for name in FEATURES])
    minor = np.array([name.startswith("minor ") for name in FEATURES])
    assert not rows[:12, minor].any()
    assert not rows[12:, major].any()
    assert rows[:, FEATURES.index("minor")].tolist() == [0] * 12 + [1] * 12


def test_the_model_is_made_for_these_numbers():
    assert model().names == FEATURES


def test_the_runner_up_is_another_key():
    found = heard(cadence(9, minor=True))
    assert found.name == "Am"
    assert found.second_name in set(keys.CAMELOT) - {"Am"}
    assert found.second is not None


def test_keys_are_written_as_the_library_writes_them():
    found = Key(6, is_minor=False, confidence=0.9, second=(10, True), tonality=1.0)
    assert (found.name, found.second_name) == ("F#", "Bbm")
    assert (NO_KEY.name, NO_KEY.second_name) == ("", "")


def test_silence_has_no_key():
    nothing = chromas(np.zeros(22_050, np.float32), 22_050)
    assert chosen(nothing.chromas, nothing.tonality, model()) == NO_KEY


def test_noise_is_not_tonal():
    noise = np.random.default_rng(404).uniform(-1, 1, 2 * RATE)
    assert heard(noise).tonality < TONAL


def test_drums_show_no_key():
    clock = np.arange(RATE // 2) / RATE
    kick = np.sin(2 * np.pi * (50 * clock - 12 * np.exp(-30 * clock))) * np.exp(-12 * clock)
    hiss = np.random.default_rng(404).uniform(-1, 1, len(clock)) * np.exp(-25 * clock)
    found = heard(np.concatenate([kick + 0.3 * hiss, 0.8 * hiss] * 4))
    assert found.tonality < TONAL or found.confidence < LIKELY


@pytest.mark.parametrize("frames", [64, 500, 4000])
def test_the_shortest_sounds_have_an_answer(frames):
    found = heard(tone(69, 1.0)[:frames])
    assert found.tonic in range(12)
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("mode", [0, 1])
def test_profiles_are_highest_on_the_tonic(mode):
    for name, profile in key_profiles.PROFILES.items():
        assert len(profile[mode]) == 12, name
        assert int(np.argmax(profile[mode])) == 0, name
    assert (key_profiles.SHAPES[:, mode] ** 2).sum(axis=1) == pytest.approx(1)
    assert key_profiles.SHAPES[:, mode].sum(axis=1) == pytest.approx(0, abs=1e-9)


def test_what_does_not_vary_correlates_with_nothing():
    assert np.abs(key_profiles.standardised(np.full(12, 0.3))).max() < 1e-6
