"""A clip is always frames x channels of float32."""

import numpy as np
import pytest

from library.audio.clip import Clip
from tests import sounds


def test_tells_its_size():
    clip = Clip(sounds.silence(frames=441, channels=2), 44_100)
    assert (clip.frames, clip.channels, clip.seconds) == (441, 2, 0.01)


@pytest.mark.parametrize("wrong", [np.zeros(4, np.float32), np.zeros((4, 1), np.float64)])
def test_refuses_other_shapes_and_types(wrong):
    with pytest.raises(ValueError, match="frames x channels"):
        Clip(wrong, 48_000)
