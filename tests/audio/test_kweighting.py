"""K-weighting by products: its states, and pieces that join."""

import numpy as np
import pytest

from library.audio.kweighting import LONGEST, at_rest, filters, weigh
from tests import sounds


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_white_noise_makes_states_of_variance_one_without_correlation(rate):
    step, enter, *_ = filters(rate)
    covariance = sum(
        np.outer(state, state)
        for state in (enter @ np.linalg.matrix_power(step, late) for late in range(6_000))
    )
    np.testing.assert_allclose(covariance, np.eye(4), atol=1e-6)


def test_pieces_join_without_a_seam():
    noise = np.ascontiguousarray(sounds.noise(frames=LONGEST, channels=2).T)
    whole, after = weigh(noise, at_rest(2))
    first, states = weigh(noise[:, :4_800], at_rest(2))
    second, end = weigh(noise[:, 4_800:], states)
    np.testing.assert_allclose(np.hstack((first, second)), whole, atol=3e-6)
    np.testing.assert_allclose(end, after, atol=3e-5)


def test_400_ms_of_silence_leave_no_trace():
    """Numbers next to nothing would make each product slow for as long as the silence lasts."""
    _, states = weigh(np.ones((1, LONGEST), np.float32), at_rest(1))
    assert np.abs(states).min() > 0.1
    _, states = weigh(np.zeros((1, LONGEST), np.float32), states)
    assert not states.any()


def gain_db(hz, rate):
    """What the filters at a rate do to a tone, from their states: C (z - A)^-1 B + D."""
    step, enter, leave, through = filters(rate)
    z = np.exp(2j * np.pi * hz / rate)
    return 20 * np.log10(abs((enter @ np.linalg.inv(z * np.eye(4) - step) @ leave)[0, 0] + through))


@pytest.mark.parametrize(
    ("rate", "within_db"),
    [(4_000, 1.3), (8_000, 0.21), (22_050, 0.05), (44_100, 0.01), (96_000, 0.03), (384_000, 0.03)],
)
def test_tones_weigh_the_same_at_every_rate(rate, within_db):
    for hz in (25, 100, 500, 997, 1_500):
        assert gain_db(hz, rate) == pytest.approx(gain_db(hz, 48_000), abs=within_db)
    if rate >= 44_100:
        assert gain_db(10_000, rate) == pytest.approx(gain_db(10_000, 48_000), abs=0.05)
