"""The history as programs read it: pages, filters, exactly these fields."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.api.test_exports import ROW
from tests.factories import ExportFactory, ExportItemFactory, SampleFactory

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def history(user):
    """Return 25 exports, one a day; every fifth is a kit."""
    return [
        ExportFactory(
            owner=user,
            kind="batch" if number % 5 else "kit",
            layout="flat" if number % 5 else "kit",
            done=number % 2 == 0,
            created_at=START + timedelta(days=number),
            sample_count=number,
        )
        for number in range(25)
    ]


def test_exactly_these_fields(program, user):
    export = ExportFactory(
        owner=user, kind="single", name="Kick", format="aiff", state="partial", sample_count=2,
        total_bytes=24_044, created_at=START, started_at=START,
        finished_at=START + timedelta(seconds=1.5),
    )  # fmt: skip
    ExportItemFactory(export=export, position=0, path="kick.aiff", done=True)
    ExportItemFactory(export=export, position=1, state="failed")
    told = program.get("sp404/exports").json()
    assert told.keys() == {"items", "total", "page", "pages", "limit"}
    (row,) = told["items"]
    assert row.keys() == ROW
    assert row == {
        "id": export.pk,
        "user_id": user.pk,
        "export_type": "single",
        "sample_count": 2,
        "output_path": "kick.aiff",
        "organized_by": "flat",
        "format": "aiff",
        "total_size_bytes": 24_044,
        "export_duration_seconds": 1.5,
        "created_at": "2026-03-01T12:00:00Z",
        "state": "partial",
        "successful": 1,
        "failed": 1,
    }


def test_twenty_a_page_newest_first(program, history):
    told = program.get("sp404/exports").json()
    assert (told["total"], told["page"], told["pages"], told["limit"]) == (25, 1, 2, 20)
    assert [row["id"] for row in told["items"]] == [e.pk for e in reversed(history)][:20]
    rest = program.get("sp404/exports?page=2").json()
    assert [row["id"] for row in rest["items"]] == [e.pk for e in reversed(history)][20:]
    assert program.get("sp404/exports?page=3").json()["items"] == []
    assert program.get("sp404/exports?page=999999999&limit=100").json()["items"] == []


def test_an_empty_history(program):
    told = program.get("sp404/exports").json()
    assert told == {"items": [], "total": 0, "page": 1, "pages": 1, "limit": 20}


@pytest.mark.parametrize(
    "asked",
    [
        "page=0", "page=-1", "page=x", "page=" + "9" * 40, "limit=0", "limit=101", "limit=",
        "export_type=native", "state=lost", "since=yesterday", "until=9999-12-31",
        "since=0001-01-01", "sample_id=" + "9" * 40,
    ],
)  # fmt: skip
def test_what_no_page_is(program, asked):
    answer = program.get(f"sp404/exports?{asked}")
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(asked.partition("=")[0])


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("export_type=kit", 5),
        ("export_type=single", 0),
        ("state=completed", 13),
        ("export_type=kit&state=pending", 2),
        ("since=2026-03-20", 6),
        ("until=2026-03-02", 2),
        ("since=2026-03-02&until=2026-03-03", 2),
    ],
)
def test_filters(program, history, asked, count):
    assert program.get(f"sp404/exports?{asked}").json()["total"] == count


def test_every_export_a_sample_was_in(program, history, user):
    sample = SampleFactory(owner=user)
    for export in history[3:5]:
        ExportItemFactory(export=export, sample=sample)
    told = program.get(f"sp404/exports?sample_id={sample.pk}").json()
    assert [row["id"] for row in told["items"]] == [history[4].pk, history[3].pk]


def test_a_page_costs_the_same_for_many(program, history, django_assert_max_num_queries):
    for export in history:
        ExportItemFactory.create_batch(2, export=export, done=True)
    program.get("sp404/exports")
    with django_assert_max_num_queries(5):
        rows = program.get("sp404/exports?limit=100").json()["items"]
    assert {row["successful"] for row in rows} == {2}
