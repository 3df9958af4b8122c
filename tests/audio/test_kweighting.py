"""K-weighting by products: its states, and pieces that join."""

import numpy as np

from library.audio.kweighting import LONGEST, at_rest, filters, weigh
from tests import sounds


def test_white_noise_makes_states_of_variance_one_without_correlation():
    step, enter, *_ = filters()
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
