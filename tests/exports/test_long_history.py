"""What the history asks the database stays small however long it is: indexes, no whole tables."""

import re
from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils.timezone import now

from exports import usage
from exports.context import lamp_of
from exports.models import ExportItem
from library.jobs import State
from tests.factories import ExportFactory, ExportItemFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the plans that SQLite prints"),
]

WHOLE = re.compile(r"SCAN (exports_export|exports_exportitem|exports_delivery)\b")
SORTED = "USE TEMP B-TREE FOR ORDER BY"


@contextmanager
def plans():
    """Give the plans of the questions that are asked meanwhile, as lines by statement."""
    asked, found = [], {}

    def note(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found
    for sql, params in asked:
        if sql.startswith("SELECT") and 'FROM "exports_' in sql:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                found[sql] = [row[-1] for row in cursor.fetchall()]


@pytest.fixture
def history(user):
    """Make one export of each kind of ending; return the one with a failed file."""
    for state in (State.COMPLETED, State.CANCELLED, State.FAILED):
        ExportItemFactory(export=ExportFactory(owner=user, state=state, finished_at=now()))
    export = ExportFactory(owner=user, state=State.PARTIAL, finished_at=now())
    ExportItemFactory(export=export, state=State.FAILED)
    return export


@pytest.mark.parametrize(
    "address",
    [
        "/exports/",
        "/exports/?page=2",
        "/exports/?kind=batch",
        "/exports/?state=partial",
        "/exports/?kind=batch&state=partial",
        "/exports/?since=2021-02-01&until=2029-02-01",
        "/exports/?kind=batch&since=2021-02-01",
        "/exports/failed/",
        "/api/v1/sp404/exports",
        "/api/v1/sp404/exports?export_type=batch",
        "/api/v1/sp404/exports?state=partial&since=2021-02-01",
    ],
)
def test_a_page_reads_rows_in_the_order_of_an_index(client, history, address):
    with plans() as found:
        assert client.get(address).status_code == 200
    assert len(found) >= 2
    lamp = [sql for sql in found if "UNION ALL" in sql]
    for sql, lines in found.items():
        assert not any(map(WHOLE.match, lines)), (sql, lines)
        assert sql in lamp or SORTED not in lines, (sql, lines)


def test_exports_of_one_sound_are_found_by_the_sound(client, history):
    item = history.items.get()
    for address in ("/exports/?sample={}", "/api/v1/sp404/exports?sample_id={}", "/samples/{}/"):
        with plans() as found:
            assert client.get(address.format(item.sample_id)).status_code == 200
        assert any("exports_item_sample" in line for lines in found.values() for line in lines)
        assert not [sql for sql, lines in found.items() if any(map(WHOLE.match, lines))]


def test_files_are_counted_in_their_exports_alone(client, history):
    with plans() as found:
        client.get("/exports/")
    [lines] = [lines for sql, lines in found.items() if "GROUP BY" in sql]
    assert any("exports_item_state (export_id=? AND state=?)" in line for line in lines)


def test_closing_an_export_reads_its_own_files(history):
    history.state = State.PROCESSING
    history.save()
    with plans() as found:
        assert history.close()
    for sql, lines in found.items():
        assert all("export_id=?" in line for line in lines if "exports_exportitem" in line), sql
    assert len(found) >= 3


def test_the_lamp_reads_open_exports_and_those_of_the_last_minutes(user, history):
    with plans() as found:
        lamp_of(user)
    [lines] = [lines for sql, lines in found.items() if "UNION ALL" in sql]
    read = [line for line in lines if "exports_export " in line]
    assert "exports_export_ended (owner_id=? AND state=?)" in read[0]
    assert "exports_export_lately (owner_id=? AND finished_at>?)" in read[1]


def test_workers_find_files_without_reading_the_history(history):
    with plans() as found:
        ExportItem.objects.of_open_exports().claim("test")
    assert found
    for sql, lines in found.items():
        assert not any(map(WHOLE.match, lines)), (sql, lines)


def test_storage_is_reckoned_from_the_files_that_are_left(user, history):
    ExportItemFactory(export=history, done=True)
    with plans() as found:
        assert usage.in_use(user) == 24_044
    [lines] = found.values()
    assert lines[0] == "SCAN exports_render"
    assert not any(map(WHOLE.match, lines))
