"""The right tempo is always among the candidates."""

import numpy as np
import pytest

from library.audio.hearing.envelope import FRAME_SECONDS, envelope
from library.audio.hearing.tempo_candidates import (
    FASTEST,
    SLOWEST,
    Region,
    candidates,
    linear,
    periods,
    regions,
    summit,
)

RATE = 22_050


def bursts(period, seconds, lead=0.0, tail=0.0):
    """Noise bursts of 20 ms every so often, with silence around."""
    line = np.zeros(round((lead + seconds + tail) * RATE), np.float32)
    drawn = np.random.default_rng(3).uniform(-1, 1, round(0.02 * RATE)).astype(np.float32)
    for second in np.arange(0, seconds - 0.02, period):
        start = round((lead + second) * RATE)
        line[start : start + len(drawn)] = drawn
    return line


def of(line, seconds=None):
    seconds = len(line) / RATE if seconds is None else seconds
    return candidates(regions(line, seconds), envelope(line))


def test_whole_numbers_of_beats_in_the_length():
    found = of(bursts(0.5, 4.0), seconds=4.0)
    whole = found.bpm[~found.free & (found.region == 0)]
    assert whole == pytest.approx([60 * n / 4 for n in range(4, 16)])
    assert found.bpm.min() >= SLOWEST
    assert found.bpm.max() <= FASTEST


def test_silence_at_either_end_is_tried_without():
    line = bursts(0.5, 4.0, lead=0.3, tail=0.7)
    line[round(4.3 * RATE) - 1] = 0.5  # where the loop ends
    parts = regions(line, len(line) / RATE)
    assert [(round(p.start, 2), round(p.end, 2)) for p in parts] == [
        (0.0, 5.0),
        (0.3, 5.0),
        (0.0, 4.3),
        (0.3, 4.3),
    ]
    found = of(line)
    assert np.abs(found.bpm[found.region == 3] - 120).min() < 0.05


def test_silence_of_four_milliseconds_is_none():
    line = np.ones(RATE, np.float32)
    line[: round(0.003 * RATE)] = line[-round(0.003 * RATE) :] = 0
    assert regions(line, 1.0) == (Region(0.0, 1.0),)


def test_what_lies_beyond_what_is_heard_is_not_silence():
    line = np.concatenate((np.ones(RATE, np.float32), np.zeros(RATE, np.float32)))
    assert regions(line, 90.0) == (Region(0.0, 90.0),)


def test_nothing_at_all_is_one_region():
    assert regions(np.zeros(RATE, np.float32), 1.0) == (Region(0.0, 1.0),)


@pytest.mark.parametrize("bpm", [87.3, 120.0, 151.6])
def test_periods_are_found_whatever_the_length(bpm):
    found = of(bursts(60 / bpm, 9.37))
    free = found.bpm[found.free & ~found.rounded]
    assert np.abs(free / bpm - 1).min() < 5e-4
    assert set(found.bpm[found.rounded]) <= {float(round(one)) for one in free}


def test_autocorrelation_of_a_comb():
    curve = np.zeros(1000)
    curve[::100] = 1
    seen = linear(curve)
    assert seen[0] == pytest.approx(1)
    assert seen[100] == pytest.approx(1, abs=0.02)
    assert seen[50] < 0
    assert not seen[760:].any()  # less than a quarter overlaps


def test_periods_of_a_comb():
    curve = np.zeros(2000)
    curve[::100] = 1
    assert periods(linear(curve))[0] == pytest.approx(100 * FRAME_SECONDS, rel=1e-3)


def test_what_never_changes_has_no_period():
    assert not linear(np.ones(500)).any()
    assert periods(np.zeros(500)) == []
    assert periods(np.ones(10)) == []


def test_a_period_whose_multiples_say_nothing_stays():
    curve = np.zeros(400)
    curve[100] = 1.0
    assert periods(curve) == pytest.approx([100 * FRAME_SECONDS])


def test_the_summit_between_points():
    curve = -((np.arange(10) - 4.3) ** 2)
    assert summit(curve, 4) == pytest.approx(4.3)
    assert summit(np.arange(10.0), 4) == 4  # no summit there


def test_a_sound_shorter_than_a_beat_has_no_candidates():
    assert len(of(bursts(0.1, 0.2))) == 0
