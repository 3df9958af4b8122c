"""Where sounds are cut: a table that the page's script is held to as well, and what only we do."""

import json
from pathlib import Path

import numpy as np
import pytest

from library.audio import slices

CASES = json.loads((Path(__file__).parent / "slice_cases.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_cuts(case):
    rule = getattr(slices, case["rule"])
    assert rule(*case["given"], **case.get("options", {})) == case["cuts"]


@pytest.mark.parametrize("frames", [1, 959, 960, 1920, 250_435])
@pytest.mark.parametrize("parts", [2, 3, 16, 64])
def test_pieces_tile_the_sound(frames, parts):
    found = slices.pieces(slices.equal(frames, parts), frames)
    assert found[0][0] == 0
    assert found[-1][1] == frames
    assert [end for _, end in found[:-1]] == [start for start, _ in found[1:]]
    assert all(start < end for start, end in found)


def test_marks_of_a_file_at_another_rate():
    assert slices.at_rate([0, 1, 44_100, 22_051], 44_100) == [0, 1, 48_000, 24_001]
    assert slices.at_rate([1, 3], 96_000) == [1, 2]  # halves go up
    assert slices.at_rate([7], 48_000) == [7]


def test_a_cut_moves_to_the_zero_crossing_next_to_it():
    line = np.sin(2 * np.pi * (np.arange(4800) + 0.5) / 480)  # 100 Hz: a crossing each 240 frames
    assert slices.snapped(line, 1000) == 960
    assert slices.snapped(line, 1090) == 1200
    assert slices.snapped(line, 960) == 960  # what is there stays there


def test_a_cut_stays_where_no_crossing_is_near():
    line = np.ones(1000)
    assert slices.snapped(line, 500) == 500
    line[800:] = -1
    assert slices.snapped(line, 800 - slices.SNAP - 1) == 800 - slices.SNAP - 1
    assert slices.snapped(line, 800 - slices.SNAP) == 800
    assert slices.snapped(line, 5000) == 5000


def test_of_two_crossings_the_earlier_one():
    line = np.array([1.0] * 100 + [-1.0] * 200 + [1.0] * 100)
    assert slices.snapped(line, 200) == 100


def test_no_attack_is_cut_off():
    line = np.array([1.0] * 100 + [-1.0] * 40 + [1.0] * 100)
    assert slices.snapped(line, 139) == 100
    assert slices.snapped(line, 140) == 140
