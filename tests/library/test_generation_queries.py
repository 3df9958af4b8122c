"""Generations and prompts as they are asked for: order, pages, counts, sums, and by which index."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils.timezone import now

from library import purge
from library.jobs import State
from library.models import Generation
from tests.factories import GenerationFactory, PromptFactory
from tests.library.common_queries import QUERIES, SORTED, WALKED, plans

pytestmark = pytest.mark.django_db
STATES = ["pending", "processing", "completed", "failed"]


def ids(rows):
    return [row.pk for row in rows]


@pytest.fixture
def history(user):
    """Make two of each state, the second of them an hour older."""
    made = {}
    for trait in ("pending", "waiting", "processing", "completed", "failed"):
        on = {} if trait == "pending" else {trait: True}
        made[trait] = [
            GenerationFactory(user=user, created_at=now() - timedelta(hours=hours), **on)
            for hours in (0, 1)
        ]
    return made


# ── By state ────────────────────────────────────────────────────────────────


def test_each_state_has_its_rows_in_its_order(user, history):
    rows = Generation.objects.owned_by(user)
    pending, waiting = history["pending"], history["waiting"]
    assert ids(rows.pending()) == ids([pending[1], waiting[1], pending[0], waiting[0]])
    assert ids(rows.processing()) == ids(reversed(history["processing"]))
    assert ids(rows.completed()) == ids(history["completed"])
    assert ids(rows.failed()) == ids(history["failed"])


@pytest.mark.parametrize("state", STATES)
def test_what_a_state_holds_is_what_its_property_says(history, state):
    found = set(ids(Generation.objects.in_state(state)))
    assert found == {row.pk for row in Generation.objects.all() if getattr(row, f"is_{state}")}
    assert ids(Generation.objects.in_state(state)) == ids(getattr(Generation.objects, state)())


@pytest.mark.parametrize("word", ["", "waiting", "cancelled", "newest", "delete"])
def test_any_other_word_is_no_state(word):
    with pytest.raises(ValueError, match=f"No generation is '{word}'"):
        Generation.objects.in_state(word)


def test_newest_are_those_asked_for_last(user, history):
    found = ids(Generation.objects.newest())
    assert set(found[:5]) == {rows[0].pk for rows in history.values()}
    assert len(found) == 10


# ── Pages ───────────────────────────────────────────────────────────────────


def test_pages_of_what_is_completed_neither_repeat_nor_leave_out_a_row(user):
    moment = now()  # all at once: the key decides, and always alike
    made = {GenerationFactory(user=user, completed=True, created_at=moment).pk for _ in range(7)}
    GenerationFactory(user=user)
    rows = Generation.objects.owned_by(user)
    pages = [ids(rows.completed(3, offset)) for offset in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert set().union(*pages) == made
    assert [key for page in pages for key in page] == ids(rows.completed())


def test_a_page_of_what_is_completed_may_begin_anywhere(history):
    first, second = ids(history["completed"])
    assert ids(Generation.objects.completed(limit=1)) == [first]
    assert ids(Generation.objects.completed(offset=1)) == [second]
    assert ids(Generation.objects.completed(limit=0)) == []
    assert Generation.objects.completed().filter(pk=second).exists()


# ── Counts and sums ─────────────────────────────────────────────────────────


def test_counts_name_every_state(user, history):
    assert Generation.objects.counts() == {
        "pending": 4, "processing": 2, "completed": 2, "failed": 2,
    }  # fmt: skip
    assert list(Generation.objects.counts()) == STATES
    assert Generation.objects.none().counts() == dict.fromkeys(STATES, 0)


def test_statistics_are_those_of_what_was_completed(user, django_assert_num_queries):
    for seconds, took, size in ((2.0, 0.5, 100), (3.0, 1.5, 200), (1.0, None, None)):
        GenerationFactory(
            user=user, completed=True, duration=seconds, generation_seconds=took, file_size=size
        )
    GenerationFactory(user=user, failed=True, duration=20, generation_seconds=9, file_size=7)
    GenerationFactory(user=user, waiting=True)
    with django_assert_num_queries(1):
        found = Generation.objects.owned_by(user).statistics()
    assert found.states == {"pending": 1, "processing": 0, "completed": 3, "failed": 1}
    assert (found.total, found.audio_seconds, found.size_bytes) == (5, 6.0, 300)
    assert found.mean_seconds == 1.0


def test_statistics_of_nothing_are_noughts(user):
    GenerationFactory()  # somebody else's
    found = Generation.objects.owned_by(user).statistics()
    assert (found.total, found.audio_seconds, found.size_bytes) == (0, 0.0, 0)
    assert found.mean_seconds is None
    assert found.states == dict.fromkeys(STATES, 0)


def test_everything_is_asked_of_one_person(user, stranger, history):
    own = GenerationFactory(user=stranger, completed=True)
    rows = Generation.objects.owned_by(stranger)
    assert ids(rows) == ids(rows.newest()) == ids(rows.completed()) == [own.pk]
    assert [*rows.pending(), *rows.processing(), *rows.failed()] == []
    assert rows.counts() == dict.fromkeys(STATES, 0) | {"completed": 1}
    assert rows.statistics().total == 1


# ── Indexes ─────────────────────────────────────────────────────────────────


@pytest.fixture
def asker(user):
    """Return somebody with a prompt and the key of a row."""
    user.uuid = UUID(int=1)
    PromptFactory(user=user, text="kick")
    return user


on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")


@on_sqlite
@pytest.mark.parametrize("name", QUERIES)
def test_every_common_query_is_served_by_an_index(asker, name):
    ask, allowed = QUERIES[name]
    asked = plans(lambda: ask(asker))
    assert asked
    for line in "\n".join(asked).split("\n"):
        if line.startswith("SCAN"):  # of the table never, of an index for its order or its counts
            assert "USING" in line
            assert "INDEX library_generation_" in line
            assert allowed == WALKED or "library_generation_history" in line
        assert "TEMP B-TREE" not in line or allowed == SORTED


@on_sqlite
@pytest.mark.parametrize(
    "address",
    [
        "/generations/",
        "/generations/?before={key}",
        "/api/v1/generations",
        "/api/v1/generations?state=completed&page=2",
        "/api/v1/generations?state=pending",
        "/api/v1/generations/{key}",
        "/api/v1/prompts",
    ],
)
def test_pages_and_programs_ask_nothing_that_reads_a_whole_table(client, user, address):
    made = [GenerationFactory(user=user, completed=True) for _ in range(60)]
    asked = plans(lambda: client.get(address.format(key=made[30].pk)))
    lines = [line for plan in asked for line in plan.split("\n")]
    assert any("library_generation" in line or "library_prompt" in line for line in lines)
    assert not [line for line in lines if line.startswith("SCAN library_")]


@on_sqlite
def test_the_purge_begins_with_the_oldest_by_an_index(user):
    GenerationFactory(user=user, completed=True)
    for plan in plans(lambda: purge.purge(30, dry_run=True)):
        assert not plan.startswith("SCAN")


@on_sqlite
def test_a_query_without_an_index_would_be_seen():
    (plan,) = plans(lambda: list(Generation.objects.filter(channels=2).order_by("file_size")))
    assert "SCAN library_generation" in plan
    assert "TEMP B-TREE" in plan


@pytest.mark.skipif(connection.vendor == "sqlite", reason="reads PostgreSQL's plans")
def test_every_common_query_can_be_served_by_an_index_of_postgresql(asker):
    with connection.cursor() as cursor:  # small tables are read whole unless that is forbidden
        cursor.execute("SET LOCAL enable_seqscan = off")
    for name, (ask, _) in QUERIES.items():
        asked = plans(lambda ask=ask: ask(asker))
        assert asked, name
        for plan in asked:
            assert "Index" in plan, name
            assert "Seq Scan" not in plan, name


def test_two_kinds_of_states_are_kept_apart():
    """What people know and what rows hold: none is forgotten when a state is added."""
    from library.models.generations import ORIGINS, STATES

    assert set(ORIGINS) - set(STATES) == {State.WAITING}
