"""What prompts are understood as."""

import pytest

from library.engines import patterns
from library.engines.words import SOUNDS, STYLES, wish


@pytest.mark.parametrize(
    ("prompt", "sound", "is_loop", "bpm", "key"),
    [
        ("808 kick 140 bpm in C minor", "kick", True, 140, "Cm"),
        ("808 kick", "kick", False, None, ""),
        ("808 in G", "808", False, None, "G"),
        ("dusty snare", "snare", False, None, ""),
        ("Closed Hi-Hat", "hat", False, None, ""),
        ("open hat", "open hat", False, None, ""),
        ("hand clap", "clap", False, None, ""),
        ("floor tom", "low tom", False, None, ""),
        ("bass drum", "kick", False, None, ""),
        ("kick drum", "kick", False, None, ""),
        ("reese bass in F#", "reese", False, None, "F#"),
        ("sub bass", "sub", False, None, ""),
        ("bass note in e flat minor", "bass", False, None, "Ebm"),
        ("rhodes chord", "tines", False, None, ""),
        ("organ chord", "organ", False, None, ""),
        ("chord", "tines", False, None, ""),
        ("pad in A minor", "pad", False, None, "Am"),
        ("pad in a big hall", "pad", False, None, ""),
        ("pad in the key of D", "pad", False, None, "D"),
        ("sub C2", "sub", False, None, "C"),
        ("stab in B flat", "stab", False, None, "Bb"),
        ("drum loop 92 bpm boom bap", "drums", True, 92, ""),
        ("techno beat 130", "drums", True, 130, ""),
        ("techno 130", "drums", True, 130, ""),
        ("drum & bass 174 bpm", "drums", True, 174, ""),
        ("hat loop 120 bpm", "hat", True, 120, ""),
        ("bass line 120 bpm in E minor", "bass", True, 120, "Em"),
        ("acid bassline", "squelch", True, None, ""),
        ("reese bass 174.5 bpm", "reese", True, 174.5, ""),
        ("kick one shot 140 bpm", "kick", False, 140, ""),
        ("riser", "riser", False, None, ""),
        ("vocal", "voice", False, None, ""),
        ("vocal choir in D minor", "choir", False, None, "Dm"),
        ("trumpet", "stab", False, None, ""),
        ("banjo", "stab", False, None, ""),
        ("shaker percussion", "shaker", False, None, ""),
        ("choir voices", "choir", False, None, ""),
        ("808 bass", "808", False, None, ""),
        ("snare, warm.", "snare", False, None, ""),
    ],
)
def test_sound_loop_tempo_and_key(prompt, sound, is_loop, bpm, key):
    understood = wish(prompt)
    assert (understood.sound, understood.is_loop, understood.bpm, understood.key) == (
        sound, is_loop, bpm, key,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("prompt", "style"),
    [
        ("boom bap drums", "boom bap"),
        ("hip-hop beat", "boom bap"),
        ("lo-fi beat", "lofi"),
        ("deep house loop", "house"),
        ("drum and bass", "jungle"),
        ("dnb break", "jungle"),
        ("uk garage", "garage"),
        ("snare", ""),
    ],
)
def test_styles(prompt, style):
    assert wish(prompt).style == style


def test_every_style_can_be_played():
    assert STYLES.keys() == patterns.STYLES.keys()


def test_the_drums_of_a_loop_are_those_that_are_named():
    assert wish("kick and snare loop").parts == {"kick", "snare"}
    assert wish("techno beat with open hat").parts == frozenset()


def test_adjectives_are_told_apart():
    assert wish("long dark dusty distorted wide pad").traits >= {
        "long", "dark", "dusty", "distorted", "wide",
    }  # fmt: skip
    assert wish("lofi beat").traits >= {"dusty"}


@pytest.mark.parametrize(
    "prompt", ["", "  ", "…", "blorp quux", "日本の音", "🥁", "x" * 900, "''\"\\%"]
)
def test_words_that_say_nothing_get_the_same_sound_each_time(prompt):
    sounds = {name for named in SOUNDS.values() for name in named}
    assert wish(prompt).sound in sounds
    assert wish(prompt) == wish(prompt)


def test_other_words_that_say_nothing_get_other_sounds():
    assert len({wish(f"blorp {letters}").sound for letters in ("aa", "ee", "oo", "uu", "yy")}) > 1


def test_a_word_alone_says_the_mode():
    assert wish("sad pad").is_minor is True
    assert wish("happy pad").is_minor is False
    assert wish("pad").is_minor is None
