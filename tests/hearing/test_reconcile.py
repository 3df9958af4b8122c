"""Hints held against the audio: who is right when both speak."""

from dataclasses import replace

import numpy as np
import pytest

from library.audio.chunks.reading import read
from library.audio.hearing.heard import Heard
from library.audio.hearing.hints import CHUNK, NAME, Hint, Hinted, hinted
from library.audio.hearing.onsets import Onsets
from library.audio.hearing.reconcile import AUDIO, CLEAR, CONTESTED, DOUBTFUL, fits, reconcile
from library.audio.hearing.shown import ASKED
from tests.audio.test_chunks_mp4 import box, value, whole

EIGHT_BEATS = 480 / 92  # seconds at 92 BPM
SURE, HALF_SURE, DOUBT = 0.95, 0.75, 0.4
BY_NAME = {
    "bpm": lambda bpm: Hinted(bpm=Hint(bpm, 0.95, NAME), states_bpm=True),
    "key": lambda key: Hinted(key=Hint(key, 0.95, NAME)),
    "class": lambda word: Hinted(heard_class=Hint(word, 0.9, NAME)),
    "kind": lambda is_loop: Hinted(is_loop=Hint(is_loop, 0.95, NAME)),
}

LOOP = Heard(
    is_loop=True,
    kind_confidence=0.9,
    bpm=92.0,
    bpm_confidence=SURE,
    bpm_octaves=SURE,
    bpm_alternatives=((184.0, 0.2), (138.0, 0.01)),
    key="Am",
    key_confidence=SURE,
    key_second="F",
    tonality=0.9,
    heard_class="melodic",
    class_confidence=SURE,
    class_second="bass",
    coarse="tonal",
    onsets=Onsets(np.zeros(0), np.zeros(0, np.float32)),
    descriptor=np.zeros(64, np.float16),
    rhythm=np.zeros(0, np.float16),
    fingerprint=b"",
)
HIT = replace(LOOP, is_loop=False, heard_class="snare", class_second="clap", coarse="drum", key="")


def test_a_kind_in_conflict_is_asked_for():
    hints = Hinted(is_loop=Hint(value=False, confidence=0.95, source=NAME))
    for sure in (SURE, HALF_SURE, 0.55):
        verdict = reconcile(replace(LOOP, kind_confidence=sure), hints, EIGHT_BEATS)
        assert verdict.heard.kind_confidence < ASKED


def test_without_hints_nothing_changes():
    verdict = reconcile(LOOP, Hinted(), EIGHT_BEATS)
    assert verdict.heard == LOOP or vars(verdict.heard) == vars(LOOP)
    assert verdict.sources == dict.fromkeys(("kind", "bpm", "key", "class"), AUDIO)
    assert not verdict.contested


@pytest.mark.parametrize(
    ("what", "value", "field"),
    [
        ("bpm", 92.0, "bpm_confidence"),
        ("key", "Am", "key_confidence"),
        ("class", "melodic", "class_confidence"),
        ("kind", True, "kind_confidence"),
    ],
)
@pytest.mark.parametrize("sure", [SURE, HALF_SURE, DOUBT])
def test_agreement_makes_surer_than_either_alone(what, value, field, sure):
    hints = BY_NAME[what](value)
    verdict = reconcile(replace(LOOP, **{field: sure}), hints, EIGHT_BEATS)
    assert max(sure, 0.9) < getattr(verdict.heard, field) <= 1
    assert verdict.sources[what] == AUDIO or what == "bpm"
    assert not verdict.contested


@pytest.mark.parametrize(
    ("what", "wrong", "field", "right"),
    [
        ("bpm", 90.0, "bpm", 92.0),
        ("bpm", 184.0, "bpm", 92.0),  # it fits, and the audio thought of it
        ("key", "F#", "key", "Am"),
        ("key", "F", "key", "Am"),  # even its runner-up
        ("class", "fx", "heard_class", "melodic"),
        ("class", "bass", "heard_class", "melodic"),
        ("kind", False, "is_loop", True),
    ],
)
def test_a_wrong_hint_never_beats_clear_audio(what, wrong, field, right):
    verdict = reconcile(LOOP, BY_NAME[what](wrong), EIGHT_BEATS)
    assert getattr(verdict.heard, field) == right
    assert verdict.sources[what] == AUDIO
    assert verdict.contested == {what}


def test_what_is_in_conflict_is_never_sure():
    verdict = reconcile(LOOP, BY_NAME["bpm"](90.0), EIGHT_BEATS)
    assert verdict.heard.bpm_confidence == CONTESTED < CLEAR
    half = reconcile(replace(LOOP, bpm_confidence=0.7), BY_NAME["bpm"](90.0), EIGHT_BEATS)
    assert half.heard.bpm_confidence == 0.7


@pytest.mark.parametrize(
    ("sure", "bpm", "wins"),
    [
        (DOUBT, 184.0, True),  # fits the length, and the audio thought of it
        (DOUBT, 115.0, True),  # ten beats
        (DOUBT, 138.0, True),  # twelve beats, and hardly thought of
        (DOUBT, 90.0, False),  # 7.8 beats
        (HALF_SURE, 184.0, True),
        (HALF_SURE, 138.0, False),  # it fits, but the audio does not think of it
        (HALF_SURE, 90.0, False),
        (DOUBTFUL, 115.0, False),
        (CLEAR, 184.0, False),
    ],
)
def test_a_tempo_wins_over_doubt_where_it_is_possible(sure, bpm, wins):
    heard = replace(LOOP, bpm_confidence=sure)
    verdict = reconcile(heard, BY_NAME["bpm"](bpm), EIGHT_BEATS)
    assert verdict.heard.bpm == (bpm if wins else 92.0)
    assert verdict.sources["bpm"] == (NAME if wins else AUDIO)
    assert ("bpm" in verdict.contested) == (not wins or sure >= DOUBTFUL)


def test_a_tempo_the_audio_thought_of_wins_over_doubt_in_a_file_with_a_tail():
    heard = replace(LOOP, bpm_confidence=DOUBT)
    assert reconcile(heard, BY_NAME["bpm"](184.0), 7.0).heard.bpm == 184.0
    assert reconcile(heard, BY_NAME["bpm"](138.0), 7.0).heard.bpm == 92.0


def test_a_tempo_that_outweighs_what_the_audio_prefers_needs_no_length():
    heard = replace(LOOP, bpm_confidence=HALF_SURE, bpm_alternatives=((138.0, 0.04),))
    assert reconcile(heard, BY_NAME["bpm"](138.0), 7.0).heard.bpm == 138.0  # .04 x .95 > .75 x .05
    number = Hinted(bpm=Hint(138.0, 0.8, NAME))
    assert reconcile(heard, number, 7.0).heard.bpm == 92.0


def test_an_octave_is_always_possible():
    heard = replace(LOOP, bpm_confidence=HALF_SURE, bpm_alternatives=())
    assert reconcile(heard, BY_NAME["bpm"](46.0), EIGHT_BEATS).heard.bpm == 46.0
    assert reconcile(heard, BY_NAME["bpm"](46.0), 7.0).heard.bpm == 92.0


def test_both_together_make_a_hint_surer_than_alone():
    heard = replace(LOOP, bpm_confidence=DOUBT)
    assert reconcile(heard, BY_NAME["bpm"](184.0), EIGHT_BEATS).heard.bpm_confidence > 0.95


@pytest.mark.parametrize(
    ("heard", "said", "seconds", "value"),
    [
        (92.3, 92.0, EIGHT_BEATS, 92.0),  # the stated one fills the file
        (92.3, 92.0, 7.1, 92.0),  # neither
        (92.3, 92.0, 480 / 92.3, 92.0),  # the heard one, which nobody would choose
        (92.0, 93.0, EIGHT_BEATS, 92.0),  # the heard one, a whole number over eight beats
        (92.0, 93.0, EIGHT_BEATS / 2, 93.0),  # over four
        (92.0, 93.0, EIGHT_BEATS + 0.03, 93.0),  # or not exactly
    ],
)
def test_of_two_ways_to_write_a_tempo(heard, said, seconds, value):
    loop = replace(LOOP, bpm=heard)
    assert reconcile(loop, BY_NAME["bpm"](said), seconds).heard.bpm == value


@pytest.mark.parametrize(("seconds", "value"), [(7.1, 92.3), (EIGHT_BEATS, 92.0)])
def test_a_number_that_does_not_say_bpm_has_to_fill_the_file(seconds, value):
    hints = Hinted(bpm=Hint(92.0, 0.8, NAME))
    verdict = reconcile(replace(LOOP, bpm=92.3), hints, seconds)
    assert verdict.heard.bpm == value
    assert verdict.sources["bpm"] == (NAME if value == 92.0 else AUDIO)


def test_where_the_audio_says_nothing_the_hint_speaks_alone():
    mute = replace(LOOP, bpm=None, bpm_confidence=0.0, key="", heard_class="", class_confidence=0)
    hints = Hinted(
        bpm=Hint(92.0, 0.85, CHUNK),
        key=Hint("C", 0.85, CHUNK),
        heard_class=Hint("bass", 0.9, NAME),
    )
    verdict = reconcile(mute, hints, EIGHT_BEATS)
    assert (verdict.heard.bpm, verdict.heard.key, verdict.heard.heard_class) == (92.0, "C", "bass")
    assert verdict.heard.bpm_confidence == 0.85
    assert verdict.sources == {"bpm": CHUNK, "key": CHUNK, "class": NAME, "kind": AUDIO}
    assert not verdict.contested


@pytest.mark.parametrize(
    ("sure", "key", "wins"),
    [
        (DOUBT, "F#", True),
        (HALF_SURE, "C", True),
        (HALF_SURE, "A", True),
        (HALF_SURE, "F#", False),
        (CLEAR, "C", False),
        (CLEAR, "F", True),  # the runner-up, by a name that is right more often
    ],
)
def test_keys_that_are_easily_mistaken_are_nearer(sure, key, wins):
    verdict = reconcile(replace(LOOP, key_confidence=sure), BY_NAME["key"](key), EIGHT_BEATS)
    assert verdict.heard.key == (key if wins else "Am")
    assert verdict.heard.key_second == ("Am" if wins else "F")


def test_what_has_no_pitch_cannot_contradict_a_key():
    noise = replace(LOOP, tonality=0.1, key_confidence=HALF_SURE)
    verdict = reconcile(noise, BY_NAME["key"]("F#"), EIGHT_BEATS)
    assert (verdict.heard.key, verdict.sources["key"]) == ("F#", NAME)
    assert not verdict.contested


def test_a_root_note_confirms_a_key_on_it():
    heard = replace(LOOP, key_confidence=0.5)
    assert reconcile(heard, Hinted(root=9), 1.0).heard.key_confidence == pytest.approx(0.65)
    assert reconcile(heard, Hinted(root=2), 1.0).heard.key_confidence == 0.5


@pytest.mark.parametrize(
    ("sure", "said", "becomes"),
    [
        (DOUBT, "fx", "fx"),
        (HALF_SURE, "kick", "kick"),  # of the same family
        (HALF_SURE, "vocal", "snare"),
        (SURE, "rim", "rim"),  # shown as a snare as well, and finer
        (SURE, "snare", "snare"),
        (SURE, "drums", "snare"),  # says nothing of a hit
    ],
)
def test_classes(sure, said, becomes):
    verdict = reconcile(replace(HIT, class_confidence=sure), BY_NAME["class"](said), 0.3)
    assert verdict.heard.heard_class == becomes


def test_a_vague_word_does_not_beat_audio_that_is_surer():
    vague = Hinted(heard_class=Hint("clap", 0.5, NAME))
    heard = replace(HIT, class_confidence=HALF_SURE)
    assert reconcile(heard, vague, 0.3).heard.heard_class == "snare"
    heard = replace(HIT, class_confidence=DOUBT)
    assert reconcile(heard, vague, 0.3).heard.heard_class == "clap"


def test_of_two_that_look_alike_the_finer_one_is_kept():
    tom = replace(HIT, heard_class="tom", class_confidence=SURE)
    assert reconcile(tom, BY_NAME["class"]("perc"), 0.3).heard.heard_class == "tom"
    tom = replace(HIT, heard_class="tom", class_confidence=DOUBT)
    assert reconcile(tom, BY_NAME["class"]("perc"), 0.3).heard.heard_class == "perc"


@pytest.mark.parametrize(
    ("sure", "bpm", "seconds", "is_loop"),
    [
        (0.55, None, 0.3, True),
        (0.8, None, 0.3, False),
        (0.8, 92.0, EIGHT_BEATS, True),  # the tempo that the name states fills the file
        (0.8, 92.0, 3.0, False),
        (0.95, 92.0, EIGHT_BEATS, False),
    ],
)
def test_a_name_can_make_a_hit_a_loop(sure, bpm, seconds, is_loop):
    hints = Hinted(
        is_loop=Hint(value=True, confidence=0.95, source=NAME),
        bpm=bpm and Hint(bpm, 0.95, NAME),
    )
    verdict = reconcile(replace(HIT, kind_confidence=sure), hints, seconds)
    assert verdict.heard.is_loop is is_loop
    assert verdict.heard.heard_class == ("drums" if is_loop else "snare")
    assert verdict.heard.class_confidence == (0.5 if is_loop else SURE)


def test_a_loop_of_drums_that_is_said_to_be_one_sound_has_no_class():
    heard = replace(LOOP, heard_class="drums", kind_confidence=0.55)
    hints = Hinted(is_loop=Hint(value=False, confidence=0.95, source=NAME))
    verdict = reconcile(heard, hints, 0.4)
    assert (verdict.heard.is_loop, verdict.heard.heard_class) == (False, "")
    assert verdict.heard.class_confidence == 0


@pytest.mark.parametrize(
    ("bpm", "seconds", "is_so"),
    [(92, EIGHT_BEATS, True), (92, EIGHT_BEATS + 0.019, True), (92, EIGHT_BEATS + 0.03, False),
     (60, 1.0, False), (60, 0.0, False), (61, 2.0, False)],
)  # fmt: skip
def test_what_fits_a_length(bpm, seconds, is_so):
    assert fits(bpm, seconds) is is_so


@pytest.mark.parametrize("alone", [92.0, 92.3, None])
def test_the_whole_number_of_a_tag_is_a_tempo(tmp_path, alone):
    path = tmp_path / "street.m4a"
    path.write_bytes(whole(box(b"tmpo", value((92).to_bytes(2)))))
    hints = hinted(path.name, embedded=read(path), seconds=EIGHT_BEATS)
    bpm = reconcile(replace(LOOP, bpm=alone), hints, EIGHT_BEATS).heard.bpm
    assert (bpm, type(bpm)) == (92.0, float)


def test_a_tempo_in_whole_numbers_is_one():
    hints = Hinted(bpm=Hint(92, 0.95, CHUNK))
    bpm = reconcile(replace(LOOP, bpm=None), hints, EIGHT_BEATS).heard.bpm
    assert (bpm, type(bpm)) == (92.0, float)
