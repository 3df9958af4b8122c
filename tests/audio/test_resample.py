"""Resampling against theory: lengths, passband, images."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from library.audio.errors import ResamplingFailed
from library.audio.resample import resampled
from library.audio.units import resampled_frames
from tests import sounds

EDGE = 4_800
"""Frames left out at each end: the filter's run-in."""


def converted(samples, rate, block=65_536):
    pieces = [samples[start : start + block] for start in range(0, len(samples), block)]
    return np.concatenate(list(resampled(pieces, rate)))


@settings(deadline=None, max_examples=150)
@example(frames=1, rate=384_000, block=1)
@example(frames=1, rate=4_000, block=1)
@example(frames=44_100, rate=44_100, block=4_096)
@given(
    frames=st.integers(1, 30_000),
    rate=st.integers(4_000, 384_000)
    | st.sampled_from([8_000, 11_025, 22_050, 32_000, 44_100, 88_200, 96_000, 192_000]),
    block=st.integers(1_000, 40_000),
)
def test_length_is_exact_for_any_rate_and_block(frames, rate, block):
    out = converted(sounds.silence(frames=frames), rate, block)
    assert len(out) == resampled_frames(frames, rate)


@pytest.mark.parametrize("rate", [44_100, 88_200, 96_000, 192_000])
@pytest.mark.parametrize("hz", [20, 1_000, 10_000, 15_000, 20_000])
def test_passband_is_flat_to_20_khz(rate, hz):
    out = converted(sounds.sine(hz, frames=rate, rate=rate, peak_db=-6), rate)
    level = sounds.level_at(out[EDGE:-EDGE], hz)
    assert level == pytest.approx(-6, abs=0.02)


@pytest.mark.parametrize("rate", [44_100, 96_000, 192_000])
def test_gain_at_1_khz(rate):
    out = converted(sounds.sine(1_000, frames=rate, rate=rate, peak_db=0), rate)
    assert sounds.level_at(out[EDGE:-EDGE], 1_000) == pytest.approx(0, abs=0.001)


@pytest.mark.parametrize("hz", [1_000, 9_997, 15_013, 19_997])
def test_images_of_44_1_khz_are_120_db_down(hz):
    rate = 44_100
    out = converted(sounds.sine(hz, frames=rate, rate=rate, peak_db=0), rate)
    rest = sounds.residual(out[EDGE:-EDGE], hz)
    assert sounds.rms_db(rest) < -120  # everything that is not the tone, not only the image


@pytest.mark.parametrize("hz", [27_000, 30_000, 40_011, 47_000])
def test_what_48_khz_cannot_hold_is_gone(hz):
    out = converted(sounds.sine(hz, frames=96_000, rate=96_000, peak_db=0), 96_000)
    assert sounds.rms_db(out[EDGE:-EDGE]) < -120


def test_a_click_stays_where_it_was():
    out = converted(sounds.click(frames=44_100, at=22_050), 44_100)
    assert int(np.argmax(out)) == 24_000


def test_channels_do_not_leak():
    stereo = sounds.sine(997, frames=44_100, rate=44_100, peak_db=0, channels=2)
    stereo[:, 1] = 0
    assert np.abs(converted(stereo, 44_100)[:, 1]).max() < 10 ** (-120 / 20)


def test_equal_rates_pass_untouched():
    samples = sounds.noise(frames=1_000, channels=2)
    assert np.array_equal(converted(samples, 48_000), samples)


def test_where_blocks_end_cannot_be_heard():
    samples = sounds.noise(frames=50_000)
    difference = converted(samples, 44_100, 1_000) - converted(samples, 44_100, 50_000)
    assert np.abs(difference).max() < 1e-6


def test_nothing_stays_nothing():
    assert list(resampled([], 44_100)) == []


def test_a_rate_that_the_resampler_refuses_is_named():
    with pytest.raises(ResamplingFailed, match=r"^0 Hz cannot become 48000 Hz"):
        converted(np.zeros((10, 1), np.float32), 0)
