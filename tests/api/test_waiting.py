"""Prefer: wait=N: results at once where they come in time, and never a database that is held."""

import threading

import pytest
from django.conf import settings as standing
from django.db import connection
from django.test import RequestFactory

from exports.models import Export
from library import labour, waiting
from library.models import ApiToken
from tests.api.conftest import Program
from tests.factories import KitFactory, PadFactory, SampleFactory, UserFactory
from tests.until import until
from tests.workers import running_workers, shared_folder


@pytest.fixture
def data(settings, tmp_path):
    """Keep the test's files where the worker processes look for them."""
    return shared_folder(settings, tmp_path)


@pytest.fixture
def pool(transactional_db, data):
    """Run a real worker until the end of the test."""
    with running_workers(data, count=1) as process:
        yield process


@pytest.fixture
def owner(transactional_db):
    return UserFactory()


@pytest.fixture
def caller(owner):
    return Program(ApiToken(owner=owner, name="test").issue())


def test_a_worker_that_is_quick_enough(pool, caller, owner):
    sample = SampleFactory(owner=owner, title="Kick", stored=True)
    answer = caller.post(f"sp404/samples/{sample.pk}/export", Prefer="wait=30")
    assert answer.status_code == 200
    assert answer["Preference-Applied"] == "wait=30"
    assert answer["Vary"].split(", ")[0] == "Prefer"
    assert answer["Location"].startswith("/api/v1/sp404/exports/")
    assert answer.json()["output_path"] == "kick.wav"
    assert answer.json()["success"] is True
    kit = KitFactory(owner=owner, name="Night")
    PadFactory(kit=kit, sample=sample)
    answer = caller.post(f"sp404/kits/{kit.pk}/export", Prefer="respond-async, wait=30")
    assert answer.status_code == 200
    assert (answer.json()["kit_id"], answer.json()["successful"]) == (kit.pk, 1)
    sent = {"sample_ids": [sample.pk, 10**9]}
    answer = caller.post("sp404/samples/export-batch", sent, Prefer="WAIT=30; x=y")
    assert answer.status_code == 200
    assert (answer.json()["successful"], answer.json()["failed"]) == (1, 1)


def test_a_worker_that_is_too_slow(caller, owner):
    sample = SampleFactory(owner=owner, stored=True)
    answer = caller.post(f"sp404/samples/{sample.pk}/export", Prefer="wait=1")
    assert answer.status_code == 202
    assert answer["Preference-Applied"] == "wait=1"
    assert answer.json()["state"] == "pending"
    address = answer.json()["status_url"].removeprefix("/api/v1/")
    assert caller.get(address, Prefer="wait=1").json()["state"] == "pending"
    while labour.work_once("test"):
        pass
    answer = caller.get(address, Prefer="wait=30")
    assert answer["Preference-Applied"] == "wait=30"
    assert answer.json()["state"] == "completed"


def test_an_export_that_is_deleted_while_a_call_waits_is_404(program, user, monkeypatch):
    monkeypatch.setattr(waiting, "let_go", lambda: Export.objects.all().delete())
    sample = SampleFactory(owner=user, stored=True)
    address = f"sp404/samples/{sample.pk}/export"
    answer = program.post(address, Prefer="wait=5")
    assert (answer.status_code, answer.json()["error_type"]) == (404, "not_found")
    asked = program.post(address).json()
    answer = program.get(asked["status_url"].removeprefix("/api/v1/"), Prefer="wait=5")
    number = int(asked["status_url"].rpartition("/")[2])
    assert (answer.status_code, answer.json()) == (
        404,
        {"detail": f"Export {number} not found", "error_type": "not_found", "context": {},
         "export_id": number},
    )  # fmt: skip


def test_without_the_preference_nobody_waits(program, user):
    sample = SampleFactory(owner=user, stored=True)
    answer = program.post(f"sp404/samples/{sample.pk}/export")
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer


def test_what_has_ended_at_once_needs_no_waiting(program, settings):
    settings.API_WAITERS = 0
    answer = program.post("sp404/samples/export-batch", {"sample_ids": [1]}, Prefer="wait=5")
    assert answer.status_code == 200
    assert answer["Preference-Applied"] == "wait=5"
    assert answer.json()["failed"] == 1


def test_where_too_many_wait_the_answer_comes_at_once(program, user, settings):
    settings.API_WAITERS = 1
    sample = SampleFactory(owner=user, stored=True)
    with waiting.waiters.place() as first:
        assert first
        answer = program.post(f"sp404/samples/{sample.pk}/export", Prefer="wait=30")
    assert answer.status_code == 202
    assert "Preference-Applied" not in answer
    with waiting.waiters.place() as free_again:
        assert free_again


def test_nothing_is_held_while_waiting(caller, owner, settings):
    """A waiting call has no connection, and another one writes meanwhile."""
    settings.API_WAITERS = 1
    sample = SampleFactory(owner=owner, stored=True)
    held, answers = [], []
    let_go = waiting.let_go

    def watch():
        let_go()
        held.append(connection.connection)

    def call():
        try:
            answers.append(caller.post(f"sp404/samples/{sample.pk}/export", Prefer="wait=30"))
        finally:
            connection.close()

    waiting.let_go = watch
    try:
        thread = threading.Thread(target=call)
        thread.start()
        until(lambda: held, what="the call to wait")
        while labour.work_once("test"):
            pass
        thread.join(30)
    finally:
        waiting.let_go = let_go
    assert answers[0].status_code == 200
    assert set(held) == {None}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("wait=10", 10),
        ("wait=0", 0),
        ("wait=30", 30),
        ("wait=31", 30),
        ("wait=999999999", 30),
        ('Wait="7"', 7),
        ("respond-async, wait=3", 3),
        ("wait = 4 ; foo=bar, handling=lenient", 4),
        ("wait=1, wait=9", 1),
        ("", None),
        ("wait", None),
        ("wait=", None),
        ("wait=-1", None),
        ("wait=1.5", None),
        ("wait=٣", None),
        ("wait=" + "9" * 5000, None),
        ("await=5", None),
        ("x=wait=5", None),
    ],
)
def test_the_preference_as_the_standard_writes_it(header, seconds):
    request = RequestFactory().get("/", headers={"Prefer": header})
    assert waiting.preferred_wait(request) == seconds


def test_waiters_leave_most_threads_to_pages():
    assert standing.API_WAITERS == standing.WEB_THREADS // 4
