"""The record of all exports: pages, filters, what failed, and what a sound was in."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from exports.options import Options
from library.jobs import State
from tests.factories import ExportFactory, ExportItemFactory, SampleFactory

pytestmark = pytest.mark.django_db


def queries(client, url, **fields):
    """Return how many questions a page asks."""
    client.get(url, fields)
    with CaptureQueriesContext(connection) as asked:
        client.get(url, fields)
    return len(asked)


def test_is_newest_first_in_pages_of_20(client, user):
    ExportFactory.create_batch(21, owner=user, done=True, sample_count=58, total_bytes=44_200_000)
    newest = ExportFactory(owner=user, name="Newest", state=State.PARTIAL, sample_count=3)
    ExportItemFactory(export=newest, done=True)
    ExportFactory(name="Somebody else's")
    text = client.get("/exports/").text
    assert text.count('class="do"') == 20
    assert text.index("Newest") < text.index("58 sounds")
    assert "44.2 MB" in text
    assert "1 of 3 sounds" in text
    assert "Completed with errors" in text
    assert "Somebody" not in text
    assert client.get("/exports/", {"page": 2}).text.count('class="do"') == 2
    assert client.get("/exports/", {"page": 99}).text.count('class="do"') == 2


def test_asks_the_same_for_one_export_and_for_many(client, user):
    ExportItemFactory(export=ExportFactory(owner=user, done=True), done=True)
    few = queries(client, "/exports/")
    for export in ExportFactory.create_batch(30, owner=user, done=True):
        ExportItemFactory.create_batch(3, export=export, done=True)
    assert queries(client, "/exports/") == few
    assert queries(client, "/exports/", page=2) == few


def test_filters_by_kind_and_state(client, user):
    ExportFactory(owner=user, kind="kit", name="A kit", done=True)
    ExportFactory(owner=user, kind="batch", name="Some sounds", state=State.FAILED)
    assert "Some sounds" not in client.get("/exports/", {"kind": "kit"}).text
    assert "A kit" not in client.get("/exports/", {"state": "failed"}).text
    assert "No export is like that" in client.get("/exports/", {"state": "waiting"}).text
    assert "A kit" in client.get("/exports/", {"kind": "x", "page": "x"}).text


def test_filters_by_days_both_included(client, user):
    for day in (9, 10, 11, 12):
        moment = datetime(2026, 3, day, 23, 59, tzinfo=UTC)
        ExportFactory(owner=user, name=f"Of March {day}.", created_at=moment)
    text = client.get("/exports/", {"since": "2026-03-10", "until": "2026-03-11"}).text
    assert [day for day in (9, 10, 11, 12) if f"Of March {day}." in text] == [10, 11]
    assert 'type="date"' in text
    assert 'value="2026-03-10"' in text


@pytest.mark.parametrize("day", ["x", "0001-01-01", "9999-12-31", "2026-13-01"])
def test_a_day_that_is_none_is_told(client, user, day):
    ExportFactory(owner=user, name="Any")
    answer = client.get("/exports/", {"since": day, "until": day})
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert "Any" in answer.text


def test_options_stand_in_one_line(client, user):
    options = Options(
        layout="bpm",
        format="aiff",
        channels="mono",
        loudness="match",
        trim=True,
        include_metadata=True,
    )
    ExportFactory(owner=user, done=True, layout="bpm", format="aiff", options=options.as_json())
    text = client.get("/exports/").text
    assert "AIFF, by tempo, mono, loudness −16 LUFS, silence trimmed, text lists" in text


def test_each_state_offers_what_makes_sense(client, user):
    done = ExportFactory(owner=user, done=True)
    text = client.get("/exports/").text
    for part in ("/zip", "/again/", "/delete-files/", "/manifest.csv"):
        assert f"/exports/{done.pk}{part}" in text
    done.delete()
    running = ExportFactory(owner=user)
    text = client.get("/exports/").text
    assert "Watch" in text
    for part in ("/zip", "/again/", "/delete-files/"):
        assert f"/exports/{running.pk}{part}" not in text
    running.delete()
    cancelled = ExportFactory(owner=user, state=State.CANCELLED)
    text = client.get("/exports/").text
    assert "Make again" in text
    assert f"/exports/{cancelled.pk}/zip" not in text


def test_empty_history_says_what_to_do(client):
    assert "Nothing was exported yet" in client.get("/exports/").text


def test_failed_conversions_of_all_exports(client, user):
    item = ExportItemFactory(
        export__owner=user, export__name="Crate", state=State.FAILED, error="No sound in it"
    )
    ExportItemFactory(export__owner=user, done=True, sample_title="Good one")
    ExportItemFactory(state=State.FAILED, sample_title="Not mine")
    later = ExportItemFactory(
        export__owner=user, state=State.FAILED, sample=None, sample_title="Later", sample_sha256=""
    )
    text = client.get("/exports/failed/").text
    assert text.index("Later") < text.index("No sound in it")
    assert f'href="/exports/{item.export_id}/?show=left"' in text
    assert f'href="/samples/{item.sample_id}/"' in text
    assert "Crate" in text
    assert "Good one" not in text
    assert "Not mine" not in text
    assert later.sample_id is None
    assert 'href="/exports/failed/"' in client.get("/exports/").text


def test_failed_conversions_come_in_pages_and_cost_the_same(client, user):
    export = ExportFactory(owner=user, state=State.FAILED)
    assert "Every sound could be converted so far." in client.get("/exports/failed/").text
    ExportItemFactory(export=export, state=State.FAILED)
    few = queries(client, "/exports/failed/")
    ExportItemFactory.create_batch(30, export=export, state=State.FAILED)
    assert queries(client, "/exports/failed/") == few
    assert "1 of 2" in client.get("/exports/failed/").text
    assert "2 of 2" in client.get("/exports/failed/", {"page": 2}).text


def test_a_sample_lists_every_export_it_was_in(client, user):
    sample = SampleFactory(owner=user)
    page = f"/samples/{sample.pk}/"
    assert "<dt>Exports</dt>" not in client.get(page).text
    with_it = ExportFactory.create_batch(8, owner=user, done=True)
    for number, export in enumerate(with_it):
        ExportItemFactory(export=export, sample=sample, path=f"a{number}.wav")
        ExportItemFactory(export=export, sample=sample, path=f"b{number}.wav")
    without = ExportFactory(owner=user, done=True, name="Without")
    text = client.get(page).text
    newest = with_it[::-1][:6]
    for export in newest:
        assert text.count(f'href="/exports/{export.pk}/"') == 1
    assert f'href="/exports/?sample={sample.pk}"' in text
    listed = client.get("/exports/", {"sample": sample.pk}).text
    assert f"Exports with <b>{sample.title}</b>" in listed
    assert listed.count('class="do"') == 8
    assert without.name not in listed


def test_another_persons_sample_filters_nothing(client, user, stranger):
    theirs = SampleFactory(owner=stranger, title="Secret kick")
    ExportFactory(owner=user, name="Mine")
    text = client.get("/exports/", {"sample": theirs.pk}).text
    assert "Mine" in text
    assert "Secret" not in text


def test_earlier_exports_beside_a_job(client, user):
    for name in ("First", "Second"):
        ExportFactory(owner=user, name=name, done=True)
    job = ExportFactory(owner=user, name="Third", done=True, finished_at=now() - timedelta(days=1))
    ExportFactory(owner=user, name="Fourth", done=True)
    text = client.get(f"/exports/{job.pk}/").text
    beside = text[text.index('class="hist-l"') :]
    assert beside.index("Second") < beside.index("First")
    assert "Fourth" not in beside
