"""Pages of the list in every order, and what to drop when nothing matches."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library import search
from library.listing import SORTS, Query, Relaxation, folders, page, relaxation
from library.models import Sample
from tests.factories import AnalysisFactory, SampleFactory


@pytest.fixture
def shelf(user) -> list[Sample]:
    """Return 40 samples with equal and missing values in every column that is sorted by."""
    dice = random.Random(5)
    names = ["Kick", "kick", "éclair", "Zebra", "apple", "a~b", "ü", "", "Ångström", "%_"]
    rows = [
        SampleFactory(
            owner=user,
            title=dice.choice(names),
            bpm=dice.choice([None, 92.0, 92.1, 120.0]),
            seconds=dice.choice([None, 0.1, 1 / 3, 2.0]),
            loudness_lufs=dice.choice([None, -70.3, -16.04, -16.0]),
            sample_class=dice.choice(["", "kick", "bass"]),
        )
        for _ in range(40)
    ]
    search.refresh([row.pk for row in rows])
    return rows


def expected(rows: list[Sample], sort: str) -> list[int]:
    def lower(text):  # as SQLite does
        return "".join(sign.lower() if sign.isascii() else sign for sign in text)

    orders = {
        "newest": lambda row: -row.pk,
        "oldest": lambda row: row.pk,
        "name": lambda row: (lower(row.title).encode(), row.pk),
        "bpm": lambda row: (row.bpm is None, row.bpm or 0, row.pk),
        "length": lambda row: (row.seconds is None, row.seconds or 0, row.pk),
        "loudness": lambda row: (row.loudness_lufs is None, row.loudness_lufs or 0, row.pk),
        "class": lambda row: (not row.sample_class, row.sample_class, row.pk),
    }
    return [row.pk for row in sorted(rows, key=orders[sort])]


@pytest.mark.parametrize("size", [1, 7, 40, 60])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_give_every_row_once_and_in_order(user, shelf, sort, size):
    shown, query = [], Query(sort=sort)
    for _ in range(50):
        found = page(user, query, size)
        shown += [row.pk for row in found.rows]
        if not found.next:
            break
        query = Query.from_string(found.next)
        assert query.sort == sort
    assert shown == expected(shelf, sort)


def test_only_the_first_page_counts(user, shelf):
    first = page(user, Query(), 10)
    assert first.total == 40
    assert page(user, Query.from_string(first.next), 10).total is None


def test_a_page_after_a_row_that_is_gone_goes_on_there(user, shelf):
    first = page(user, Query(sort="bpm"), 10)
    following = page(user, Query.from_string(first.next), 10)
    first.rows[-1].delete()
    again = page(user, Query.from_string(first.next), 10)
    assert [row.pk for row in again.rows] == [row.pk for row in following.rows]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("after", ["x", "~", "5~x", "-1", "٣", "9" * 40, "1~nan~", "~5"])
def test_a_cursor_that_is_none_is_no_error(user, shelf, sort, after):
    assert page(user, Query(sort=sort, after=after), 10).rows is not None


def test_trash_and_strangers_are_not_listed(user, stranger):
    SampleFactory(owner=user, trashed=True)
    SampleFactory(owner=stranger)
    mine = SampleFactory(owner=user)
    assert [row.pk for row in page(user, Query()).rows] == [mine.pk]


@pytest.mark.parametrize("text", ["", "q=kick", "sort=bpm", "sort=name&tag=tape"])
def test_more_rows_take_no_more_queries(user, text):
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            for row in page(user, Query.from_string(text)).rows:
                assert row.analysis.is_open
                assert [tag.name for tag in row.tags.all()] == ["tape"]
        return len(captured)

    def more(number: int) -> None:
        for _ in range(number):
            sample = SampleFactory(owner=user, bpm=92, title="kick", tags=["tape"])
            AnalysisFactory(sample=sample)
            search.refresh([sample.pk])

    more(2)
    few = count()
    more(10)
    assert count() == few <= 5


def test_what_to_drop_when_nothing_matches(user, shelf):
    query = Query.from_string("q=kick&cls=fx&lo=300&sort=name")
    assert page(user, query).rows == []
    assert relaxation(user, query) is None
    assert relaxation(user, Query.from_string("cls=fx&cls=vocal")) == Relaxation(
        "Vocals, Effects", 40, ""
    )
    kicks = Sample.objects.filter(sample_class="kick").count()
    assert relaxation(user, Query.from_string("cls=kick&lo=300&sort=name")) == Relaxation(
        "from 300 BPM", kicks, "cls=kick&sort=name"
    )
    assert relaxation(user, Query()) is None


def test_folders_and_those_above_them(user, stranger):
    for folder in ("Drums/Tape/Old", "Drums/tape", "", "Bass"):
        SampleFactory(owner=user, folder=folder)
    SampleFactory(owner=user, folder="Gone", trashed=True)
    SampleFactory(owner=stranger, folder="Theirs")
    assert folders(user) == ["Bass", "Drums", "Drums/Tape", "Drums/tape", "Drums/Tape/Old"]
