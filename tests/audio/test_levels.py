"""Peak and root mean square."""

import numpy as np
import pytest

from library.audio.levels import Meter, peak
from tests import sounds


def test_peak_looks_both_ways():
    assert peak(np.array([[0.25, -0.75]], np.float32)) == 0.75
    assert peak(np.array([[0.5, -0.25]], np.float32)) == 0.5
    assert peak(sounds.silence(frames=0)) == 0


def test_a_sine_is_three_decibels_below_its_peak():
    meter = Meter()
    meter.add(sounds.sine(1000, peak_db=0))
    assert meter.rms == pytest.approx(0.5**0.5, rel=1e-5)


def test_a_meter_does_not_care_where_blocks_end():
    samples = sounds.noise(frames=10_000, channels=2)
    whole, parts = Meter(), Meter()
    whole.add(samples)
    for start in range(0, len(samples), 997):
        parts.add(samples[start : start + 997])
    assert parts.peak == whole.peak
    assert parts.rms == pytest.approx(whole.rms, rel=1e-5)


def test_nothing_has_no_level():
    assert (Meter().peak, Meter().rms) == (0, 0)
