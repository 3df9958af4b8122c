"""The demo crate, heard without names: class, tempo and key of its sounds, and no two alike."""

from itertools import combinations

import pytest

from library.audio.classes import SHOWN
from library.audio.hearing.fingerprint import ALIKE, alike
from library.audio.hearing.hear import hear
from library.audio.hearing.shown import shown
from library.audio.hearing.signal import read
from library.audio.synth import crate
from library.audio.synth.crate import DEMO

RIGHT_CLASSES = 42
"""Of 48, at least."""


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """What each sound says by itself, by its name."""
    folder = tmp_path_factory.mktemp("crate")
    return {sound.name: hear(read(crate.write(sound, folder))) for sound in DEMO}


def test_nearly_all_get_their_class(heard):
    wrong = [
        f"{sound.name}: {heard[sound.name].heard_class}"
        for sound in DEMO
        if SHOWN[heard[sound.name].heard_class] != sound.sample_class
    ]
    assert len(DEMO) - len(wrong) >= RIGHT_CLASSES, wrong


def test_loops_are_told_from_one_shots(heard):
    wrong = [sound.name for sound in DEMO if heard[sound.name].is_loop != sound.is_loop]
    assert not wrong


def test_loops_have_their_exact_tempo_and_all_else_has_none(heard):
    for sound in DEMO:
        assert shown(heard[sound.name]).bpm == sound.bpm, sound.name


def test_tonal_sounds_have_their_key(heard):
    wrong = {
        sound.name: heard[sound.name].key
        for sound in DEMO
        if sound.key and heard[sound.name].key != sound.key
    }
    assert not wrong


def test_no_two_count_as_near_duplicates(heard):
    found = {
        (a, b)
        for a, b in combinations(heard, 2)
        if alike(heard[a].fingerprint, heard[b].fingerprint) >= ALIKE
    }
    assert not found
