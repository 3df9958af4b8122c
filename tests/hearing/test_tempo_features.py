"""Features say of hand-made envelopes what their definitions say."""

import numpy as np
import pytest

from library.audio.hearing.envelope import FRAME_SECONDS, Envelope
from library.audio.hearing.tempo_candidates import Candidates, Region
from library.audio.hearing.tempo_features import (
    Evidence,
    around,
    circular,
    counts,
    features,
    grids,
    in_line,
    on_grid,
    prior,
    table,
    turning,
)

SECONDS, FRAMES = 8.0, 8 * 44_100


def pulses(period, seconds=SECONDS):
    """An envelope that rises every so often for about 15 ms, in the low band only."""
    times = np.arange(int(seconds / FRAME_SECONDS) + 1) * FRAME_SECONDS
    off = (times + period / 2) % period - period / 2
    curve = np.exp(-0.5 * (off / 0.015) ** 2)
    bands = np.stack((curve, 0 * curve, 0 * curve), axis=1)
    return Envelope(bands, curve)


def evidence(period=0.5, seconds=SECONDS, parts=None):
    parts = parts or (Region(0.0, seconds),)
    return Evidence.of(parts, pulses(period, min(seconds, 40.0)), round(seconds * 44_100))


def thought(*bpms, seconds=SECONDS, free=False, rounded=False, region=0):
    bpm = np.array(bpms, float)
    return Candidates(
        bpm=bpm,
        beats=bpm * seconds / 60,
        region=np.full(len(bpm), region),
        free=np.full(len(bpm), free),
        rounded=np.full(len(bpm), rounded),
    )


def test_whole_and_half_numbers():
    seen = prior(evidence(), thought(120, 112.5, 97.31))
    assert seen["whole"].tolist() == [1, 0, 0]
    assert seen["half"].tolist() == [0, 1, 0]
    assert seen["nearly_whole"] == pytest.approx(np.exp([0, -0.5 / 0.08, -0.31 / 0.08]))


def test_a_period_is_no_part_of_the_length():
    seen = prior(evidence(), thought(120, 97.31, free=True)) | counts(thought(120, free=True))
    assert not seen["whole"].any()
    assert not seen["power_of_two"].any()
    assert seen["free"].all()
    assert seen["free_off"] == pytest.approx(np.exp([0, -0.31 / 0.08]))


def test_octaves_around_the_usual_tempo():
    seen = prior(evidence(), thought(118, 59, 236))
    assert seen["octaves"] == pytest.approx([0, -1, 1])
    assert seen["slow"] == pytest.approx([0, np.log2(80 / 59), 0])
    assert seen["fast"] == pytest.approx([0, 0, np.log2(236 / 168)])
    assert not seen["octaves_short"].any()
    assert prior(evidence(seconds=1.0), thought(59, seconds=1.0))["octaves_short"] == [-1]


def test_counts_of_beats():
    seen = counts(thought(*(60 * n / SECONDS for n in (1, 2, 6, 7, 8, 16, 24))))
    assert seen["power_of_two"].tolist() == [1, 1, 0, 0, 1, 1, 0]
    assert seen["fours"].tolist() == [0, 0, 0, 0, 1, 1, 1]
    assert seen["threes"].tolist() == [0, 0, 1, 0, 0, 0, 1]
    assert seen["odd"].tolist() == [1, 0, 0, 1, 0, 0, 0]
    assert seen["few"].tolist() == [1, 1, 0, 0, 0, 0, 0]
    assert seen["usual"].tolist() == [0, 0, 0, 0, 1, 1, 0]
    assert seen["log_beats"] == pytest.approx(np.log2([1, 2, 6, 7, 8, 16, 24]))


def test_pulses_are_alike_one_period_later():
    seen = circular(evidence(0.5), thought(120, 60, 90))
    assert seen["like_one"][:2] == pytest.approx([1, 1], abs=0.02)
    assert seen["like_one"][2] < 0
    assert seen["like_half"][0] < 0
    assert seen["like_half"][1] == pytest.approx(1, abs=0.02)
    assert seen["best_one"].max() == 0
    assert seen["like_bar"] == pytest.approx([1, 1, 1], abs=0.03)  # three of 90 are two seconds
    assert not seen["high_one"].any()


def test_pulses_turn_once_a_beat():
    seen = circular(evidence(0.5), thought(120, 60, 100))
    assert seen["turns_1"][0] > 0.8
    assert seen["turns_1"][1:].max() < 0.05
    assert seen["turns_2"][1] == pytest.approx(seen["turns_1"][0])


def test_a_series_is_smoothed_by_twelve_milliseconds():
    curve = pulses(0.5).total
    series = turning(curve, Region(0.0, SECONDS))
    hertz = 2.0 * np.arange(1, 4)
    width = np.hypot(0.015, 0.012)  # of the pulse and of the smoothing
    shape = np.abs(series[16 * np.arange(1, 4)] / series[0])
    assert shape == pytest.approx(np.exp(-2 * (np.pi * width * hertz) ** 2), rel=0.05)


def test_a_closed_curve_is_read_between_its_points():
    assert around(np.array([0.0, 1.0, 2.0, 1.0]), np.array([0.125, 0.875, 1.25])) == pytest.approx(
        [0.5, 0.5, 1.0]
    )


def test_later_likeness_without_repeating():
    seen = in_line(evidence(0.5), thought(120, 90, 48))
    assert seen["line_two"][0] == pytest.approx(1, abs=0.02)
    assert seen["line_two"][1] < 0  # 1.33 s lie between two pulses
    assert seen["line_bars"][2] == 0 or seen["line_bars"][2] <= 1


def test_grids():
    rises = np.array([[0.0, 0.5, 1.0, 1.25]])
    shares = np.full(4, 0.25)
    spacing = np.array([[0.5]])
    on = on_grid(rises, shares, spacing, 0.022)
    chance = 0.022 * np.sqrt(2 * np.pi) / 0.5
    assert on == pytest.approx([(0.75 - chance) / (1 - chance)], abs=1e-6)


def test_rises_on_and_off_the_beat():
    seen = grids(evidence(0.5), thought(120, 60))
    assert seen["on_beat"][0] > 0.9
    assert seen["off_beat"][0] < 0
    assert seen["off_beat"][1] == pytest.approx(seen["on_beat"][1], abs=0.1)
    assert seen["per_beat"] == pytest.approx(np.log2(16.5 / np.array([16, 8])), abs=0.1)


def test_a_trimmed_part_has_its_own_grid():
    shifted = evidence(0.5, parts=(Region(0.0, 8.0), Region(0.25, 8.0)))
    moved = grids(shifted, thought(120, region=1))
    assert moved["on_beat"][0] < 0
    assert moved["off_beat"][0] > 0.9
    seen = features(shifted, thought(120, region=1))
    assert seen["trimmed"].tolist() == [1]
    assert seen["whole_trimmed"].tolist() == [1]


def test_a_sound_of_many_minutes_is_judged_by_what_is_heard():
    long = evidence(0.5, seconds=600.0)
    seen = circular(long, thought(120, 90, seconds=600.0))
    assert seen["like_one"][0] == pytest.approx(1, abs=0.02)
    assert seen["like_one"][1] < 0
    assert seen["turns_1"][0] > 0.8


def test_nothing_begins():
    still = Evidence.of((Region(0.0, 8.0),), Envelope(np.zeros((900, 3)), np.zeros(900)), FRAMES)
    seen = table(features(still, thought(120, 60)))
    assert np.isfinite(seen).all()
    assert seen.shape[0] == 2
