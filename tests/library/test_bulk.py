"""Many samples changed at once, and taken back exactly."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library import bulk, search
from library.bulk import Action, BulkError, Selection
from library.models import LibraryEdit, Sample, Tag
from library.query import Query
from library.seed import seed
from tests.factories import SampleFactory, TagFactory


def state(user) -> list[tuple]:
    """Return all that a bulk action may change, for comparing."""
    fields = ("pk", "genre", "sample_class", "class_guessed", "class_source", "deleted_at")
    fields += ("search_text", "is_favourite", "bpm", "bpm_guessed", "bpm_source")
    rows = Sample.objects.filter(owner=user).order_by("pk")
    tags = [sorted(row.tags.values_list("name", flat=True)) for row in rows]
    return [(*row, own) for row, own in zip(rows.values_list(*fields), tags, strict=True)]


@pytest.fixture
def shelf(user) -> list[Sample]:
    """Return six samples that differ in all that can be changed."""
    rows = [
        SampleFactory(
            owner=user, title=f"kick {n}", genre=genre, sample_class=kind, tags=tags, **more
        )
        for n, (genre, kind, tags, more) in enumerate([
            ("Dub", "kick", ["tape"], {"bpm": 90.0, "bpm_guessed": True, "is_favourite": True}),
            ("Dub", "kick", [], {"class_guessed": True, "bpm": 210.0}),
            ("", "", ["Dusty"], {}),
            ("House", "snare", ["tape", "Dusty"], {}),
            ("", "kick", [], {}),
            ("", "fx", [], {"trashed": True}),
        ])
    ]  # fmt: skip
    search.refresh([row.pk for row in rows])
    return rows


def everything(user, **more) -> Selection:
    return Selection(query=Query(), **more)


@pytest.mark.parametrize(
    ("action", "value", "changed", "label"),
    [
        ("add_tag", "dusty", 3, "3 sounds tagged dusty"),
        ("add_tag", "#new  word", 5, "5 sounds tagged new word"),
        ("remove_tag", "TAPE", 2, "2 sounds no longer tagged TAPE"),
        ("remove_tag", "nobody", 0, "0 sounds no longer tagged nobody"),
        ("set_genre", "Dub", 3, "3 sounds given the genre Dub"),
        ("set_genre", "", 3, "3 sounds given the genre nothing"),
        ("set_class", "kick", 5, "5 sounds classed as kicks"),
        ("set_class", "", 5, "5 sounds classed as nothing"),
        ("favourite", "", 4, "4 sounds marked as favourite"),
        ("unfavourite", "", 1, "1 sound no longer marked as favourite"),
        ("double_bpm", "", 1, "1 sound at double tempo"),
        ("halve_bpm", "", 2, "2 sounds at half tempo"),
        ("trash", "", 5, "5 sounds moved to the trash"),
        ("restore", "", 1, "1 sound put back into the library"),
    ],
)
def test_each_action_changes_what_differs_and_is_taken_back_exactly(
    user, shelf, action, value, changed, label
):
    before = state(user)
    edit = bulk.apply(user, action, everything(user), value)
    after = state(user)
    assert (edit.label, len(bulk.changed(edit))) == (label, changed)
    differing = {new[0] for old, new in zip(before, after, strict=True) if old != new}
    assert differing == set(bulk.changed(edit))
    assert bulk.undo(edit)
    assert state(user) == before
    assert not bulk.undo(edit)
    assert LibraryEdit.objects.get().undone_at is not None


def test_search_follows_at_once(user, shelf):
    edit = bulk.apply(user, "add_tag", everything(user), "papercut")
    assert search.matching(Sample.objects.kept(), "papercut").count() == 5
    bulk.undo(edit)
    assert search.matching(Sample.objects.kept(), "papercut").count() == 0


def test_a_class_that_is_set_is_no_guess_any_more(user, shelf):
    bulk.apply(user, "set_class", Selection(ids=frozenset([shelf[1].pk])), "kick")
    shelf[1].refresh_from_db()
    assert (shelf[1].sample_class, shelf[1].class_guessed) == ("kick", False)


def test_a_tag_made_for_an_edit_goes_with_it(user, shelf):
    bulk.undo(bulk.apply(user, "add_tag", everything(user), "fresh"))
    assert not Tag.objects.filter(name="fresh").exists()
    old = TagFactory(owner=user, name="old")
    bulk.undo(bulk.apply(user, "add_tag", everything(user), "OLD"))
    assert Tag.objects.filter(pk=old.pk).exists()


def test_a_tag_that_others_use_meanwhile_stays(user, shelf):
    edit = bulk.apply(user, "add_tag", Selection(ids=frozenset([shelf[0].pk])), "fresh")
    shelf[1].tags.add(Tag.objects.get(name="fresh"))
    bulk.undo(edit)
    assert Tag.objects.filter(name="fresh").exists()


def test_undo_copes_with_what_is_gone_since(user, shelf):
    added = bulk.apply(user, "add_tag", everything(user), "fresh")
    removed = bulk.apply(user, "remove_tag", everything(user), "tape")
    Tag.objects.all().delete()
    shelf[0].delete()
    assert bulk.undo(removed)
    assert [tag.name for tag in shelf[3].tags.all()] == ["tape"]
    assert bulk.undo(added)


def test_a_selection_is_ids_or_a_query_less_exceptions(user, shelf):
    ids = frozenset(row.pk for row in shelf[:3])
    assert Selection(ids=ids, excluded=frozenset([shelf[0].pk])).of(user) == [
        shelf[2].pk,
        shelf[1].pk,
    ]
    query = Query.from_string("q=kick&genre=Dub")
    chosen = Selection(query=query, excluded=frozenset([shelf[0].pk]))
    assert chosen.of(user) == [shelf[1].pk]
    assert Selection(query=Query()).of(user, trashed=True) == [shelf[5].pk]
    assert Selection().of(user) == []


def test_other_peoples_samples_are_left_alone(user, stranger, shelf):
    theirs = SampleFactory(owner=stranger)
    ids = frozenset([theirs.pk, shelf[0].pk, 10**9])
    edit = bulk.apply(user, "trash", Selection(ids=ids))
    assert bulk.changed(edit) == [shelf[0].pk]
    theirs.refresh_from_db()
    assert theirs.deleted_at is None


@pytest.mark.parametrize(
    ("action", "value", "sentence"),
    [
        ("explode", "", "There is no such action."),
        ("set_class", "drum", "There is no such class."),
        ("add_tag", " # ", "Type a tag first."),
        ("remove_tag", "\0", "Type a tag first."),
        ("add_tag", "x" * 51, "A tag has at most 50 characters."),
        ("set_genre", "x" * 61, "A genre has at most 60 characters."),
    ],
)
def test_nonsense_is_refused_in_words(user, shelf, action, value, sentence):
    with pytest.raises(BulkError) as refusal:
        bulk.apply(user, action, everything(user), value)
    assert str(refusal.value) == sentence
    assert not LibraryEdit.objects.exists()


def test_thousands_are_changed_in_batches(user):
    list(seed(user, 1846))
    left_out = Sample.objects.last().pk
    chosen = everything(user, excluded=frozenset([left_out]))
    start = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        edit = bulk.apply(user, Action.ADD_TAG, chosen, "hand-picked")
    took = time.perf_counter() - start
    assert edit.label == "1\u202f845 sounds tagged hand-picked"
    assert Tag.objects.get(name="hand-picked").samples.count() == 1845
    assert len(captured) < 40
    assert took < 5  # a fraction of a second where nothing else runs
    bulk.undo(edit)
    assert not Tag.objects.filter(name="hand-picked").exists()


def test_an_octave_of_tempo_is_a_persons_word(user, shelf):
    bulk.apply(user, "double_bpm", everything(user))
    shelf[0].refresh_from_db()
    assert (shelf[0].bpm, shelf[0].bpm_guessed, shelf[0].bpm_source) == (180.0, False, "person")
    shelf[1].refresh_from_db()
    assert (shelf[1].bpm, shelf[1].bpm_source) == (210.0, "")  # 420 is no tempo


def test_offers_the_tags_that_the_selection_has(user, shelf, stranger):
    SampleFactory(owner=stranger, tags=["theirs"])
    assert everything(user).tags(user) == [("Dusty", 2), ("tape", 2)]
    assert everything(user, excluded=frozenset({shelf[0].pk})).tags(user) == [
        ("Dusty", 2),
        ("tape", 1),
    ]
    assert Selection(ids=frozenset({shelf[0].pk, shelf[1].pk})).tags(user) == [("tape", 1)]
    assert Selection(query=Query(q="nothing")).tags(user) == []
    assert Selection().tags(user) == []
