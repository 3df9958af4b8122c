"""True peak: the tones of EBU Tech 3341, pulses between frames, nothing lost by pruning."""

import math

import numpy as np
import pytest

from library.audio import truepeak
from library.audio.truepeak import TruePeakMeter
from library.audio.units import gain_to_db
from tests import sounds

RATE = 48_000
LINE = truepeak.LINE


def measured(samples, block=65_536, floor=0.0):
    meter = TruePeakMeter(samples.shape[1], floor)
    for start in range(0, len(samples), block):
        meter.add(samples[start : start + block])
    return meter.peak


def tone(part_of_rate, phase_degrees, amplitude):
    """A stereo tone that fades in and out, as the EBU's files do: a hard start would ring."""
    frames = np.arange(RATE)
    fade = np.minimum(1, np.minimum(frames, frames[::-1]) / 4_800)
    turns = frames * part_of_rate + phase_degrees / 360
    line = amplitude * fade * np.sin(2 * np.pi * turns)
    return np.repeat(line[:, None], 2, axis=1).astype(np.float32)


@pytest.mark.parametrize(
    ("part_of_rate", "phase", "amplitude", "expected"),
    [
        pytest.param(1 / 4, 0, 0.5, -6.0, id="case 15"),
        pytest.param(1 / 4, 45, 0.5, -6.0, id="case 16"),
        pytest.param(1 / 6, 60, 0.5, -6.0, id="case 17"),
        pytest.param(1 / 8, 67.5, 0.5, -6.0, id="case 18"),
        pytest.param(1 / 4, 45, 1.41, 3.0, id="case 19"),
    ],
)
def test_tones_of_tech_3341(part_of_rate, phase, amplitude, expected):
    peak_db = gain_to_db(measured(tone(part_of_rate, phase, amplitude)))
    assert -0.4 <= peak_db - expected <= 0.2
    assert peak_db == pytest.approx(gain_to_db(amplitude), abs=0.05)


@pytest.mark.parametrize("start", [0, 13, LINE - 1, LINE, LINE + 15, RATE - 2])
def test_between_two_equal_frames_it_is_higher_wherever_they_stand(start):
    pulse = sounds.click(at=start, frames=RATE, peak_db=-6)
    pulse[start + 1] = pulse[start]
    rise = gain_to_db(measured(pulse) / pulse.max())
    assert rise == pytest.approx(gain_to_db(4 / math.pi), abs=0.1)  # two sincs half a frame away


def test_it_follows_ideal_interpolation():
    """Band-limited noise that repeats: zeros after its spectrum interpolate it exactly."""
    spectrum = np.fft.rfft(sounds.noise(frames=RATE)[:, 0])
    spectrum[20_000:] = 0
    noise = np.fft.irfft(spectrum)
    ideal = 4 * np.abs(np.fft.irfft(spectrum, 4 * RATE)).max()
    twice = np.tile(noise, 2)[:, None].astype(np.float32)
    assert gain_to_db(measured(twice) / ideal) == pytest.approx(0, abs=0.05)


def test_it_is_never_below_the_highest_frame():
    assert measured(sounds.click(at=100, peak_db=-3)) >= sounds.click(peak_db=-3).max()
    assert measured(-sounds.click(at=100, peak_db=-3)) >= sounds.click(peak_db=-3).max()
    assert measured(sounds.click(frames=1)) >= 1


def test_the_louder_channel_decides():
    left, right = tone(1 / 4, 45, 0.5)[:, :1], tone(1 / 4, 45, 0.25)[:, :1]
    assert measured(np.hstack((left, right))) == measured(np.hstack((right, left)))
    assert measured(np.hstack((left, right))) == pytest.approx(measured(left), rel=1e-6)


@pytest.mark.parametrize("block", [1, 31, 32, 799, 19_201])
def test_blocks_of_any_size_measure_the_same_to_the_last_bit(block):
    noise = sounds.noise(frames=43_210, channels=2)
    assert measured(noise, block) == measured(noise, len(noise))


def test_a_look_in_between_changes_nothing():
    noise = sounds.noise(frames=50_000, channels=2)
    meter = TruePeakMeter(2)
    meter.add(noise[:30_000])
    assert meter.peak == meter.peak == measured(noise[:30_000])
    meter.add(noise[30_000:])
    assert meter.peak == measured(noise)


@pytest.mark.parametrize("seed", range(5))
def test_pruning_changes_nothing(monkeypatch, seed):
    frames = np.arange(60_000)
    shape = np.exp(-frames / 9_000) * (1.2 + np.sin(frames / 700))
    noise = sounds.noise(frames=60_000, channels=2, seed=seed, peak_db=-2)
    noise *= shape.astype(np.float32)[:, None]
    pruned = measured(noise)
    monkeypatch.setattr(truepeak, "ROUNDING", math.inf)  # every block may hold the peak
    assert measured(noise) == pytest.approx(pruned, rel=1e-6)


def test_a_floor_spares_work_but_not_what_is_above_it():
    loud = tone(1 / 4, 45, 0.5)
    assert measured(loud, floor=0.49) == pytest.approx(measured(loud), rel=1e-6)
    assert measured(loud, floor=0.6) <= 0.6
    assert measured(loud, floor=10) == loud.max()  # not one point was worth the work


def test_silence_and_nothing_have_no_peak():
    assert measured(sounds.silence(channels=2)) == 0
    assert measured(sounds.silence(frames=0)) == 0


def test_absurd_levels_give_numbers_all_the_same():
    assert math.isfinite(measured(np.full((RATE, 1), np.inf, np.float32)))
