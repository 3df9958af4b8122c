"""What prompts are understood as."""

import pytest

from library.engines import patterns
from library.engines.vocabulary import SOUNDS, STYLES
from library.engines.words import wish


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
        ("reverse cymbal", "crash", False, None, ""),
        ("rhodes reversed", "tines", False, None, ""),
        ("no kick, just snare loop", "snare", True, None, ""),
        ("Rhodes in F sharp minor", "tines", False, None, "F#m"),
        ("C sharp pad", "pad", False, None, "Db"),
        ("E flat rhodes", "tines", False, None, "Eb"),
        ("pad in A flat", "pad", False, None, "Ab"),
        ("rhodes A sharp", "tines", False, None, "Bb"),
        ("rhodes in a sharp minor", "tines", False, None, "Bbm"),
        ("a sharp snare", "snare", False, None, ""),
        ("A sharp snare", "snare", False, None, ""),
        ("Am7 rhodes", "tines", False, None, "Am"),
        ("Dm7 pad", "pad", False, None, "Dm"),
        ("dm7 pad", "pad", False, None, "Dm"),
        ("F#m7 stab", "stab", False, None, "F#m"),
        ("Bbm7b5 organ", "organ", False, None, "Bbm"),
        ("Cmaj7", "tines", False, None, "C"),
        ("Gsus4 stab", "stab", False, None, "G"),
        ("G7 stab", "stab", False, None, "G"),
        ("D dorian pad", "pad", False, None, "Dm"),
        ("F# lydian pad", "pad", False, None, "F#"),
        ("8 bar house loop 120bpm", "drums", True, 120, ""),
        ("snare 2 bars", "snare", True, None, ""),
        ("snare roll", "snare", True, None, ""),
        ("hi-hat roll", "hat", True, None, ""),
        ("drum roll", "snare", True, None, ""),
        ("rock and roll drums", "drums", True, None, ""),
        ("steel drum", "tines", False, None, ""),
        ("steel drums loop in C", "tines", True, None, "C"),
        ("line one line two kick", "kick", False, None, ""),
        ("acid line", "squelch", True, None, ""),
        ("C minor loop 90 bpm", "tines", True, 90, "Cm"),
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


@pytest.mark.parametrize(
    ("prompt", "traits", "without"),
    [
        ("hat without reverb", {"dry"}, set()),
        ("punchy kick no reverb", {"dry", "hard"}, set()),
        ("wide snare, not too bright", {"wide"}, set()),
        ("kick with no distortion", set(), set()),
        ("kick no 3 bright", {"bright"}, set()),
        ("house beat without hi hats or any claps", set(), {"hat", "clap"}),
        ("techno loop minus the bass drum", set(), {"kick"}),
        ("trap beat no open hats", set(), {"hat"}),
        ("kick no", set(), set()),
    ],
)
def test_what_is_refused_is_not_wanted(prompt, traits, without):
    understood = wish(prompt)
    assert (understood.traits, understood.without) == (traits, without)


def test_a_style_without_a_drum_of_its_own():
    played = patterns.drums("house", frozenset(), frozenset({"hat", "clap"}))
    assert [part.drum for part in played.parts] == ["kick", "shaker"]
    everything = frozenset(part.drum for part in patterns.STYLES["rock"].parts)
    assert patterns.drums("rock", frozenset(), everything).parts == patterns.STYLES["rock"].parts


@pytest.mark.parametrize(
    ("prompt", "bars"),
    [("8 bar loop", 8), ("two-bar loop", 2), ("16 bars", 16), ("0 bars", 1), ("bar 4 loop", None)],
)
def test_bars(prompt, bars):
    assert wish(prompt).bars == bars


@pytest.mark.parametrize(
    ("prompt", "is_known"),
    [
        ("kick", True), ("techno", True), ("Cmaj7", True), ("loop 120 bpm", True),
        ("blorp", False), ("dark", False), ("no kick", False), ("blorp 140 bpm", False),
    ],
)  # fmt: skip
def test_a_sound_by_chance_is_known_as_one(prompt, is_known):
    assert wish(prompt).is_known == is_known


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
