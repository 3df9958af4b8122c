"""The trash: what is in it and the way back."""

import pytest

from library import bulk
from library.bulk import Action, Selection
from library.models import Sample
from tests.factories import SampleFactory

URL = "/library/trash/"


@pytest.fixture
def gone(user):
    """Return two sounds in the trash."""
    return [SampleFactory(owner=user, title=f"gone {n}", trashed=True) for n in range(2)]


def test_lists_ones_own(client, gone, stranger, user):
    SampleFactory(owner=stranger, title="theirs", trashed=True)
    SampleFactory(owner=user, title="here")
    page = client.get(URL)
    assert "gone 0" in page.text
    assert "theirs" not in page.text
    assert "here</label>" not in page.text


def test_says_that_it_is_empty(client):
    assert "Nothing here." in client.get(URL).text


def test_puts_chosen_sounds_back(client, gone):
    answer = client.post(URL, {"chosen": "1", "ids": [gone[0].pk]})
    assert (answer.status_code, answer["Location"]) == (303, URL)
    assert Sample.objects.kept().get() == gone[0]


def test_puts_nothing_back_without_a_choice(client, gone):
    client.post(URL, {"chosen": "1"})
    assert not Sample.objects.kept().exists()


def test_puts_all_back(client, gone):
    client.post(URL, {"all": "1"})
    assert Sample.objects.kept().count() == 2


def test_leaves_the_trash_of_others_alone(stranger_client, gone):
    stranger_client.post(URL, {"chosen": "1", "ids": [gone[0].pk]})
    stranger_client.post(URL, {"all": "1"})
    assert not Sample.objects.kept().exists()


def test_offers_to_undo_the_latest_changes(client, user, stranger):
    mine = bulk.apply(user, Action.TRASH, Selection(ids=frozenset([SampleFactory(owner=user).pk])))
    page = client.get(URL)
    assert "1 sound moved to the trash" in page.text
    assert f"/library/edits/{mine.pk}/undo/" in page.text
    bulk.undo(mine)
    assert f"/library/edits/{mine.pk}/undo/" not in client.get(URL).text
