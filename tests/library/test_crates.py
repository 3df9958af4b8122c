"""Crates: searches under a name, kept, changed, deleted and brought back."""

import json

import pytest
from django.urls import reverse

from library import bulk, crates
from library.crates import CrateError
from library.models import Crate
from library.query import Query
from tests.factories import SampleFactory

URL = "/library/crates/"
HX = {"HX-Request": "true"}
KICKS = Query(classes=("kick",))
TAPE = Query.from_string("q=bpm:90-100+-tag:tape&sort=bpm")


@pytest.fixture
def crate(user) -> Crate:
    return Crate.objects.create(owner=user, name="Kicks", query="cls=kick")


def shelf(user) -> list[tuple[str, str]]:
    return list(Crate.objects.filter(owner=user).values_list("name", "query"))


def test_a_search_is_kept_and_means_the_same(user):
    edit = crates.keep(user, "  Slow \0 breaks ", TAPE)
    (kept,) = Crate.objects.all()
    assert (kept.name, str(kept)) == ("Slow breaks", "Slow breaks")
    assert Query.from_string(kept.query) == TAPE
    assert edit.label == "Crate “Slow breaks” made"
    bulk.undo(edit)
    assert shelf(user) == []


def test_a_name_that_is_taken_gets_the_new_search(user, crate, stranger):
    Crate.objects.create(owner=stranger, name="kicks", query="cls=snare")
    edit = crates.keep(user, "KICKS", TAPE)
    assert shelf(user) == [("Kicks", TAPE.as_querystring())]
    assert shelf(stranger) == [("kicks", "cls=snare")]
    bulk.undo(edit)
    assert shelf(user) == [("Kicks", "cls=kick")]


@pytest.mark.parametrize(
    ("name", "query", "reason"),
    [("", KICKS, "a name"), ("x" * 61, KICKS, "60 characters"), ("All", Query(), "Search or")],
)
def test_what_cannot_be_kept(user, name, query, reason):
    with pytest.raises(CrateError, match=reason):
        crates.keep(user, name, query)
    assert shelf(user) == []


def test_there_is_an_end_to_crates(user, monkeypatch, crate):
    monkeypatch.setattr(crates, "MOST", 1)
    with pytest.raises(CrateError, match="1 crates already"):
        crates.keep(user, "Another", TAPE)
    crates.keep(user, "kicks", TAPE)  # a new search for one that is there


def test_renamed_and_back(user, crate):
    edit = crates.rename(crate, "Bass drums")
    assert shelf(user) == [("Bass drums", "cls=kick")]
    bulk.undo(edit)
    assert shelf(user) == [("Kicks", "cls=kick")]


def test_two_crates_share_no_name(user, crate):
    other = Crate.objects.create(owner=user, name="Snares", query="cls=snare")
    with pytest.raises(CrateError, match="already"):
        crates.rename(other, "kicks")
    assert shelf(user) == [("Kicks", "cls=kick"), ("Snares", "cls=snare")]


def test_deleted_and_back_even_where_its_name_was_taken_meanwhile(user, crate):
    number = crate.pk
    edit = crates.delete(crate)
    assert shelf(user) == []
    crates.keep(user, "kicks", TAPE)
    assert bulk.undo(edit)
    assert shelf(user) == [("Kicks (2)", "cls=kick"), ("kicks", TAPE.as_querystring())]
    assert Crate.objects.get(name="Kicks (2)").pk == number
    assert not bulk.undo(edit)
    assert bulk.changed(edit) == []


def test_renamed_back_beside_those_that_took_its_name(user):
    name = "k" * crates.LONGEST
    crate = Crate.objects.create(owner=user, name=name, query="cls=kick")
    edit = crates.rename(crate, "Bass drums")
    for taken in (name.upper(), f"{name[:-4].upper()} (2)"):
        crates.keep(user, taken, TAPE)
    assert bulk.undo(edit)
    crate.refresh_from_db()
    assert crate.name == f"{name[:-4]} (3)"
    assert Crate.objects.count() == 3


def test_the_page_asks_for_a_name_and_proposes_one(client):
    page = client.get(f"{URL}?cls=kick&q=bpm:92")
    assert 'value="92 BPM, Kicks"' in page.text
    assert 'name="list" value="q=bpm%3A92&amp;cls=kick"' in page.text
    assert "<html" not in client.get(f"{URL}?cls=kick", headers=HX).text


def test_the_plain_form_keeps_it_and_goes_back_to_the_list(client, user):
    answer = client.post(URL, {"name": "Kicks", "list": "cls=kick&sort=bpm"})
    assert (answer.status_code, answer["Location"]) == (303, "/library/?cls=kick&sort=bpm")
    assert shelf(user) == [("Kicks", "cls=kick&sort=bpm")]
    assert "Crate “Kicks” made." in client.get("/library/").text


def test_the_dialog_shows_the_crates_anew_with_a_way_back(client, user):
    SampleFactory(owner=user)
    answer = client.post(URL, {"name": "Kicks", "list": "cls=kick"}, headers=HX)
    events = json.loads(answer["HX-Trigger-After-Swap"])
    assert 'hx-swap-oob="morph"' in answer.text
    assert 'aria-current="true"' in answer.text  # the search on screen
    assert "dialog:close" in events
    undone = client.post(events["toast"]["undo"], headers=HX | {"HX-Current-URL": "http://[x"})
    assert 'id="crates"' in undone.text
    assert json.loads(undone["HX-Trigger"])["toast"]["text"] == "Undone: Crate “Kicks” made."
    assert shelf(user) == []


def test_crates_stand_above_the_filters(client, user, crate):
    SampleFactory(owner=user)
    page = client.get("/library/?cls=kick").text
    assert page.index(">Kicks</span>") < page.index('id="class-head"')
    assert f'href="{reverse("library:crate", args=[crate.pk])}?cls=kick"' in page


@pytest.mark.parametrize("name", ["", "Snares"])
def test_a_name_that_does_not_do_is_asked_for_again(client, user, crate, name):
    Crate.objects.create(owner=user, name="snares", query="cls=snare")
    url = reverse("library:crate", args=[crate.pk])
    answer = client.post(url, {"name": name, "list": ""}, headers=HX)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert client.post(URL, {"name": name, "list": ""}).status_code == 422


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        ({"name": "Low"}, [("Low", "cls=kick")]),
        ({"act": "overwrite", "list": "cls=bass"}, [("Kicks", "cls=bass")]),
        ({"act": "delete"}, []),
    ],
)
def test_a_crate_is_changed_where_it_stands(client, user, crate, fields, left):
    url = reverse("library:crate", args=[crate.pk])
    page = client.get(f"{url}?cls=bass").text
    assert 'value="overwrite"' in page
    assert 'value="overwrite"' not in client.get(f"{url}?cls=kick").text
    assert client.post(url, fields).status_code == 303
    assert shelf(user) == left
