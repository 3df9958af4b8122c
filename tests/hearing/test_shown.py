"""What people get to see of what is heard, and what of it with a question mark."""

from dataclasses import replace

import numpy as np
import pytest

from library.audio.classes import COARSE
from library.audio.hearing.heard import Heard
from library.audio.hearing.onsets import Onsets
from library.audio.hearing.shown import shown

LOOP = Heard(
    is_loop=True,
    kind_confidence=0.95,
    bpm=92.0,
    bpm_confidence=0.95,
    bpm_octaves=0.99,
    bpm_alternatives=((184.0, 0.03),),
    key="F#m",
    key_confidence=0.95,
    key_second="A",
    tonality=0.9,
    heard_class="drums",
    class_confidence=0.95,
    class_second="melodic",
    coarse="drum",
    onsets=Onsets(np.zeros(0), np.zeros(0, np.float32)),
    descriptor=np.zeros(64, np.float16),
    rhythm=np.zeros(16, np.float16),
    fingerprint=b"",
)
HIT = replace(LOOP, is_loop=False, heard_class="rim", class_second="perc")


def test_what_is_sure_is_shown_without_a_question_mark():
    seen = shown(LOOP)
    assert (seen.bpm, seen.bpm_guessed) == (92.0, False)
    assert (seen.key, seen.key_guessed, seen.key_second) == ("F#m", False, "A")
    assert (seen.sample_class, seen.class_guessed, seen.class_second) == ("break", False, "keys")
    assert (seen.is_loop, seen.kind_guessed) == (True, False)


def test_only_loops_show_a_tempo():
    seen = shown(replace(HIT, bpm_confidence=0.5))
    assert (seen.bpm, seen.bpm_guessed) == (None, False)
    assert seen.is_loop is False


def test_a_loop_may_have_no_tempo_at_all():
    seen = shown(replace(LOOP, bpm=None, bpm_confidence=0.0))
    assert (seen.bpm, seen.bpm_guessed) == (None, False)


@pytest.mark.parametrize(("confidence", "guessed"), [(0.9, False), (0.899, True)])
def test_below_nine_tenths_values_are_guesses(confidence, guessed):
    seen = shown(
        replace(
            LOOP,
            bpm_confidence=confidence,
            key_confidence=confidence,
            class_confidence=confidence,
        )
    )
    assert (seen.bpm_guessed, seen.key_guessed, seen.class_guessed) == (guessed,) * 3


@pytest.mark.parametrize(
    ("confidence", "tonality", "key"),
    [(0.5, 0.6, "F#m"), (0.499, 0.9, ""), (0.99, 0.599, "")],
)
def test_a_key_needs_confidence_and_tonality(confidence, tonality, key):
    seen = shown(replace(LOOP, key_confidence=confidence, tonality=tonality))
    assert seen.key == key
    assert seen.key_guessed == bool(key)
    assert seen.key_second == ("A" if key else "")


def test_a_sound_without_any_key_shows_none():
    assert shown(replace(LOOP, key="", key_second="")).key == ""


@pytest.mark.parametrize(
    ("heard_class", "family"),
    [("rim", "perc"), ("melodic", "keys"), ("bass", "keys"), ("vocal", "vocal"), ("fx", "fx")],
)
def test_a_hit_of_no_likely_class_shows_its_family(heard_class, family):
    coarse = COARSE[heard_class]
    doubtful = replace(HIT, heard_class=heard_class, coarse=coarse, class_confidence=0.49)
    assert shown(doubtful).sample_class == family
    assert shown(doubtful).class_guessed


def test_the_classes_are_those_of_the_interface():
    seen = shown(HIT)
    assert (seen.sample_class, seen.class_second) == ("snare", "perc")
    likely = replace(LOOP, heard_class="melodic", class_confidence=0.6)
    assert shown(likely).sample_class == "keys"
    assert shown(replace(LOOP, class_confidence=0.2)).sample_class == "break"


def test_a_second_class_that_looks_the_same_is_none():
    assert shown(replace(HIT, heard_class="tom", class_second="perc")).class_second == ""
    assert shown(replace(HIT, class_second="")).class_second == ""


def test_no_class_is_no_guess():
    seen = shown(replace(HIT, heard_class="", coarse="", class_confidence=0.0))
    assert (seen.sample_class, seen.class_guessed) == ("", False)


@pytest.mark.parametrize(("confidence", "asked"), [(0.7, False), (0.69, True)])
def test_people_are_asked_whether_it_is_a_loop(confidence, asked):
    assert shown(replace(LOOP, kind_confidence=confidence)).kind_guessed is asked


def test_a_key_that_is_told_needs_no_tonality():
    drums = replace(LOOP, key="Am", key_confidence=0.95, tonality=0.1)
    assert shown(drums).key == ""
    assert shown(drums, key_is_told=True).key == "Am"
    assert shown(replace(drums, key_confidence=0.4), key_is_told=True).key == ""
