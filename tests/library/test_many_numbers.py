"""More numbers than a database takes in a statement: refused from outside, in parts within."""

import sqlite3

import pytest
from django.db import connection

from kits.replace import replace
from library import http, trash
from library.copies import acts, groups
from tests.factories import KitFactory, PadFactory, SampleFactory

pytestmark = pytest.mark.django_db
TOO_MANY = ",".join(["1"] * 260_000)


@pytest.fixture
def few():
    """Let a statement hold no more than 600 values, where the database can be told so."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be told how many values a statement holds")
    connection.ensure_connection()
    before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 600)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)


@pytest.fixture
def ids(user):
    """Return many numbers, the first and the last of which are of two sounds."""
    sounds = SampleFactory(owner=user), SampleFactory(owner=user)
    return [sounds[0].pk, *range(10_000, 12_000), sounds[1].pk]


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("/library/trash/", {}),
        ("/library/trash/empty/", {}),
        ("/library/duplicates/", {"keep": "1", "pads": "1"}),
    ],
)
def test_what_no_page_sends_is_a_bad_request(client, user, url, sent):
    assert client.post(url, {"ids": TOO_MANY, **sent}).status_code == 400


def test_as_many_as_a_page_may_send_are_read():
    numbers = list(range(http.MOST_NUMBERS))
    assert http.whole_numbers([",".join(map(str, numbers)), "no number"]) == numbers


def test_where_sounds_lie(user, ids, few):
    kit = KitFactory(owner=user, name="Night set")
    PadFactory(kit=kit, bank="A", number=5, sample_id=ids[-1])
    assert trash.kits_of(ids) == {ids[-1]: ["A5 of Night set"]}


def test_all_copies(user, ids, few):
    (group,) = groups.groups(user, [ids])
    assert {copy.sample.pk for copy in group.copies} == {ids[0], ids[-1]}


def test_sounds_in_the_place_of_others(user, ids, few):
    pads = [PadFactory(kit=KitFactory(owner=user), sample_id=pk) for pk in (ids[0], ids[-1])]
    new = SampleFactory(owner=user)
    assert len(replace(user, dict.fromkeys(ids, new))) == 2
    assert {pad.kit.pads.get().sample_id for pad in pads} == {new.pk}


def test_keeping_many(user, ids, few):
    done = acts.keep(user, {pk: [] for pk in ids} | {ids[0]: [ids[-1]]}, on_pads=True)
    assert done.kits == ()
