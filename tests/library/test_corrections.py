"""What a person says about a sound stays, and can be taken back."""

import json

import pytest
from django.urls import reverse

from library import guesses
from library.audio.hearing import shown
from library.models import Hearing, LibraryEdit, Sample, Source
from tests.factories import AnalysisFactory, SampleFactory
from tests.library.test_sample_view import HX, form_of

PERSON = Source.PERSON


@pytest.fixture
def loop(user) -> Sample:
    """Return an analysed loop whose values are guesses of the analyser."""
    sample = SampleFactory(
        owner=user,
        title="loop_street",
        loop=True,
        guessed=True,
        kind_guessed=True,
        key="Am",
        key_second="C",
        tags=["tape"],
        **{f"{name}_source": Source.AUDIO for name in ("class", "bpm", "key", "kind")},
        **{f"{name}_confidence": 0.7 for name in ("class", "bpm", "key", "kind")},
    )
    AnalysisFactory(sample=sample, done=True)
    return sample


def press(client, sample, **sent):
    answer = client.post(f"/samples/{sample.pk}/", form_of(sample, **sent), headers=HX)
    assert answer.status_code == 200
    sample.refresh_from_db()
    return json.loads(answer["HX-Trigger"])["toast"]


def known(sample, prefix) -> tuple:
    return tuple(
        getattr(sample, f"{prefix}_{mark}") for mark in ("source", "guessed", "confidence")
    )


@pytest.mark.parametrize(
    ("column", "prefix"),
    [("sample_class", "class"), ("bpm", "bpm"), ("key", "key"), ("is_loop", "kind")],
)
def test_confirming_makes_it_a_persons_word(client, loop, column, prefix):
    value = getattr(loop, column)
    press(client, loop, confirm=column)
    assert getattr(loop, column) == value
    assert known(loop, prefix) == (PERSON, False, 1.0)
    others = {"class", "bpm", "key", "kind"} - {prefix}
    assert {known(loop, name) for name in others} == {(Source.AUDIO, True, 0.7)}


@pytest.mark.parametrize(
    ("column", "prefix", "seen"),
    [
        ("sample_class", "class", "perc"),
        ("bpm", "bpm", 140.0),
        ("key", "key", "C"),
        ("is_loop", "kind", False),
    ],
)
def test_what_was_seen_is_confirmed_whatever_a_worker_wrote_meanwhile(
    client, loop, column, prefix, seen
):
    sent = str(seen).lower() if column == "is_loop" else seen
    toast = press(client, loop, **{column: sent, f"initial-{column}": sent, "confirm": column})
    assert (getattr(loop, column), known(loop, prefix)) == (seen, (PERSON, False, 1.0))
    client.post(toast["undo"])
    loop.refresh_from_db()
    assert getattr(loop, column) != seen
    assert known(loop, prefix) == (Source.AUDIO, True, 0.7)


@pytest.mark.parametrize(
    ("sent", "column", "value"),
    [
        ("bpm=192", "bpm", 192.0),
        ("bpm=48", "bpm", 48.0),
        ("key=C", "key", "C"),
        ("sample_class=perc", "sample_class", "perc"),
        ("is_loop=false", "is_loop", False),
    ],
)
def test_another_answer_is_taken_with_one_press(client, loop, sent, column, value):
    press(client, loop, take=sent)
    assert getattr(loop, column) == value
    prefix = {"sample_class": "class", "is_loop": "kind"}.get(column, column)
    assert known(loop, prefix) == (PERSON, False, 1.0)


@pytest.mark.parametrize("sent", ["bpm=fast", "bpm=4000", "key=H", "sample_class=drum"])
def test_an_answer_that_cannot_be_changes_nothing(client, loop, sent):
    answer = client.post(f"/samples/{loop.pk}/", form_of(loop, take=sent), headers=HX)
    assert answer.status_code == 422
    loop.refresh_from_db()
    assert (loop.bpm, loop.key, loop.sample_class) == (96.0, "Am", "break")


@pytest.mark.parametrize("sent", ["title=Other", "owner=1", "nothing", "=", "pk=7"])
def test_only_guesses_are_answered_so(client, loop, sent):
    press(client, loop, take=sent)
    assert (loop.title, known(loop, "bpm")) == ("loop_street", (Source.AUDIO, True, 0.7))


def test_that_there_is_none_is_a_word_as_well(client, loop):
    press(client, loop, bpm="")
    assert (loop.bpm, known(loop, "bpm")) == (None, (PERSON, False, 1.0))


def test_what_a_worker_wrote_meanwhile_is_not_taken_for_an_answer(client, loop):
    seen = {"initial-bpm": "", "bpm": "", "initial-key": "Am", "key": "Am"}  # before it was heard
    press(client, loop, **seen, title="Street")
    assert (loop.title, loop.bpm, known(loop, "bpm")) == ("Street", 96.0, (Source.AUDIO, True, 0.7))


def test_the_form_says_what_it_showed(client, loop):
    page = client.get(f"/samples/{loop.pk}/").text
    for name in ("sample_class", "bpm", "key", "is_loop"):
        assert f'name="initial-{name}"' in page
    assert 'name="initial-title"' not in page


def test_a_change_is_taken_back_with_its_marks(client, loop):
    toast = press(client, loop, take="bpm=192", title="Street", tags="tape, vinyl")
    assert toast["text"] == "Street saved."
    assert loop.tags.count() == 2
    answer = client.post(toast["undo"], headers=HX)
    assert "Undone: Street changed." in answer["HX-Trigger"]
    loop.refresh_from_db()
    assert (loop.title, loop.bpm) == ("loop_street", 96.0)
    assert known(loop, "bpm") == (Source.AUDIO, True, 0.7)
    assert [tag.name for tag in loop.tags.all()] == ["tape"]
    assert "vinyl" not in loop.search_text


def test_tags_alone_are_taken_back(client, loop):
    toast = press(client, loop, tags="")
    client.post(toast["undo"])
    assert [tag.name for tag in loop.tags.all()] == ["tape"]


def test_a_change_to_a_sound_that_is_gone_is_taken_back_quietly(client, loop):
    toast = press(client, loop, take="bpm=192", tags="")
    loop.delete()
    assert client.post(toast["undo"], headers=HX).status_code == 204


def test_nothing_changed_is_nothing_to_undo(client, loop):
    assert "undo" not in press(client, loop)
    assert not LibraryEdit.objects.exists()


def test_nobody_takes_back_what_another_changed(client, stranger_client, loop):
    toast = press(client, loop, take="bpm=192")
    assert stranger_client.post(toast["undo"]).status_code == 404


def test_the_page_offers_the_ways(client, loop):
    page = client.get(reverse("library:sample", args=[loop.pk])).text
    for sent in ("bpm=192", "bpm=48", "key=C", "is_loop=false"):
        assert f'value="{sent}"' in page
    assert "Heard, 70 % sure." in page
    saves = page.index('<button type="submit" hidden>')  # Enter presses the first one
    assert saves < page.index('value="bpm=192"')


# The kind and the tempo: a one-shot shows none


def unseen(sample, source, sure, **heard) -> None:
    """Let the analyser have taken it for a one-shot, with a tempo of which it shows nothing."""
    Hearing.objects.create(sample=sample, **heard)
    marks = {"bpm_guessed": False, "bpm_source": source, "bpm_confidence": sure}
    Sample.objects.filter(pk=sample.pk).update(is_loop=False, bpm=None, **marks)
    sample.refresh_from_db()


@pytest.mark.parametrize(
    ("source", "sure", "bpm"),
    [(Source.AUDIO, 0.7, 92.5), (Source.AUDIO, 0.95, 92.5), (Source.NAME, 0.95, 90.0)],
)
def test_what_is_a_loop_after_all_shows_its_tempo(client, loop, source, sure, bpm):
    unseen(loop, source, sure, heard={"bpm": 92.5}, hinted={"bpm": {"value": 90}})
    toast = press(client, loop, take="is_loop=true")
    assert (loop.is_loop, loop.bpm) == (True, bpm)
    assert known(loop, "bpm") == (source, sure < 0.9, sure)
    client.post(toast["undo"])
    loop.refresh_from_db()
    assert (loop.is_loop, loop.bpm, known(loop, "bpm")) == (False, None, (source, False, sure))


@pytest.mark.parametrize("source", [Source.NAME, Source.AUDIO])
def test_a_loop_in_which_none_was_found_shows_none(client, loop, source):
    unseen(loop, source, 0.0)
    press(client, loop, is_loop="true")
    assert (loop.is_loop, loop.bpm, loop.bpm_guessed) == (True, None, False)


def test_a_loop_that_nobody_has_heard_yet_shows_none(client, loop):
    Sample.objects.update(is_loop=False, bpm=None)
    loop.refresh_from_db()
    press(client, loop, is_loop="true")
    assert (loop.is_loop, loop.bpm) == (True, None)


def test_a_one_shot_shows_no_tempo_that_was_heard(client, loop):
    toast = press(client, loop, take="is_loop=false")
    assert (loop.bpm, known(loop, "bpm")) == (None, (Source.AUDIO, False, 0.7))
    client.post(toast["undo"])
    loop.refresh_from_db()
    assert (loop.bpm, known(loop, "bpm")) == (96.0, (Source.AUDIO, True, 0.7))


@pytest.mark.parametrize("sent", ["true", ""])
def test_a_loop_keeps_the_tempo_that_it_has(client, loop, sent):
    press(client, loop, is_loop=sent, confirm="is_loop")
    assert (loop.bpm, known(loop, "bpm")) == (96.0, (Source.AUDIO, True, 0.7))


@pytest.mark.parametrize("kind", ["true", "false"])
def test_a_persons_tempo_stays_whatever_the_kind(client, loop, kind):
    press(client, loop, bpm="140", is_loop=kind, confirm="is_loop")
    assert (loop.bpm, known(loop, "bpm")) == (140, (PERSON, False, 1.0))
    press(client, loop, is_loop="false", confirm="is_loop")
    assert (loop.bpm, known(loop, "bpm")) == (140, (PERSON, False, 1.0))


def test_what_is_sure_is_sure_everywhere():
    assert guesses.SURE == shown.SURE
