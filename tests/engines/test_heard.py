"""The engine by the product's own ears, which know nothing of the words."""

import pytest

from library.audio.hearing.shown import shown
from tests.engines.made import heard


def _two_bars(bpm):
    return 480 / bpm + 0.01


@pytest.mark.parametrize(
    ("prompt", "classes"),
    [
        ("808 kick", "kick bass"),
        ("kick", "kick"),
        ("punchy kick", "kick"),
        ("distorted kick", "kick"),
        ("snare", "snare"),
        ("dusty snare", "snare"),
        ("dark snare", "snare"),
        ("clap", "clap"),
        ("closed hat", "hat"),
        ("open hat", "hat"),
        ("dusty hat", "hat"),
        ("tom", "tom"),
        ("floor tom", "tom"),
        ("rim", "rim perc"),
        ("conga", "perc"),
        ("crash", "cymbal"),
        ("ride", "cymbal"),
        ("reese bass in F#", "bass"),
        ("sub bass", "bass"),
        ("bass", "bass"),
        ("acid bass", "bass"),
        ("808", "bass"),
        ("rhodes chord", "melodic"),
        ("organ chord", "melodic"),
        ("pad in A minor", "melodic"),
        ("lead in D", "melodic"),
        ("choir in D minor", "vocal melodic"),
        ("hey shout", "vocal"),
        ("riser", "fx"),
        ("vinyl noise", "fx"),
    ],
)
def test_a_single_sound_is_what_the_words_say(prompt, classes):
    what = heard(prompt)
    assert what.heard_class in classes.split()
    assert not what.is_loop


@pytest.mark.parametrize(
    ("prompt", "heard_class"),
    [("kick", "kick"), ("snare", "snare"), ("clap", "clap"), ("hat", "hat"), ("bass", "bass")],
)
def test_other_takes_are_the_same_thing(prompt, heard_class):
    for seed in (1, 2, 3):
        assert heard(prompt, 1.5, seed).heard_class == heard_class


@pytest.mark.parametrize(
    ("prompt", "bpm"),
    [
        ("drum loop 92 bpm boom bap", 92),
        ("lofi beat 90 bpm", 90),
        ("house drums 124 bpm", 124),
        ("techno beat 130", 130),
        ("trap beat 140 bpm", 140),
        ("drum and bass loop 174 bpm", 174),
        ("funk break 105 bpm", 105),
        ("garage 132 bpm", 132),
        ("reggaeton 95 bpm", 95),
        ("rock beat 116 bpm", 116),
        ("hat loop 120 bpm", 120),
        ("drum loop 93.5 bpm", 93.5),
    ],
)
def test_a_drum_loop_has_its_tempo(prompt, bpm):
    what = heard(prompt, _two_bars(bpm))
    assert what.is_loop
    assert what.heard_class == "drums"
    assert shown(what).bpm == pytest.approx(bpm, abs=0.001)


@pytest.mark.parametrize("sound", ["bass", "sub bass", "reese bass", "acid bass", "808 bass"])
@pytest.mark.parametrize(("bpm", "key"), [(92, "Am"), (120, "E"), (140, "Gm")])
def test_a_line_has_its_tempo_and_key(sound, bpm, key):
    what = heard(f"{sound} line {bpm} bpm in {key}", _two_bars(bpm))
    assert (what.is_loop, shown(what).bpm, what.key) == (True, bpm, key)


@pytest.mark.parametrize("sound", ["rhodes", "organ", "stab"])
@pytest.mark.parametrize(("bpm", "key"), [(92, "Am"), (120, "Eb"), (140, "Gm")])
def test_a_loop_of_chords_has_its_tempo_and_key(sound, bpm, key):
    what = heard(f"{sound} loop {bpm} bpm in {key}", _two_bars(bpm))
    assert (what.is_loop, shown(what).bpm, what.key) == (True, bpm, key)


@pytest.mark.parametrize(("bpm", "key"), [(92, "Am"), (140, "Gm")])
def test_a_loop_of_what_is_held_has_its_key(bpm, key):
    what = heard(f"pad loop {bpm} bpm in {key}", _two_bars(bpm))
    assert what.key == key  # without onsets no tempo is heard


def test_the_example_of_the_documents_is_what_it_says():
    what = heard("808 kick 140 bpm in C minor", _two_bars(140))
    assert (what.is_loop, shown(what).bpm, what.key) == (True, 140, "Cm")


@pytest.mark.parametrize("key", ["C", "Ebm", "F#", "G#m"])
@pytest.mark.parametrize("sound", ["rhodes chord", "pad", "stab", "organ"])
def test_a_chord_is_in_its_key(sound, key):
    assert heard(f"{sound} in {key}", 1.6).key == key


@pytest.mark.parametrize("key", ["C", "E", "F#", "A", "Bb"])
@pytest.mark.parametrize("sound", ["sub bass", "reese bass", "bass", "808 bass", "acid bass"])
def test_a_note_of_a_bass_is_its_tonic(sound, key):
    assert heard(f"{sound} in {key}", 1.2).key.removesuffix("m") == key
