"""Names and embedded data as witnesses: how far each is trusted, and who agrees."""

import pytest

from library.audio.chunks.embedded import Embedded
from library.audio.hearing.hints import (
    CHUNK,
    CHUNK_BPM,
    COUNTED_BPM,
    CUT_BPM,
    NAME,
    POSSIBLE_BPM,
    STATED_BPM,
    WRITTEN_BPM,
    Hint,
    Hinted,
    hinted,
)
from library.models import Source


def test_sources_are_called_as_rows_call_them():
    assert {NAME, CHUNK, "audio"} < set(Source.values)


def test_nothing_said_is_nothing():
    assert hinted("untitled 3.wav") == Hinted()


@pytest.mark.parametrize(
    ("name", "bpm"),
    [
        ("dusty_92bpm.wav", Hint(92.0, STATED_BPM, NAME)),
        ("loop_92.wav", Hint(92.0, WRITTEN_BPM, NAME)),
        ("chill_92_dusty.wav", Hint(92.0, POSSIBLE_BPM, NAME)),
        ("take_92.wav", None),
    ],
)
def test_who_says_bpm_is_trusted_most(name, bpm):
    assert hinted(name).bpm == bpm


def test_embedded_tempos():
    assert hinted("x.wav", "", Embedded(bpm=92.0)).bpm == Hint(92.0, CHUNK_BPM, CHUNK)
    whole = Embedded(bpm=92.0, beats=8)
    assert hinted("x.wav", "", whole, 480 / 92).bpm == Hint(92.0, CHUNK_BPM, CHUNK)
    assert hinted("x.wav", "", whole, 3.0).bpm == Hint(92.0, CUT_BPM, CHUNK)  # cut afterwards
    assert hinted("x.wav", "", whole, 0.0).bpm == Hint(92.0, CHUNK_BPM, CHUNK)


def test_counted_beats_tell_a_tempo_by_the_length():
    assert hinted("x.aiff", "", Embedded(beats=8), 4.0).bpm == Hint(120.0, COUNTED_BPM, CHUNK)
    assert hinted("x.aiff", "", Embedded(beats=4096), 1.0).bpm is None  # 245 760 BPM
    assert hinted("x.aiff", "", Embedded(beats=1), 1000.0).bpm is None


def test_witnesses_that_agree_are_trusted_more():
    said = hinted("dusty_92bpm_Am.wav", "", Embedded(bpm=91.0, key="Am"))
    assert said.bpm.value == 92.0
    assert said.bpm.confidence == pytest.approx(1 - 0.05 * 0.15)
    assert said.key.confidence == pytest.approx(1 - 0.05 * 0.15)


def test_of_witnesses_that_do_not_the_most_trusted_counts():
    assert hinted("dusty_92bpm.wav", "", Embedded(bpm=120.0)).bpm == Hint(92.0, STATED_BPM, NAME)
    assert hinted("chill_92_x.wav", "", Embedded(bpm=120.0)).bpm == Hint(120.0, CHUNK_BPM, CHUNK)


def test_kind_class_and_root():
    said = hinted("kick_1.wav", "", Embedded(is_loop=False, root=45, heard_class="snare"))
    assert said.is_loop == Hint(value=False, confidence=0.85, source=CHUNK)
    assert said.heard_class == Hint("kick", 0.9, NAME)
    assert said.root == 9  # A


@pytest.mark.parametrize(
    ("name", "folder", "said"),
    [
        ("kick_1.wav", "", Hint("kick", 0.9, NAME)),
        ("sub_drop_hit.wav", "", Hint("bass", 0.9, NAME)),
        ("Impact Hit.wav", "", Hint("fx", 0.9, NAME)),
        ("metal hit.wav", "", Hint("fx", 0.5, NAME)),  # of many classes
        ("03.wav", "Drums/Kicks", Hint("kick", 0.6, NAME)),
        ("chord thing Am.wav", "", Hint("melodic", 0.9, NAME)),
        ("Am thing.wav", "", Hint("melodic", 0.9, NAME)),
        ("break_92.wav", "", Hint("drums", 0.9, NAME)),
        ("dusty.wav", "Drum Loops", Hint("drums", 0.6, NAME)),
        ("dusty 92bpm.wav", "", None),  # a loop of anything
    ],
)
def test_words_are_trusted_as_far_as_they_are_plain(name, folder, said):
    assert hinted(name, folder).heard_class == said
