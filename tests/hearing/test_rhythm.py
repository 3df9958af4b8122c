"""Rhythms: what sounds on which sixteenth of a bar."""

import numpy as np
import pytest

from library.audio.hearing.envelope import Envelope, envelope
from library.audio.hearing.rhythm import COUNT, STEPS, rhythm
from tests.hearing.heard_signals import hiss, signal, tone

BPM = 120
BEAT = 22_050


def bars(hits, beats, sound):
    line = np.zeros(beats * BEAT)
    for beat in hits:
        part = sound[: len(line) - round(beat * BEAT)]
        line[round(beat * BEAT) :][: len(part)] += part
    return line


def pattern(line):
    heard = signal(line)
    return rhythm(envelope(heard.mono), BPM, heard.seconds)


def test_a_kick_on_each_beat_is_four_low_steps():
    found = pattern(bars(range(8), 8, tone(55, 0.2, 0.05)))
    low = found[:STEPS].astype(float)
    assert found.shape == (COUNT,)
    assert found.dtype == np.float16
    assert set(np.argsort(-low)[:4]) == {0, 4, 8, 12}
    assert np.sort(low)[-5] < 0.3 * np.sort(low)[-4]
    assert found[-1] == BPM
    assert np.linalg.norm(found[:-1].astype(float)) == pytest.approx(1, abs=0.01)


def test_a_hat_off_the_beat_is_high():
    found = pattern(bars(np.arange(8) + 0.5, 8, hiss(0.1, 0.02, low_hz=6000)))
    high = found[2 * STEPS : 3 * STEPS].astype(float)
    assert set(np.argsort(-high)[:4]) == {2, 6, 10, 14}


def test_half_a_bar_is_played_twice():
    found = pattern(bars([0, 1], 2, tone(55, 0.2, 0.05)))[:STEPS].astype(float)
    assert set(np.argsort(-found)[:4]) == {0, 4, 8, 12}


def test_other_rhythms_differ_and_the_same_agree():
    steady = pattern(bars(range(8), 8, tone(55, 0.2, 0.05)))[:-1].astype(float)
    again = pattern(bars(range(16), 16, 0.3 * tone(65, 0.2, 0.04)))[:-1].astype(float)
    broken = pattern(bars([0, 0.75, 2.5, 4, 4.75, 6.5], 8, tone(55, 0.2, 0.05)))[:-1].astype(float)
    assert steady @ again > 0.95
    assert steady @ broken < 0.8


def test_where_nothing_begins_there_is_no_rhythm():
    still = Envelope(np.zeros((344, 3)), np.zeros(344))
    assert not rhythm(still, BPM, 2.0)[:-1].any()
