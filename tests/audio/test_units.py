"""Decibels, frames and the 100 ms."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.audio.units import db_to_gain, gain_to_db, is_short, resampled_frames

RATES = st.integers(4_000, 384_000)
LENGTHS = st.integers(0, 3600 * 384_000)


def test_half_is_six_decibels_down():
    assert gain_to_db(0.5) == pytest.approx(-6.0206, abs=1e-4)
    assert db_to_gain(-6.0206) == pytest.approx(0.5, abs=1e-5)
    assert gain_to_db(0) == -math.inf


@given(st.floats(-150, 60))
def test_decibels_come_back(db):
    assert gain_to_db(db_to_gain(db)) == pytest.approx(db, abs=1e-9)


@given(LENGTHS, RATES, RATES)
def test_resampled_length_is_the_exact_ceiling(frames, rate, to_rate):
    out = resampled_frames(frames, rate, to_rate)
    assert (out - 1) * rate < frames * to_rate <= out * rate


@pytest.mark.parametrize(
    ("frames", "rate", "short"),
    [
        (4_799, 48_000, True),  # 99.979 ms
        (4_800, 48_000, False),  # 100 ms
        (4_409, 44_100, True),  # 99.977 ms
        (4_410, 44_100, False),
        (38_399, 384_000, True),  # 99.997 ms, though it makes 4,800 frames at 48 kHz
        (0, 48_000, True),
    ],
)
def test_a_hundred_milliseconds_to_the_frame(frames, rate, short):
    assert is_short(frames, rate) is short
