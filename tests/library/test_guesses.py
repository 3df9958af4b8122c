"""Who knows what of a sound: names when it comes in, people for good."""

import pytest

from library import bulk, guesses
from library.audio.names import Hints
from library.models import LibraryEdit, Sample, Source
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


def test_a_row_says_that_a_loop_is_a_guess(client, user):
    guessed = SampleFactory(
        owner=user, loop=True, kind_guessed=True, kind_source="audio", kind_confidence=0.62
    )
    row = " ".join(client.get("/library/").text.split())
    assert 'title="Heard, 62 % sure. Click to confirm.">Loop?</span>' in row
    shown = client.get(f"/samples/{guessed.pk}/").context["form"].initial
    sent = {name: value for name, value in shown.items() if value is not None}
    client.post(f"/samples/{guessed.pk}/", sent | {"confirm": "is_loop"})
    page = client.get("/library/").text
    assert '<span class="k-kind">Loop</span>' in page
    bulk.undo(LibraryEdit.objects.get())
    assert ">Loop?</span>" in client.get("/library/").text


def test_a_row_has_no_word_for_one_shots(client, user):
    SampleFactory(owner=user, is_loop=False, kind_guessed=True)
    assert "k-kind" not in client.get("/library/").text
