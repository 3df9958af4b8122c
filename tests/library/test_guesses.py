"""Who knows what of a sound: names when it comes in, people for good."""

import pytest

from library import guesses
from library.audio.names import Hints
from library.models import Sample, Source
from tests.factories import SampleFactory


def test_what_a_name_says_is_a_guess():
    sample = Sample()
    guesses.describe(sample, Hints("kick", None, 92.0, ""), given=False)
    assert (sample.sample_class, sample.class_guessed, sample.class_source) == (
        "kick",
        True,
        Source.NAME,
    )
    assert (sample.bpm, sample.bpm_guessed, sample.bpm_source) == (92.0, True, Source.NAME)
    assert (sample.key, sample.key_guessed, sample.key_source) == ("", False, "")
    assert (sample.is_loop, sample.kind_guessed, sample.kind_source) == (None, False, "")
    assert sample.class_confidence is None


def test_what_somebody_labelled_is_a_persons_word():
    sample = Sample()
    guesses.describe(sample, Hints("bass", is_loop=False, bpm=None, key="Am"), given=True)
    assert (sample.is_loop, sample.kind_guessed, sample.kind_source) == (False, False, "person")
    assert (sample.key, sample.key_source, sample.key_confidence) == ("Am", "person", 1.0)
    assert (sample.bpm, sample.bpm_source) == (None, "")


@pytest.mark.parametrize("column", guesses.GUESSES)
def test_every_column_has_its_marks(column):
    told = guesses.told([column])
    assert list(told) == guesses.marks(column)
    assert set(told.values()) == {False, Source.PERSON, 1.0}
    assert set(told) < {field.name for field in Sample._meta.get_fields()}


@pytest.mark.django_db
def test_nothing_is_no_guess():
    sample = SampleFactory(guessed=True, bpm=None, key="", is_loop=False, kind_guessed=True)
    found = [column for column in guesses.GUESSES if guesses.is_guessed(sample, column)]
    assert found == ["sample_class", "is_loop"]
