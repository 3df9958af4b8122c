"""Many sounds renamed after a pattern, seen before it is done, and taken back in one step."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library import bulk, renames, search
from library.bulk import Selection
from library.models import LibraryEdit, Preferences, Sample
from library.naming import Pattern, PatternError
from library.query import Query
from library.seed import seed
from tests.factories import SampleFactory

URL = "/samples/bulk/"
HX = {"HX-Request": "true"}


@pytest.fixture
def shelf(user) -> list[Sample]:
    """Return four sounds, oldest first."""
    rows = [
        SampleFactory(owner=user, title="b kick", folder="Packs/Tape", bpm=90.0, key="Am"),
        SampleFactory(owner=user, title="a kick", folder="Packs/Tape"),
        SampleFactory(owner=user, title="c snare", sample_class="snare", bpm=120.5),
        SampleFactory(owner=user, title="gone", trashed=True),
    ]
    search.refresh([row.pk for row in rows])
    return rows


def titles() -> list[str]:
    """Return all names, oldest sound first."""
    return list(Sample.objects.order_by("pk").values_list("title", flat=True))


def ids(rows) -> list[int]:
    return [row.pk for row in rows]


def test_names_change_and_come_back_in_one_step(user, shelf):
    files = [row.original_name for row in shelf]
    edit = renames.apply(user, ids(shelf), Pattern("{class} {nn}"))
    assert edit.label == "3 sounds renamed"
    assert titles() == ["kick 03", "kick 02", "snare 01", "gone"]
    assert [row.original_name for row in Sample.objects.order_by("pk")] == files
    assert set(bulk.changed(edit)) == set(ids(shelf[:3]))
    assert bulk.undo(edit)
    assert titles() == [row.title for row in shelf]
    assert not bulk.undo(edit)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("newest", ["3", "2", "1"]),
        ("oldest", ["1", "2", "3"]),
        ("name", ["2", "1", "3"]),
        ("bpm", ["1", "3", "2"]),
        ("class", ["1", "2", "3"]),
    ],
)
def test_numbers_count_in_the_order_of_the_list(user, shelf, sort, names):
    renames.apply(user, ids(shelf), Pattern("{n}"), sort)
    assert titles()[:3] == names


def test_only_what_is_chosen_counts(user, shelf, stranger):
    theirs = SampleFactory(owner=stranger, title="theirs")
    renames.apply(user, [shelf[0].pk, theirs.pk], Pattern("{n} {folder} {bpm}"))
    assert titles() == ["1 Tape 90", "a kick", "c snare", "gone", "theirs"]


def test_what_keeps_its_name_is_no_part_of_the_edit(user, shelf):
    renaming = renames.plan(user, ids(shelf), Pattern(find="kick", replace="BD"))
    assert renaming.first == [("a kick", "a BD"), ("b kick", "b BD")]
    assert (renaming.count, renaming.kept, renaming.shared, renaming.rest) == (2, 1, 0, 0)
    edit = renames.apply(user, ids(shelf), Pattern(find="kick", replace="BD"))
    assert set(bulk.changed(edit)) == set(ids(shelf[:2]))


def test_names_may_be_shared_and_it_is_said(user, shelf):
    assert renames.plan(user, ids(shelf), Pattern("one")).shared == 3
    # The name of a sound that was not chosen, and the old name of one that gets another.
    assert renames.plan(user, [shelf[0].pk], Pattern("a kick")).shared == 1
    swapped = renames.plan(user, ids(shelf[:2]), Pattern("{n} kick"))
    assert swapped.shared == 0
    renames.apply(user, ids(shelf), Pattern("one"))
    assert titles() == ["one", "one", "one", "gone"]


def test_search_follows_at_once(user, shelf):
    edit = renames.apply(user, ids(shelf), Pattern("papercut {n}"))
    assert search.matching(Sample.objects.kept(), "papercut").count() == 3
    bulk.undo(edit)
    assert search.matching(Sample.objects.kept(), "papercut").count() == 0


def test_undo_passes_over_what_is_gone_since(user, shelf):
    edit = renames.apply(user, ids(shelf), Pattern("{n}"))
    shelf[0].delete()
    assert bulk.undo(edit)
    assert titles() == ["a kick", "c snare", "gone"]


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        (Pattern("{key}"), "“c snare” and 1 more would get no name."),
        (Pattern("{folder}"), "“c snare” would get no name."),
        (
            Pattern("{name}" + "x" * 194),
            "“c snare” would get a name of more than 200 characters.",
        ),
        (Pattern(find="zither"), "No name would change."),
        (Pattern("{what}"), "There is no {what}."),
    ],
)
def test_what_makes_no_names_is_refused_in_words(user, shelf, pattern, sentence):
    before = titles()
    with pytest.raises(PatternError) as refusal:
        renames.apply(user, ids(shelf), pattern)
    assert str(refusal.value).startswith(sentence)
    assert titles() == before
    assert not LibraryEdit.objects.exists()


def test_thousands_are_renamed_with_few_statements(user):
    list(seed(user, 1846))
    left_out = Sample.objects.last()
    chosen = Selection(query=Query(), excluded=frozenset([left_out.pk])).of(user)
    before = titles()
    with CaptureQueriesContext(connection) as seen:
        assert renames.plan(user, chosen, Pattern("{class}_{nnnn}")).count == 1845
    assert len(seen) == 1
    with CaptureQueriesContext(connection) as captured:
        edit = renames.apply(user, chosen, Pattern("{class}_{nnnn}"))
    words = [query["sql"].split()[0] for query in captured]
    assert len([word for word in words if word == "SELECT"]) < 20
    # The search index is written with executemany: one statement for all of a batch.
    named = [query for query in captured if query["sql"].startswith('UPDATE "library_sample"')]
    assert len(named) <= 8
    assert edit.label == "1\u202f845 sounds renamed"
    assert Sample.objects.get(pk=left_out.pk).title == left_out.title
    with CaptureQueriesContext(connection) as captured:
        bulk.undo(edit)
    named = [query for query in captured if query["sql"].startswith('UPDATE "library_sample"')]
    assert len(named) <= 8
    assert titles() == before


def test_the_page_previews_as_one_types(client, shelf):
    data = {"ids": ",".join(map(str, ids(shelf))), "preview": "1", "pattern": "{class} {nn}"}
    answer = client.post(URL, data, headers=HX)
    text = " ".join(answer.text.split())
    assert '<li><span>c snare</span><span class="vh">becomes</span><b>snare 01</b></li>' in text
    assert "Rename 3</button>" in text
    assert "disabled" not in text
    assert titles()[0] == "b kick"
    shared = client.post(URL, {**data, "pattern": "one", "ids": shelf[0].pk}, headers=HX).text
    assert "share" not in shared
    shared = client.post(URL, {**data, "pattern": "one"}, headers=HX).text
    assert "3 will share their names with another sound, which is allowed." in shared
    refused = client.post(URL, {**data, "pattern": "{key}"}, headers=HX)
    assert refused.status_code == 200
    assert "“c snare” and 1 more would get no name." in refused.text
    assert "disabled" in refused.text


def test_the_preview_counts_in_the_order_that_is_shown(client, shelf):
    data = {"ids": ",".join(map(str, ids(shelf))), "preview": "1", "pattern": "{n}"}
    address = {"HX-Current-URL": "http://testserver/library/?sort=name"}
    answer = client.post(URL, data, headers=HX | address)
    assert '<span>a kick</span><span class="vh">becomes</span><b>1</b>' in answer.text
    broken = client.post(URL, data, headers=HX | {"HX-Current-URL": "http://[broken"})
    assert "<span>c snare</span>" in broken.text


def test_renaming_shows_the_rows_and_can_be_undone(client, shelf):
    data = {"all": "1", "query": "q=kick", "action": "rename", "pattern": "{folder}-{n}"}
    visible = f"{shelf[0].pk},{shelf[1].pk}"
    answer = client.post(URL, {**data, "visible": visible, "list": "sort=oldest"}, headers=HX)
    assert answer.status_code == 200
    assert titles() == ["Tape-1", "Tape-2", "c snare", "gone"]
    assert answer.text.count("<b>Tape-") == 2
    toast = json.loads(answer["HX-Trigger-After-Swap"])["toast"]
    assert toast["text"] == "2 sounds renamed."
    assert client.post(toast["undo"], headers=HX).status_code == 204
    assert titles()[:2] == ["b kick", "a kick"]


def test_a_refusal_changes_nothing(client, shelf):
    data = {"ids": shelf[0].pk, "action": "rename", "pattern": "{what}"}
    answer = client.post(URL, data, headers=HX)
    assert answer.status_code == 422
    assert json.loads(answer["HX-Trigger"])["toast"]["bad"]
    plain = client.post(URL, data)
    assert plain.status_code == 422
    assert "There is no {what}." in plain.text
    assert 'value="{what}"' in plain.text
    assert '<details class="renames" open>' in plain.text
    assert titles()[0] == "b kick"


def test_works_without_scripts(client, shelf):
    chosen = {"go": URL, "ids": ids(shelf[:2]), "list": "sort=name"}
    asked = client.post(URL, chosen)
    assert asked["Location"] == f"{URL}?ids={shelf[0].pk}%2C{shelf[1].pk}&list=sort%3Dname"
    page = client.get(asked["Location"])
    assert 'name="list" value="sort=name"' in page.text
    assert 'name="preview"' in page.text
    data = {"ids": f"{shelf[0].pk},{shelf[1].pk}", "list": "sort=name", "pattern": "x{n}"}
    seen = client.post(URL, {**data, "preview": "1"})
    assert "<b>x1</b>" in seen.text
    assert 'value="x{n}"' in seen.text
    done = client.post(URL, {**data, "action": "rename"})
    assert (done.status_code, done["Location"]) == (303, "/library/?sort=name")
    assert titles()[:2] == ["x2", "x1"]
    assert "2 sounds renamed." in client.get("/library/").text


def test_keys_are_written_as_the_list_has_them(client, user, shelf):
    data = {"ids": shelf[0].pk, "preview": "1", "pattern": "{name} {key}"}
    assert "<b>b kick 8A</b>" in client.post(URL, data, headers=HX).text
    Preferences.objects.filter(user=user).update(key_notation="musical")
    assert "<b>b kick Am</b>" in client.post(URL, data, headers=HX).text


def test_the_dialog_waits_for_a_pattern(client, shelf):
    dialog = client.get(f"{URL}?ids={shelf[0].pk}", headers=HX)
    text = " ".join(dialog.text.split())
    assert 'value="rename" disabled>Rename</button>' in text
    assert 'name="preview"' not in text
    assert "rename" not in client.get(f"{URL}?ids={shelf[0].pk}&only=tag", headers=HX).text
