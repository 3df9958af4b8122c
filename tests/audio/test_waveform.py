"""Bars for a row and pairs for the deck."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from library.audio.waveform import LEVELS, MOST_BINS, Outline, envelope, peaks
from tests import sounds


def outlined(samples, block=65_536):
    outline = Outline()
    for start in range(0, len(samples), block):
        outline.add(samples[start : start + block])
    return outline


def pairs_of(outline, level):
    """The pairs of one level by the documented layout: levels one after the other."""
    start = sum(2 * pairs for pairs in LEVELS[:level])
    data = np.frombuffer(peaks(outline), np.int8)
    return data[start : start + 2 * LEVELS[level]].reshape(-1, 2)


def test_sizes_do_not_depend_on_the_length():
    for frames in (1, 63, 4_800, 300_000):
        outline = outlined(sounds.noise(frames=frames))
        assert len(envelope(outline)) == 64
        assert len(peaks(outline)) == 10_752


def test_bars_are_absolute():
    # 255 = full scale, so -6.02 dB is half of it, whatever else is in the file
    bars = np.frombuffer(envelope(outlined(sounds.sine(1_000, peak_db=-6.0206))), np.uint8)
    assert set(bars) == {128}
    assert envelope(outlined(sounds.sine(1_000, peak_db=0)))[32] == 255
    assert envelope(outlined(sounds.sine(1_000, peak_db=12)))[32] == 255


def test_only_silence_is_zero():
    assert envelope(outlined(sounds.silence())) == bytes(64)
    assert set(envelope(outlined(sounds.sine(1_000, peak_db=-100)))) == {1}


def test_a_click_is_in_one_bar():
    bars = envelope(outlined(sounds.click(frames=6_400, at=3_250)))
    assert bars == bytes(32) + b"\xff" + bytes(31)


@pytest.mark.parametrize("level", range(len(LEVELS)))
def test_pairs_hold_lowest_then_highest(level):
    samples = np.concatenate((sounds.click(frames=4_096), -sounds.click(frames=4_096)))
    pairs = pairs_of(outlined(samples), level)
    half = LEVELS[level] // 2
    assert pairs[0].tolist() == [0, 127]
    assert pairs[half].tolist() == [-127, 0]
    assert np.count_nonzero(pairs) == 2


def test_all_channels_are_looked_at():
    stereo = np.hstack((0.5 * sounds.click(frames=256), -sounds.click(frames=256)))
    assert pairs_of(outlined(stereo), 0)[0].tolist() == [-127, 64]


@settings(deadline=None, max_examples=60)
@example(frames=3 * MOST_BINS + 5, block=65_537, count=64)
@given(
    frames=st.integers(1, 3 * MOST_BINS + 5),
    block=st.integers(20_000, 200_000),
    count=st.sampled_from([64, 256]),
)
def test_points_are_those_of_the_whole_sound(frames, block, count):
    samples = sounds.noise(frames=frames, channels=2, peak_db=0)
    outline = outlined(samples, block)
    lows, highs = outline.points(count)
    bins = -(-frames // outline.width)
    for point in (0, count // 2, count - 1):
        first, last = (
            point * bins // count,
            max((point + 1) * bins // count, point * bins // count + 1),
        )
        part = samples[first * outline.width : last * outline.width]
        assert (lows[point], highs[point]) == (part.min(), part.max())


def test_a_long_sound_keeps_its_size():
    outline = Outline()
    for _ in range(40):
        outline.add(sounds.silence(frames=65_536))
    outline.add(sounds.click(frames=65_536, at=0))
    assert outline.width == 32
    assert len(outline.lows) == MOST_BINS
    assert envelope(outline).index(255) == 40 * 64 // 41
