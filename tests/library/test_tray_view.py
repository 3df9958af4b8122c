"""The import tray: how it asks again, which rows it brings, how it is closed."""

import json

import pytest

from library.models import Import
from tests.factories import AnalysisFactory, ImportFactory, SampleFactory

URL = "/library/imports/"
HX = {"HX-Request": "true"}


@pytest.fixture
def batch(user) -> Import:
    """Return a batch that brought two sounds, one of them not measured yet."""
    AnalysisFactory(sample__owner=user, sample__new=True)
    AnalysisFactory(sample__owner=user, done=True)
    return ImportFactory(owner=user, total=2, position=2, added=2)


def test_asks_again_while_something_is_open(client, batch):
    answer = client.get(f"{URL}?poll=1&added=2", headers=HX)
    assert answer.status_code == 200
    assert 'hx-trigger="every 1s"' in answer.text
    assert "Reading 1 of 2" in answer.text
    assert "HX-Trigger" not in answer


def test_stops_at_the_end(client, user):
    ImportFactory(owner=user, total=1, position=1, added=1)
    AnalysisFactory(sample__owner=user, done=True)
    answer = client.get(f"{URL}?poll=1&added=1", headers=HX)
    assert answer.status_code == 286
    assert "every 1s" not in answer.text
    assert "1 added" in answer.text


def test_tells_the_page_when_more_have_come(client, batch):
    answer = client.get(f"{URL}?poll=1&added=1", headers=HX)
    assert json.loads(answer["HX-Trigger"]) == {"library:changed": {}}


def test_brings_the_rows_that_are_waited_for(client, batch, user, stranger):
    mine = SampleFactory(owner=user, title="mine")
    gone = SampleFactory(owner=user, trashed=True)
    foreign = SampleFactory(owner=stranger, title="theirs")
    asked = {"rows": [mine.pk, gone.pk, foreign.pk, "x"]}
    answer = client.get(URL, asked, headers=HX)
    assert answer.text.count('role="row"') == 1
    assert f'id="sample-{mine.pk}"' in answer.text
    assert 'hx-swap-oob="morph"' in answer.text


def test_brings_sixty_rows_at_most(client, user):
    rows = [SampleFactory(owner=user).pk for _ in range(65)]
    assert client.get(URL, {"rows": rows}, headers=HX).text.count('role="row"') == 60


def test_closes(client, batch):
    Import.objects.update(total=2)
    answer = client.post(URL, headers=HX)
    assert answer.status_code == 200
    assert Import.objects.get().is_dismissed
    assert client.post(URL)["Location"] == "/library/"


def test_has_a_page(client, batch, stranger_client):
    assert "2 added" in client.get(URL).text
    assert "Nothing is on its way in." in stranger_client.get(URL).text


def test_loads_the_demo_crate(client, user):
    answer = client.post("/library/demo/", headers=HX)
    assert answer.status_code == 204
    assert "imports:changed" in answer["HX-Trigger"]
    assert Import.objects.get(owner=user).kind == Import.Kind.DEMO
    assert client.post("/library/demo/")["Location"] == "/library/"
    assert client.get("/library/demo/").status_code == 405
