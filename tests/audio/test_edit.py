"""Channels folded together by ITU-R BS.775."""

import numpy as np
import pytest

from library.audio.decoders import VORBIS_ORDER, WAVE_ORDER
from library.audio.edit import fold_down, fold_matrix, to_mono
from tests import sounds

FEW = [order[n] for order in (WAVE_ORDER, VORBIS_ORDER) for n in range(3, 9)]


def test_five_point_one_by_the_recommendation():
    # L' = L + 0.7071 C + 0.7071 Ls, all divided by 1 + 0.7071 + 0.7071; LFE dropped
    matrix = fold_matrix(("FL", "FR", "FC", "LFE", "BL", "BR")) * (1 + 2 * 0.5**0.5)
    left = [1, 0, 0.5**0.5, 0, 0.5**0.5, 0]
    right = [0, 1, 0.5**0.5, 0, 0, 0.5**0.5]
    np.testing.assert_allclose(matrix, np.transpose([left, right]), atol=1e-6)


@pytest.mark.parametrize("places", FEW, ids="-".join)
def test_full_scale_everywhere_stays_full_scale(places):
    loud = np.ones((4, len(places)), np.float32)
    folded = fold_down(loud, places)
    assert folded.shape == (4, 2)
    assert folded.dtype == np.float32
    np.testing.assert_allclose(folded, 1, atol=1e-6)


@pytest.mark.parametrize("places", FEW, ids="-".join)
def test_left_stays_left(places):
    samples = np.zeros((1, len(places)), np.float32)
    samples[0, places.index("FL")] = 1
    left, right = fold_down(samples, places)[0]
    assert left > 0.25
    assert right == 0


def test_an_unknown_place_is_heard_in_the_middle():
    left, right = fold_down(np.eye(3, dtype=np.float32), ("FL", "FR", "TC"))[2]
    assert left == right > 0


def test_mono_and_stereo_are_left_alone():
    stereo = sounds.noise(frames=16, channels=2)
    assert fold_down(stereo, ("FL", "FR")) is stereo
    mono = sounds.noise(frames=16)
    assert to_mono(mono) is mono


def test_equal_channels_make_mono_bit_for_bit():
    stereo = sounds.sine(440, frames=100, channels=2, peak_db=0)
    assert np.array_equal(to_mono(stereo), stereo[:, :1])


def test_opposite_channels_cancel():
    line = sounds.noise(frames=100)
    assert not to_mono(np.hstack((line, -line))).any()
