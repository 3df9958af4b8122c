"""Note names become frequencies."""

import pytest

from library.audio.synth.tuning import chord, hz


def test_notes_are_tempered_equally_around_a440():
    assert hz("A4") == 440
    assert hz("C4") == pytest.approx(261.626, abs=0.001)
    assert hz("F#2") == pytest.approx(hz("Gb2"))
    assert hz("Bb3") == pytest.approx(233.082, abs=0.001)


def test_a_chord_is_notes_with_spaces():
    assert chord("A3 A4") == (220, 440)


@pytest.mark.parametrize("text", ["H4", "A", "E#3", "a4", "A44", ""])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="is not a note"):
        hz(text)
