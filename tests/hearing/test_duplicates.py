"""Copies among many sounds: each is found with its original, nothing else."""

import numpy as np
import pytest
import soxr

from library.audio.hearing import duplicates
from library.audio.hearing.duplicates import pairs
from library.audio.hearing.fingerprint import ALIKE, fingerprint
from tests.hearing.heard_signals import RATE, hiss, signal, tone


def drums(count):
    """Hits of many drums: no two share their noise or their pitch."""
    for seed in range(count):
        dice = np.random.default_rng(seed)
        decay, hz = dice.uniform(0.02, 0.2), dice.uniform(50, 400)
        ring, skin = tone(hz, 0.5, decay), hiss(0.5, decay, seed)
        yield dice.uniform(0, 1) * ring + dice.uniform(0, 1) * skin


@pytest.fixture(scope="module")
def hits():
    return list(drums(30))


def printed(line, rate=RATE):
    return fingerprint(signal(line, rate))


def test_copies_are_found_among_others_and_nothing_else(hits, monkeypatch):
    monkeypatch.setattr(duplicates, "ROWS", 8)
    softer = 0.2 * np.pad(hits[4], (900, 5000))
    slower = soxr.resample(hits[11], RATE, 48_000)
    prints = [*map(printed, hits), printed(softer), printed(slower, 48_000), printed(0.5 * hits[4])]
    found = pairs(prints)
    assert [(a, b) for a, b, _ in found] == [(4, 30), (4, 32), (11, 31), (30, 32)]
    assert all(sure >= ALIKE for _, _, sure in found)


def test_without_copies_there_are_no_pairs(hits):
    assert pairs([printed(hit) for hit in hits[:6]]) == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_few_are_no_difficulty(hits, count):
    found = pairs([printed(hits[0])] * count)
    assert [(a, b) for a, b, _ in found] == ([(0, 1)] if count == 2 else [])


def test_a_lower_bar_lets_more_through(hits):
    prints = [printed(hits[0]), printed(hits[0] + 0.6 * hiss(0.5, 0.2, 99))]
    assert len(pairs(prints, 0.0)) >= len(pairs(prints))


def test_what_is_no_fingerprint_is_refused():
    with pytest.raises(ValueError, match="fingerprint"):
        pairs([b"no"])
