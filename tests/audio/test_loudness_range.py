"""Loudness range: the signals of EBU Tech 3342, made here."""

import numpy as np
import pytest

from library.audio.loudness import LoudnessMeter
from library.audio.units import db_to_gain
from tests import sounds

RATE = 48_000


def range_of(*levels, seconds=20):
    """Loudness range of a stereo tone of 1 kHz at one peak level (dBFS) after the other."""
    meter = LoudnessMeter(2)
    gains = np.repeat([db_to_gain(level) for level in levels], seconds * RATE).astype(np.float32)
    meter.add(sounds.sine(1000, frames=len(gains), peak_db=0, channels=2) * gains[:, None])
    return meter.range_lu


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        pytest.param((-20, -30), 10, id="case 1"),
        pytest.param((-20, -15), 5, id="case 2"),
        pytest.param((-40, -20), 20, id="case 3"),
        pytest.param((-50, -35, -20, -35, -50), 15, id="case 4, relative gate"),
        pytest.param((-80, -20, -30, -80), 10, id="absolute gate"),
    ],
)
def test_signals_of_tech_3342(levels, expected):
    assert range_of(*levels) == pytest.approx(expected, abs=0.1)


def test_a_steady_tone_has_no_range():
    assert range_of(-20, seconds=4) == pytest.approx(0, abs=0.001)


def test_below_three_seconds_and_in_silence_there_is_no_range():
    assert range_of(-20, -30, seconds=1) == 0
    assert range_of(-90, seconds=4) == 0
