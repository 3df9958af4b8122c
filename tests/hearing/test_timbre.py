"""Numbers of timbre: what theory says of decays, spectra and tones, and what must not matter."""

import numpy as np
import pytest

from library.audio.hearing.decay import decay, falls
from library.audio.hearing.signal import LOW_RATE
from library.audio.hearing.spectral_shape import SHAPES, cosines, moments, shape
from library.audio.hearing.strike import FEWEST, LEAD, Strike
from library.audio.hearing.timbre import COUNT, timbre
from tests.hearing.heard_signals import hiss, signal, tone

LENGTH, EFFECTIVE, ATTACK, TEN, TWENTY, FORTY = range(6)
CROSSINGS, BURSTS = 13, 15
SHARE, TONES, LOWEST, HIGHEST = range(149, 153)
LATER = 156


def strike_of(line, rate=44_100):
    return Strike.of(signal(line, rate).mono)


def test_cosines_are_of_length_one_and_at_right_angles():
    assert cosines().T @ cosines() == pytest.approx(np.eye(13), abs=1e-5)


def test_moments_of_one_bin_are_its_frequency():
    power = np.zeros(513, np.float32)
    power[100] = 1
    hertz = 100 * LOW_RATE / 1024
    centroid, width, rolled, flatness = moments(power)
    assert centroid == pytest.approx(np.log2(hertz), abs=1e-3)
    assert width == pytest.approx(np.log2(20), abs=1e-3)
    assert rolled == pytest.approx(np.log2(hertz), abs=1e-3)
    assert flatness < -40


def test_a_flat_spectrum_is_flat_and_has_its_centre_in_the_middle():
    power = np.ones(513, np.float32)
    centroid, _, rolled, flatness = moments(power)
    assert centroid == pytest.approx(np.log2(LOW_RATE / 4), abs=0.01)
    assert rolled == pytest.approx(np.log2(0.85 * LOW_RATE / 2), abs=0.01)
    assert flatness == pytest.approx(0, abs=1e-3)


def test_shares_of_bands_are_in_decibels_of_all():
    power = np.zeros(513, np.float32)
    power[[1, 400]] = 0.5
    shares = shape(power)[-6:]
    assert len(shape(power)) == SHAPES
    assert shares[[0, 5]] == pytest.approx([-3.01, -3.01], abs=0.01)
    assert shares[1:5] == pytest.approx(-60)


@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.3])
def test_falls_take_as_long_as_an_exponential_says(seconds):
    """10 dB are ln(10) / 2 times the decay of the amplitude, 20 and 40 dB twice and four times."""
    numbers = decay(strike_of(tone(1000, 2.0, seconds)), 2.0)
    expected = np.log2(np.array([0.5, 1, 2]) * np.log(10) * seconds)
    assert [numbers[at] for at in (TEN, TWENTY, FORTY)] == pytest.approx(expected, abs=0.2)
    assert numbers[LENGTH] == pytest.approx(1)
    assert numbers[EFFECTIVE] == pytest.approx(expected[2], abs=0.2)
    assert numbers[ATTACK] < np.log2(0.01)


def test_crossings_are_two_a_period():
    numbers = decay(strike_of(tone(500, 1.0, 1.0)), 1.0)
    assert numbers[CROSSINGS] == pytest.approx(np.log2(1000), abs=0.05)


def test_a_clap_has_more_than_one_burst():
    line = np.zeros(12_000)
    for at in (0, 600, 1200):
        line[at : at + 4000] += hiss(4000 / 44_100, 0.002)[:4000]
    assert decay(strike_of(line), 0.3)[BURSTS] > 0
    assert decay(strike_of(tone(200)), 0.5)[BURSTS] == 0


def test_low_rings_longer_than_high_where_it_does():
    low, _, high = falls(strike_of(tone(100, 1.0, 0.2) + hiss(1.0, 0.01, low_hz=4000)))
    assert low == pytest.approx(np.log2(0.2 * np.log(10)), abs=0.3)
    assert high < low - 2


def test_a_chord_is_made_of_its_tones():
    chord = sum(tone(hz, 1.0, 1.0) for hz in (220, 277.2, 329.6))
    numbers = timbre(strike_of(chord), 1.0)
    assert numbers[SHARE] > 0.9
    assert numbers[TONES] == pytest.approx(np.log2(4))
    assert numbers[LOWEST] == pytest.approx(3, abs=0.05)
    assert numbers[HIGHEST] == pytest.approx(np.log2(329.6 / 27.5), abs=0.05)


def test_noise_has_hardly_any_tones():
    assert timbre(strike_of(hiss(1.0, 1.0)), 1.0)[SHARE] < 0.2


def test_what_begins_later_is_counted():
    line = np.zeros(44_100)
    for at in (0, 11_025, 22_050, 33_075):
        line[at : at + 8000] += hiss(8000 / 44_100, 0.02)[:8000]
    numbers = timbre(strike_of(line), 1.0)[LATER:]
    assert numbers[0] == pytest.approx(2)
    assert numbers[5] == pytest.approx(0.25, abs=0.03)
    assert timbre(strike_of(tone(220)), 0.5)[LATER] == 0


@pytest.mark.parametrize("line", [tone(60), hiss(), tone(440, 3.0, 1.0)])
def test_level_and_silence_before_do_not_matter(line):
    usual = timbre(strike_of(line), 1.0)
    softer = timbre(strike_of(0.01 * line), 1.0)
    later = timbre(strike_of(np.concatenate([np.zeros(4410), line])), 1.0)
    assert softer == pytest.approx(usual, abs=0.02)
    assert np.median(np.abs(later - usual)) < 0.05


@pytest.mark.parametrize("frames", [1, 63, 64, 65, 300, 900, 1000, 2000])
def test_the_shortest_sounds_have_numbers_too(frames):
    line = np.random.default_rng(frames).uniform(-1, 1, frames).astype(np.float32)
    numbers = timbre(Strike.of(line), frames / LOW_RATE)
    assert numbers.shape == (COUNT,)
    assert numbers.dtype == np.float32
    assert np.isfinite(numbers).all()


def test_a_strike_starts_just_before_what_is_heard():
    line = np.zeros(5000, np.float32)
    line[3000:3010] = 0.5
    found = Strike.of(line).samples
    assert found[LEAD] == 1
    assert not found[:LEAD].any()
    assert len(Strike.of(line[:3010]).samples) == FEWEST


def test_constant_sound_has_numbers():
    numbers = timbre(Strike.of(np.ones(8000, np.float32)), 0.4)
    assert np.isfinite(numbers).all()
