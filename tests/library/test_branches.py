"""The tree of folders: what lies below, how much of it, and what is fetched when."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library import branches, listing
from library.branches import Branch, below
from library.marks import marks
from library.models import Sample
from library.query import Query
from tests.factories import SampleFactory, UserFactory

pytestmark = pytest.mark.django_db

URL = "/library/folders/"


@pytest.fixture
def tree(user):
    for folder in ("", "Drums", "Drums/Kicks", "Drums/Kicks/808", "Drums/Snares", "Drumsticks"):
        SampleFactory(owner=user, folder=folder)
    SampleFactory(owner=user, folder="Trash", trashed=True)
    SampleFactory(owner=UserFactory(), folder="Foreign/Deep")


def test_counts_all_that_lies_below(user, tree):
    assert below(user) == [
        Branch("Drums", "Drums", 4, has_more=True),
        Branch("Drumsticks", "Drumsticks", 1, has_more=False),
    ]
    assert below(user, "Drums") == [
        Branch("Kicks", "Drums/Kicks", 2, has_more=True),
        Branch("Snares", "Drums/Snares", 1, has_more=False),
    ]
    assert below(user, "Drumsticks") == []


def test_folders_that_differ_by_capitals_stay_apart(user, tree):
    for folder in ("drums/Kicks", "DRUMS/Claps", "Drums0/Kicks", "Drums%/Kicks"):
        SampleFactory(owner=user, folder=folder)
    assert [branch.name for branch in below(user, "Drums")] == ["Kicks", "Snares"]
    assert below(user, "drums") == [Branch("Kicks", "drums/Kicks", 1, has_more=False)]
    found = listing.samples_of(user, Query(folder="Drums"))
    assert sorted(found.values_list("folder", flat=True)) == [
        "Drums", "Drums/Kicks", "Drums/Kicks/808", "Drums/Snares",
    ]  # fmt: skip


def test_where_texts_have_the_order_of_a_language(user, tree, monkeypatch):
    monkeypatch.setattr(branches, "connection", SimpleNamespace(vendor="postgresql"))
    assert [branch.count for branch in below(user, "Drums")] == [2, 1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="another database plans otherwise")
def test_neither_folders_nor_months_need_the_rows(user, tree):
    with CaptureQueriesContext(connection) as captured:
        below(user)
        below(user, "Drums")
        listing.folders(user)
        marks(user, Query(sort="newest"))
        listing.samples_of(user, Query(folder="Drums")).count()
    assert len(captured) == 6
    table = Sample._meta.db_table
    with connection.cursor() as cursor:
        for query in captured.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            steps = [row[3] for row in cursor.fetchall() if table in row[3]]
            assert steps
            assert all("COVERING INDEX" in step for step in steps)


def test_endless_folders_end(user, tree, monkeypatch):
    monkeypatch.setattr(branches, "MOST", 1)
    assert [branch.name for branch in below(user)] == ["Drums"]


def test_opens_in_a_dialog_and_branch_by_branch(client, tree):
    outermost = client.get(URL, {"cls": "kick"}, headers={"HX-Request": "true"}).text
    assert 'class="sheet-head"' in outermost
    assert 'href="/library/?cls=kick&amp;folder=Drums"' in outermost
    assert "under=Drums&amp;cls=kick" in outermost
    assert "Snares" not in outermost
    assert "Foreign" not in outermost
    branch = client.get(URL, {"under": "Drums"}, headers={"HX-Request": "true"}).text
    assert "sheet-head" not in branch
    assert branch.count("<li>") == 2
    assert branch.count("Folders in") == 1


def test_without_scripts_it_is_a_page(client, tree):
    page = client.get(URL, {"under": "Drums"})
    assert "<h1>Drums</h1>" in page.text
    assert 'href="/library/?folder=Drums/Kicks"' in page.text.replace("%2F", "/")


def test_no_folder_is_told(client, user):
    SampleFactory(owner=user, folder="")
    assert "No sound lies in a folder here." in client.get(URL).text


def test_one_query_for_any_tree(user, tree, django_assert_num_queries):
    with django_assert_num_queries(1):
        below(user)
