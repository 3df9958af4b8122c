"""Loudness: ITU-R BS.1770-4 and the signals of EBU Tech 3341, made here."""

import math

import numpy as np
import pytest

from library.audio.loudness import LoudnessMeter
from library.audio.units import db_to_gain
from tests import sounds

RATE = 48_000
HOLD = 19_200  # the shortest sound that the standard can measure: 400 ms

# BS.1770-4 tables 1 and 2 once more, whole: numerators and denominators at 48 kHz
FILTERS = (
    (
        (1.53512485958697, -2.69169618940638, 1.19839281085285),
        (1, -1.69065929318241, 0.73248077421585),
    ),
    ((1, -2, 1), (1, -1.99004745483398, 0.99007225036621)),
)


def measured(samples, block=65_536):
    meter = LoudnessMeter(samples.shape[1])
    for start in range(0, len(samples), block):
        meter.add(samples[start : start + block])
    return meter


def tones(*parts, channels=2):
    """One tone whose level changes: (seconds, peak in dBFS), ..."""
    lengths = [round(seconds * RATE) for seconds, _ in parts]
    gains = np.repeat([db_to_gain(level) for _, level in parts], lengths).astype(np.float32)
    return sounds.sine(1000, frames=sum(lengths), peak_db=0, channels=channels) * gains[:, None]


def power_response(hz):
    """Analytic power gain of K-weighting."""
    delay = np.exp(-2j * np.pi * np.asarray(hz) / RATE)
    gain = 1
    for numerator, denominator in FILTERS:
        gain = gain * np.polyval(numerator[::-1], delay) / np.polyval(denominator[::-1], delay)
    return np.abs(gain) ** 2


def filtered(line):
    """K-weight one channel by the difference equations, in float64."""
    for (b0, b1, b2), (_, a1, a2) in FILTERS:
        out = np.zeros(len(line))
        first = second = 0.0
        for place, value in enumerate(np.asarray(line, np.float64)):
            out[place] = b0 * value + first
            first = b1 * value - a1 * out[place] + second
            second = b2 * value - a2 * out[place]
        line = out
    return line


def test_full_scale_at_997_hz_is_minus_3_01():
    meter = measured(sounds.sine(997, frames=5 * RATE, peak_db=0))
    assert meter.integrated() == pytest.approx(-3.01, abs=0.01)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([(20, -23)], -23, id="case 1"),
        pytest.param([(20, -33)], -33, id="case 2"),
        pytest.param([(10, -36), (60, -23), (10, -36)], -23, id="case 3, relative gate"),
        pytest.param(
            [(10, -72), (10, -36), (60, -23), (10, -36), (10, -72)], -23, id="case 4, both gates"
        ),
        pytest.param([(20, -26), (20.1, -20), (20, -26)], -23, id="case 5, nothing gated"),
        pytest.param([(1.34, -20), (1.66, -30)] * 5, -23, id="case 9, its mean"),
    ],
)
def test_signals_of_tech_3341(parts, expected):
    assert measured(tones(*parts)).integrated() == pytest.approx(expected, abs=0.1)


def test_the_second_channel_counts_as_much_as_the_first():
    tone = tones((5, -23), channels=1)
    silence = np.zeros_like(tone)
    alone = measured(tone).integrated()
    assert measured(np.hstack((tone, silence))).integrated() == pytest.approx(alone, abs=1e-5)
    assert measured(np.hstack((silence, tone))).integrated() == pytest.approx(alone, abs=1e-5)
    assert measured(np.hstack((tone, tone))).integrated() == pytest.approx(alone + 3.0103, abs=1e-4)


@pytest.mark.parametrize(
    "hz", [25, 31.5, 50, 100, 500, 1000, 2000, 4000, 8000, 12_500, 16_000, 20_000]
)
def test_each_pitch_weighs_what_the_transfer_function_says(hz):
    tone = sounds.sine(hz, frames=10 * RATE, peak_db=-20)
    expected = -0.691 + 10 * math.log10(power_response(hz) * 0.01 / 2)
    assert measured(tone).integrated() == pytest.approx(expected, abs=0.002)


def test_energies_are_those_of_the_difference_equations():
    noise = sounds.noise(frames=38_400)
    expected = np.square(filtered(noise[:, 0])).reshape(-1, 4_800).mean(axis=1)
    np.testing.assert_allclose(measured(noise).energies, expected, rtol=2e-6)


def test_what_is_soft_is_not_lost_beside_a_constant():
    soft = sounds.noise(frames=38_400, peak_db=-86) + np.float32(0.9)
    expected = np.square(filtered(soft[:, 0])).reshape(-1, 4_800).mean(axis=1)
    np.testing.assert_allclose(measured(soft).energies, expected, rtol=5e-4)


@pytest.mark.parametrize("block", [1, 31, 32, 799, 4_800, 19_201, 65_536])
@pytest.mark.parametrize("channels", [1, 2])
def test_blocks_of_any_size_measure_the_same_to_the_last_bit(block, channels):
    noise = sounds.noise(frames=43_210, channels=channels)
    meter = measured(noise, block)
    meter.add(noise[:0])
    np.testing.assert_array_equal(meter.energies, measured(noise, len(noise)).energies)


def test_a_look_in_between_changes_nothing():
    noise = sounds.noise(frames=50_000, channels=2)
    meter = LoudnessMeter(2)
    meter.add(noise[:30_000])
    assert len(meter.energies) == 6
    assert len(meter.energies) == 6
    meter.add(noise[30_000:])
    np.testing.assert_array_equal(meter.energies, measured(noise).energies)


def test_an_unfinished_tenth_of_a_second_does_not_count():
    noise = sounds.noise(frames=HOLD + 4_799)
    meter = measured(noise)
    assert len(meter.energies) == 4
    assert meter.integrated() == measured(noise[:HOLD]).integrated()
    assert len(measured(sounds.noise(frames=HOLD + 4_800)).energies) == 5


def test_a_short_sound_is_one_gating_block_that_silence_fills():
    noise = sounds.noise(frames=9_600)
    filled = np.vstack((noise, sounds.silence(frames=9_600)))
    assert measured(noise).integrated() == measured(filled).integrated()
    whole = sounds.noise(frames=HOLD)
    assert measured(noise).integrated() == pytest.approx(
        measured(whole).integrated() - 3.01, abs=0.1
    )


def test_loudness_is_continuous_at_400_ms():
    tone = sounds.sine(1000, frames=HOLD + 1)
    before, at, after = (measured(tone[:frames]).integrated() for frames in (19_199, HOLD, 19_201))
    assert before == pytest.approx(at, abs=0.001)
    assert after == at


def test_a_click_has_the_loudness_of_its_energy():
    weights = power_response((np.arange(RATE) + 0.5) / 2)  # up to 24 kHz; Parseval: their mean
    expected = -0.691 + 10 * math.log10(weights.mean() / HOLD)
    assert measured(sounds.click(frames=1)).integrated() == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("frames", [0, 1, HOLD, 5 * RATE])
def test_silence_has_no_loudness_and_no_gain(frames):
    meter = measured(sounds.silence(frames=frames, channels=2))
    assert meter.integrated() == -math.inf
    assert meter.gain_for(-16) == 1.0


def test_below_minus_70_nothing_counts_until_it_is_raised():
    meter = measured(tones((5, -71)))
    assert meter.integrated() == -math.inf
    assert meter.gain_for(-16) == 1.0
    assert meter.integrated(gain=10) == pytest.approx(-51, abs=0.05)


@pytest.mark.parametrize("target", [-30.0, -23.0, -16.0, -14.0])
def test_the_gain_leads_to_the_target(target):
    noise = sounds.noise(frames=3 * RATE, channels=2, peak_db=-20)
    meter = measured(noise)
    gain = meter.gain_for(target)
    assert meter.integrated(gain) == pytest.approx(target, abs=1e-9)
    assert measured(noise * np.float32(gain)).integrated() == pytest.approx(target, abs=1e-4)


def test_the_gain_counts_what_it_lifts_over_the_gate():
    """A stroke over a bed of -71.5 LUFS: raised, the bed is above -70, and its mean counts too."""
    strum = tones((0.5, -55), (4, -66), (20, -71.5))
    meter = measured(strum)
    at_once = db_to_gain(-45 - meter.integrated())
    assert meter.integrated(at_once) < -48
    gain = meter.gain_for(-45)
    assert measured(strum * np.float32(gain)).integrated() == pytest.approx(-45, abs=1e-4)


def test_nothing_is_raised_by_more_than_24_db():
    meter = measured(tones((5, -60)))
    assert meter.gain_for(-16) == pytest.approx(db_to_gain(24), rel=1e-12)


def test_absurd_levels_give_numbers_all_the_same():
    meter = measured(np.full((RATE, 1), np.finfo(np.float32).max) * sounds.noise(peak_db=0))
    assert 290 < meter.integrated() < 310
    assert measured(np.full((RATE, 1), np.inf, np.float32)).gain_for(-16) < 1e-9


@pytest.mark.parametrize("rate", [4_001, 11_025, 44_100, 48_000, 192_000, 384_000])
@pytest.mark.parametrize("seconds", [0.001, 0.3, 0.45, 1.23])
def test_any_rate_in_blocks_of_any_size(rate, seconds):
    tone = sounds.sine(500, frames=max(1, round(seconds * rate)), rate=rate, peak_db=-20)
    whole, pieces = LoudnessMeter(1, rate), LoudnessMeter(1, rate)
    whole.add(tone)
    for start in range(0, len(tone), 1_777):
        pieces.add(tone[start : start + 1_777])
    assert pieces.energies.tolist() == whole.energies.tolist()
    assert len(whole.energies) == max(4, len(tone) // round(rate / 10))
    if seconds > 0.1:
        held = 10 * np.log10(min(1, seconds / 0.4))
        steady = -0.691 + 10 * np.log10(power_response(np.array([500.0]))[0] / 2) - 20
        assert whole.integrated() == pytest.approx(steady + held, abs=0.2)
