"""Loops are told from one-shots."""

import numpy as np
import pytest

from library.audio.hearing.envelope import Peaks
from library.audio.hearing.kind import fit, kind, kind_features, levels, rises
from library.audio.hearing.tempo import tempo
from tests.hearing.heard_signals import RATE, hiss, signal, times, tone


def heard(line):
    sound = signal(line)
    return kind(sound, tempo(sound))


def beaten(seconds=4.0, step=0.25):
    """Kicks and hisses in turn, to the end."""
    line = np.zeros(round(seconds * RATE))
    for number, second in enumerate(np.arange(0, seconds, step)):
        start = round(second * RATE)
        part = (tone(60, 0.24, 0.05) if number % 2 == 0 else hiss(0.2, 0.04))[: len(line) - start]
        line[start : start + len(part)] += part
    return line


@pytest.mark.parametrize(
    "line",
    [
        tone(55, 0.6, 0.12),
        hiss(0.4, 0.06),
        hiss(0.08, 0.015, low_hz=5000),
        tone(440, 3.0, 0.7),
        np.pad(hiss(0.3, 0.05), (0, RATE)),
    ],
    ids=["kick", "snare", "hat", "long tone", "silence behind"],
)
def test_one_shots(line):
    found = heard(line)
    assert not found.is_loop
    assert found.confidence > 0.7


@pytest.mark.parametrize(("seconds", "step"), [(2.0, 0.25), (4.0, 0.25), (7.5, 0.234375)])
def test_loops(seconds, step):
    found = heard(beaten(seconds, step))
    assert found.is_loop
    assert found.confidence > 0.7


def test_shortest_sound():
    found = heard(hiss()[:64])
    assert not found.is_loop
    assert 0.5 <= found.confidence <= 1


def test_length_of_what_is_counted():
    none = rises(Peaks(np.zeros(0), np.zeros(0)), 2.0)
    assert none["log_seconds"] == 1
    assert not any(value for name, value in none.items() if name != "log_seconds")
    even = rises(Peaks(np.array([0.0, 0.5, 1.0, 1.5]), np.ones(4)), 2.0)
    assert even["strong"] == np.log2(5)
    assert even["strong_a_second"] == np.log2(3)
    assert even["span"] == even["strong_span"] == 0.75
    assert even["uneven"] == pytest.approx(0)
    weak = rises(Peaks(np.array([0.0, 0.5, 1.0, 1.5]), np.array([1, 0.2, 0.2, 0.2])), 2.0)
    assert weak["strong"] == 1
    assert weak["several"] == 0


def test_levels_of_an_exponential_fall():
    t = times(2.0)
    fall = signal(np.exp(-t / 0.2) * np.sign(np.sin(2 * np.pi * 1000 * t))).mono
    seen = levels(fall)
    db_a_second = 20 * np.log10(np.e) / 0.2
    blocks = lambda seconds: np.log2(1 + seconds / 0.003)  # noqa: E731
    for down in (10, 20, 40):
        assert seen[f"falls_{down}"] == pytest.approx(blocks(down / db_a_second), abs=0.1)
        assert seen[f"above_{down}"] == pytest.approx(down / db_a_second / 2, abs=0.01)
    assert seen["energy_50"] == pytest.approx(blocks(0.1 * np.log(2)), abs=0.1)
    mean = np.sinh(2) / 2  # of an exponential power that falls by e^4 over the middle fifth
    assert seen["level_middle"] == pytest.approx(10 * np.log10(mean) - db_a_second, abs=0.5)
    assert seen["level_last"] == -80  # the floor
    assert seen["attack_place"] == pytest.approx(0, abs=0.01)


def test_levels_of_what_does_not_end():
    seen = levels(signal(0.5 * np.sin(2 * np.pi * 500 * times(1.0))).mono)
    assert seen["above_10"] >= 0.99  # the last block is filled up with silence
    assert seen["energy_place_50"] == pytest.approx(0.5, abs=0.01)
    assert abs(seen["level_middle"]) < 1
    assert seen["crossings"] == pytest.approx(1000 / 22_050, rel=0.02)


def test_without_a_tempo_the_same_numbers_are_there():
    short, long = signal(hiss()[:200]), signal(beaten())
    without, with_ = tempo(short), tempo(long)
    assert without.bpm is None
    assert list(fit(short.seconds, without)) == list(fit(long.seconds, with_))
    assert len(kind_features(short.mono, short.seconds, without)) == len(
        kind_features(long.mono, long.seconds, with_)
    )
