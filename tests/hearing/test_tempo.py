"""Tempos of click trains and small loops whose beats are laid by hand."""

import numpy as np
import pytest

from library.audio.hearing.tempo import ALTERNATIVES, tempo
from tests.hearing.heard_signals import RATE, hiss, signal, tone

KICK, SNARE, HAT = tone(60, 0.3, 0.06), hiss(0.2, 0.04), hiss(0.06, 0.012, seed=2, low_hz=6000)


def loop(bpm, beats, steps, *, seconds=None, lead=0.0, swing=0.0):
    """Lay (sound, beat) pairs on a line as long as the beats, or as told."""
    length = beats * 60 / bpm if seconds is None else seconds
    line = np.zeros(round((lead + length) * RATE))
    for sound, beat in steps:
        late = swing if round(2 * beat) % 2 else 0.0
        start = round((lead + (beat + late) * 60 / bpm) * RATE)
        part = sound[: max(0, len(line) - start)]
        line[start : start + len(part)] += part
    return signal(line)


def backbeat(beats):
    """Kick on one and three, snare on two and four, hats in eighths."""
    kicks = [(KICK, beat) for beat in range(0, beats, 2)]
    snares = [(SNARE, beat) for beat in range(1, beats, 2)]
    return kicks + snares + [(0.3 * HAT, beat / 2) for beat in range(2 * beats)]


def waltz(beats):
    """Kick on one, snare on two and three, hats on every beat."""
    kicks = [(KICK, beat) for beat in range(0, beats, 3)]
    snares = [(0.6 * SNARE, beat) for beat in range(beats) if beat % 3]
    return kicks + snares + [(0.3 * HAT, beat) for beat in range(beats)]


@pytest.mark.parametrize("bpm", [72, 84, 93, 100, 117, 128])
def test_a_loop_of_whole_bars_has_its_exact_tempo(bpm):
    found = tempo(loop(bpm, 16, backbeat(16)))
    assert found.bpm == bpm
    assert found.confidence > 0.5
    assert found.octaves >= found.confidence


@pytest.mark.parametrize("bpm", [140, 160])
def test_fast_loops_are_heard_up_to_an_octave(bpm):
    found = tempo(loop(bpm, 16, backbeat(16)))
    assert found.bpm in {bpm, bpm / 2}
    assert found.octaves > 0.9


@pytest.mark.parametrize(("bpm", "beats"), [(100, 4), (120, 8), (125, 8)])
def test_short_loops(bpm, beats):
    assert tempo(loop(bpm, beats, backbeat(beats))).bpm == bpm


@pytest.mark.parametrize("bpm", [110, 126])
def test_a_click_train_is_heard_up_to_octaves(bpm):
    clicks = [(HAT, beat) for beat in range(16)]
    assert tempo(loop(bpm, 16, clicks)).bpm in {bpm / 2, bpm, 2 * bpm}


def test_a_tempo_that_is_no_whole_number_is_kept():
    assert tempo(loop(97.4, 16, backbeat(16))).bpm == pytest.approx(97.4, abs=0.01)


@pytest.mark.parametrize(
    ("lead", "seconds"), [(0.31, None), (0.0, 16 * 60 / 112 + 0.43), (0.21, 16 * 60 / 112 + 0.5)]
)
def test_silence_around_a_loop_does_not_hide_its_tempo(lead, seconds):
    assert tempo(loop(112, 16, backbeat(16), lead=lead, seconds=seconds)).bpm == 112


def test_a_loop_cut_anywhere_is_heard_by_its_periods():
    found = tempo(loop(118, 0, backbeat(24), seconds=9.1))
    assert found.bpm == pytest.approx(118, abs=0.6)


def test_swing_does_not_move_the_tempo():
    assert tempo(loop(96, 16, backbeat(16), swing=0.15)).bpm == 96


@pytest.mark.parametrize("bpm", [120, 138])
def test_bars_of_three(bpm):
    assert tempo(loop(bpm, 12, waltz(12))).bpm == bpm


def test_the_length_of_the_whole_file_counts_where_only_its_start_is_heard():
    heard = loop(120, 128, backbeat(128))  # 64 s, of which 40 s are listened to
    assert len(heard.mono) < 41 * 22_050
    found = tempo(heard)
    assert found.bpm in {60, 120}
    assert found.octaves > 0.9
    assert np.isclose(found.bpms, 60 * 128 / 64, atol=1e-9).any()


def test_alternatives_are_other_tempos_and_likelihoods_add_up():
    found = tempo(loop(90, 8, backbeat(8)))
    named = [found.bpm, *(bpm for bpm, _ in found.alternatives)]
    assert len(found.alternatives) == ALTERNATIVES
    assert all(abs(a / b - 1) > 0.02 for a in named for b in named if a is not b)
    assert found.likelihood(found.bpm) == pytest.approx(found.confidence)
    assert found.masses.sum() == pytest.approx(1)
    shares = [found.confidence, *(share for _, share in found.alternatives)]
    assert shares == sorted(shares, reverse=True)


def test_the_other_octave_is_within_reach():
    found = tempo(loop(80, 8, backbeat(8)))
    assert any(found.likelihood(bpm) > 0 for bpm in (40, 160))


@pytest.mark.parametrize("frames", [64, 500, 5000])
def test_what_is_shorter_than_any_beat_has_none(frames):
    found = tempo(signal(hiss()[:frames]))
    assert found.bpm is None
    assert found.confidence == 0
    assert found.alternatives == ()
    assert found.likelihood(120) == 0


def test_a_sound_in_which_nothing_begins():
    line = 0.5 * np.sin(2 * np.pi * 220 * np.arange(3 * RATE) / RATE)
    found = tempo(signal(line))
    assert 48 <= found.bpm <= 225
    assert np.isfinite(found.masses).all()
