"""What is held of a sound comes back forwards and backwards, from memory and from a file."""

import numpy as np
import pytest

from library.audio.held import READ_FRAMES, Held

ROOMS = {"memory": 1 << 30, "file": 0}


@pytest.fixture
def sound() -> np.ndarray:
    frames = np.arange(2 * READ_FRAMES + 5, dtype=np.float32)
    return np.column_stack([frames, -frames])


@pytest.fixture(params=ROOMS)
def held(request, tmp_path, sound):
    with Held(tmp_path, ROOMS[request.param]) as filled:
        filled.add(sound[:0])
        for start in range(0, len(sound), 10_007):
            filled.add(sound[start : start + 10_007])
        assert (filled.file is not None) == (request.param == "file")
        yield filled
    assert list(tmp_path.iterdir()) == []


def test_forwards(held, sound):
    assert held.frames == len(sound)
    assert np.array_equal(np.concatenate(list(held)), sound)


def test_backwards(held, sound):
    assert np.array_equal(np.concatenate(list(held.backwards())), sound[::-1])
