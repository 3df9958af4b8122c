"""From float to 16 bits, judged by what dither theory promises."""

import numpy as np
import pytest

from library.audio.dither import HEAD, STEPS, Dither, exact_int16
from library.audio.levels import peak
from tests import sounds


def dithered(samples, seed=1):
    return Dither(seed).to_int16(samples)


@pytest.mark.parametrize("peak_db", [-1, -60, -90, -100])
def test_levels_are_kept_far_below_one_step(peak_db):
    # A 16-bit step is -90.3 dB; only dither carries what is smaller.
    out = dithered(sounds.sine(997, frames=480_000, peak_db=peak_db)) / STEPS
    assert sounds.level_at(out, 997) == pytest.approx(peak_db, abs=0.5 if peak_db < -90 else 0.05)


def test_no_harmonics_of_a_tone_below_one_step():
    out = dithered(sounds.sine(997, frames=480_000, peak_db=-100)) / STEPS
    for harmonic in (2, 3, 5, 7):
        assert sounds.level_at(out, 997 * harmonic) < -100 - 18


def test_the_error_is_half_a_step_and_has_no_mean():
    samples = sounds.sine(997, frames=480_000, peak_db=-10)
    error = dithered(samples) - samples.astype(np.float64) * STEPS
    # TPDF (1/6 step squared) and rounding (1/12): sqrt(1/4) of a step
    assert np.sqrt(np.mean(error**2)) == pytest.approx(0.5, abs=0.01)
    assert abs(error.mean()) < 0.005


def test_the_error_does_not_follow_the_signal():
    samples = sounds.sine(997, frames=480_000, peak_db=-60)
    error = (dithered(samples) - samples.astype(np.float64) * STEPS).reshape(-1)
    spectrum = np.abs(np.fft.rfft(error * np.hanning(len(error)))) / len(error) * 4 / STEPS
    assert 20 * np.log10(spectrum.max()) < -118  # the worst spur


def test_silence_stays_silent():
    assert not dithered(sounds.silence(channels=2)).any()
    assert not dithered(np.full((100, 1), 10 ** (-140 / 20), np.float32)).any()


def test_full_scale_is_held_and_never_wraps():
    loud = np.array([[1.0], [-1.0], [1.5], [-1.5], [0.99999], [-0.99999]] * 1000, np.float32)
    out = dithered(loud)
    assert out.dtype == np.int16
    assert (np.sign(out) == np.sign(loud)).all()
    assert np.abs(out.astype(int)).min() >= 32_765


def test_a_gain_comes_before_rounding():
    samples = sounds.sine(997, peak_db=6)
    out = Dither(1).to_int16(samples, gain=0.5 / peak(samples)) / STEPS
    assert sounds.level_at(out, 997) == pytest.approx(-6.02, abs=0.01)


def test_the_same_seed_gives_the_same_words():
    samples = sounds.noise(frames=100_000, peak_db=-20, channels=2)
    assert np.array_equal(dithered(samples, 7), dithered(samples, 7))
    assert not np.array_equal(dithered(samples, 7), dithered(samples, 8))


def test_the_input_is_not_touched():
    samples = sounds.noise(frames=1_000)
    before = samples.copy()
    dithered(samples)
    assert np.array_equal(samples, before)


def test_words_that_are_16_bit_already_need_no_dither():
    every = np.arange(-STEPS, STEPS, dtype=np.int16)[:, None]
    assert np.array_equal(exact_int16((every / STEPS).astype(np.float32)), every)


@pytest.mark.parametrize("at", [0, HEAD, 9_999])
@pytest.mark.parametrize("off", [1.0, -1.0001, 0.5 / STEPS])
def test_what_is_off_the_grid_is_told(at, off):
    samples = np.zeros((10_000, 1), np.float32)
    samples[at] = off
    assert exact_int16(samples) is None
