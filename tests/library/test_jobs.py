"""Claims, leases, attempts and results: a job is done once in effect."""

import errno
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.utils.timezone import now
from django_q.brokers import get_broker

from library import jobs, tasks
from library.jobs import JobError, NoSpaceError, State
from library.models import Analysis
from tests.factories import AnalysisFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sources(monkeypatch):
    """Return the list of known kinds of jobs, empty for this test."""
    monkeypatch.setattr(jobs, "SOURCES", [])
    return jobs.SOURCES


def claim(worker="here:1"):
    return Analysis.objects.claim(worker)


def state(job):
    job.refresh_from_db()
    return (job.state, job.attempts)


def expire(job, seconds=1):
    Analysis.objects.filter(pk=job.pk).update(lease_until=now() - timedelta(seconds=seconds))


def raising(fault):
    def act(*_args, **_kwargs):
        raise fault

    return act


# ── Claims ──────────────────────────────────────────────────────────────────


def test_a_claim_takes_the_oldest_and_says_who_holds_it_until_when():
    first, _second = AnalysisFactory(), AnalysisFactory()
    job = claim("here:7")
    assert job.pk == first.pk
    assert (job.state, job.attempts, job.worker) == (State.PROCESSING, 1, "here:7")
    assert timedelta(seconds=10) < job.lease_until - now() <= timedelta(seconds=15)


def test_there_is_nothing_to_claim_when_all_is_taken_or_done():
    AnalysisFactory()
    AnalysisFactory(done=True)
    assert claim() is not None
    assert claim() is None


@pytest.mark.django_db(transaction=True)
def test_each_job_is_claimed_by_one_of_many_threads():
    expected = sorted(AnalysisFactory().pk for _ in range(20))
    taken, start = [], threading.Barrier(4)

    def work(name):
        start.wait()
        while (job := claim(name)) is not None:
            taken.append(job.pk)
        connection.close()

    threads = [threading.Thread(target=work, args=(f"here:{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == expected
    assert set(Analysis.objects.values_list("attempts", flat=True)) == {1}


def test_of_two_that_saw_the_same_row_one_gets_it(monkeypatch):
    AnalysisFactory()
    seen = Analysis.objects.get()
    rows = Analysis.objects.all()
    stale = iter([seen, None])
    monkeypatch.setattr(rows, "ready", type("Seen", (), {"first": lambda _s: next(stale)}))
    assert claim("quicker:1") is not None
    assert rows.claim("slower:1") is None
    assert Analysis.objects.get().worker == "quicker:1"


def test_an_expired_lease_is_taken_over_and_the_old_holder_can_write_nothing():
    AnalysisFactory()
    old = claim("dead:1")
    assert claim("here:2") is None
    expire(old)
    new = claim("here:2")
    assert (new.pk, new.attempts) == (old.pk, 2)
    assert not old.finish(version=7)
    assert not old.renew()
    assert not old.put_back(waiting=False)
    assert new.finish(version=8)
    assert Analysis.objects.get().version == 8


def test_a_job_that_crashed_five_workers_is_given_up():
    job = AnalysisFactory()
    for _ in range(5):
        expire(claim())
    assert claim() is None
    assert state(job) == (State.FAILED, 5)
    assert job.error == "Given up after 5 tries: crashed"
    assert not job.is_open


def test_a_dead_workers_jobs_are_freed_at_once_and_nobody_elses():
    AnalysisFactory(), AnalysisFactory()
    mine, other = claim("dead:1"), claim("alive:1")
    assert Analysis.objects.free("dead:1") == 1
    assert state(mine) == (State.PENDING, 1)
    assert state(other) == (State.PROCESSING, 1)


def test_a_worker_that_we_stopped_is_not_held_against_the_job():
    AnalysisFactory()
    job = claim("here:1")
    assert Analysis.objects.free("here:1", blameless=True) == 1
    assert state(job) == (State.PENDING, 0)


def test_put_back_waits_or_does_not():
    AnalysisFactory()
    job = claim()
    assert job.put_back(waiting=False)
    assert state(job) == (State.PENDING, 0)
    job = claim()
    assert job.put_back(waiting=True, error="No room.")
    assert state(job) == (State.WAITING, 0)
    assert job.error == "No room."
    assert claim() is None
    expire(job)
    assert claim().pk == job.pk


def test_finishing_writes_facts_and_clears_an_old_error():
    AnalysisFactory(error="No room.")
    job = claim()
    assert job.finish(version=3)
    assert (job.version, job.state) == (3, State.COMPLETED)
    job.refresh_from_db()
    assert (job.version, job.state, job.error, job.lease_until) == (3, "completed", "", None)
    assert job.finished_at is not None


def test_the_lease_is_renewed_while_the_work_goes_on(monkeypatch, transactional_db):
    monkeypatch.setattr(jobs, "RENEW_SECONDS", 0.02)
    AnalysisFactory()
    job = claim()
    expire(job)
    with jobs.lease(job):
        time.sleep(0.3)
    job.refresh_from_db()
    assert job.lease_until > now()


def test_a_database_that_is_away_does_not_end_the_renewing(monkeypatch, caplog):
    monkeypatch.setattr(jobs, "RENEW_SECONDS", 0.01)
    AnalysisFactory()
    job = claim()
    monkeypatch.setattr(job, "renew", raising(OperationalError("away")).__get__(job))
    with jobs.lease(job):
        time.sleep(0.1)
    assert caplog.text.count("Could not renew the lease") > 1


# ── Running ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "expected", "words"),
    [
        (JobError("Kick 7 is silent."), (State.FAILED, 1), "Kick 7 is silent."),
        (NoSpaceError("No room left."), (State.WAITING, 0), "No room left."),
        (OSError(errno.ENOSPC, "x"), (State.WAITING, 0), "Not enough disk space."),
        (OSError(errno.EDQUOT, "x"), (State.WAITING, 0), "Not enough disk space."),
        (OSError(errno.EIO, "x"), (State.WAITING, 1), "The machine could not do this just now."),
        (MemoryError(), (State.WAITING, 1), "The machine could not do this just now."),
        (OperationalError("x"), (State.WAITING, 0), "The machine could not do this just now."),
        (
            ZeroDivisionError("x"),
            (State.FAILED, 1),
            "A fault of the program stopped this. The log has details.",
        ),
    ],
)
def test_what_becomes_of_a_job_that_could_not_be_done(fault, expected, words):
    AnalysisFactory()
    job = claim()
    jobs.run(job, raising(fault))
    assert state(job) == expected
    assert job.error == words


def test_a_file_that_needs_too_much_memory_is_given_up_in_the_end():
    job = AnalysisFactory()
    while (held := claim()) is not None:
        jobs.run(held, raising(MemoryError()))
        expire(job)
    assert state(job) == (State.FAILED, 5)


def test_what_was_found_is_stored():
    AnalysisFactory()
    job = claim()
    jobs.run(job, lambda held: {"version": 5})
    assert state(job) == (State.COMPLETED, 1)
    assert job.version == 5


# ── Kinds of jobs ───────────────────────────────────────────────────────────


def test_the_most_urgent_kind_comes_first_and_its_after_is_called(sources):
    done, closed = [], []

    def source(priority, pk):
        return jobs.Source(
            priority,
            f"kind {priority}",
            rows=lambda: Analysis.objects.filter(pk=pk),
            act=lambda job: done.append(job.pk) or {},
            after=lambda job: closed.append(job.state) if priority == 1 else None,
        )

    later, sooner = AnalysisFactory(), AnalysisFactory()
    jobs.register(source(2, later.pk))
    jobs.register(source(1, sooner.pk))
    assert jobs.has_ready()
    assert jobs.oldest_ready() == later.queued_at
    assert [jobs.work_once("here:1") for _ in range(3)] == [True, True, False]
    assert done == [sooner.pk, later.pk]
    assert closed == [State.COMPLETED]
    assert not jobs.has_ready()
    assert jobs.oldest_ready() is None


def test_freeing_and_sweeping_reach_every_kind(sources):
    swept = []
    jobs.register(jobs.Source(1, "a", Analysis.objects.all, dict, sweep=lambda: swept.append("a")))
    jobs.register(jobs.Source(2, "b", Analysis.objects.none, dict))
    AnalysisFactory()
    job = claim("dead:1")
    assert jobs.free("dead:1") == 1
    assert state(job) == (State.PENDING, 1)
    jobs.sweep()
    assert swept == ["a"]


def test_overdue_jobs_of_these_workers_are_given_up(sources):
    after = []
    jobs.register(jobs.Source(1, "a", Analysis.objects.all, dict, after=after.append))
    for _ in range(4):
        AnalysisFactory()
    stuck, fresh, foreign, done = claim("a:1"), claim("b:1"), claim("c:1"), claim("a:1")
    long_ago = now() - timedelta(seconds=settings.ITEM_SECONDS + 1)
    Analysis.objects.exclude(pk=fresh.pk).update(started_at=long_ago)
    done.finish()
    assert jobs.give_up_overdue(["a:1", "b:1"]) == {"a:1"}
    assert state(stuck) == (State.FAILED, 1)
    assert stuck.error == "Took longer than 60 s and was given up."
    assert [job.pk for job in after] == [stuck.pk]
    assert state(fresh)[0] == state(foreign)[0] == State.PROCESSING
    assert state(done)[0] == State.COMPLETED


def test_a_worker_that_finishes_in_the_same_moment_keeps_its_result(sources, monkeypatch):
    jobs.register(jobs.Source(1, "a", Analysis.objects.all, dict))
    AnalysisFactory()
    job = claim("a:1")
    Analysis.objects.update(started_at=now() - timedelta(hours=1))
    monkeypatch.setattr(Analysis, "finish", lambda self, *args, **facts: False)
    assert jobs.give_up_overdue(["a:1"]) == set()
    assert state(job) == (State.PROCESSING, 1)


# ── The queue ───────────────────────────────────────────────────────────────


def test_waking_never_puts_more_messages_than_workers_into_the_queue(transactional_db, settings):
    settings.WORKERS = 3
    broker = get_broker()
    tasks.wake()
    assert broker.queue_size() == 1
    tasks.wake(10)
    assert broker.queue_size() == 3
    tasks.wake(2)
    assert broker.queue_size() == 3


def test_a_message_is_sent_when_the_rows_are_committed(django_capture_on_commit_callbacks):
    broker = get_broker()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.wake()
        assert broker.queue_size() == 0
    assert broker.queue_size() == 1


def test_a_queue_that_is_away_harms_nobody(transactional_db, monkeypatch, caplog):
    monkeypatch.setattr(tasks, "async_task", raising(ConnectionError("away")))
    tasks.wake()
    assert "away" in caplog.text


def test_work_goes_on_for_one_slice_and_then_wakes_the_next(
    sources, settings, django_capture_on_commit_callbacks
):
    settings.SLICE_SECONDS = 0
    jobs.register(jobs.Source(1, "a", Analysis.objects.all, lambda job: {}))
    AnalysisFactory(), AnalysisFactory()
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.work() == 1
    assert get_broker().queue_size() == 1
    settings.SLICE_SECONDS = 20
    assert tasks.work() == 1
    assert tasks.work() == 0


def test_a_worker_that_was_asked_to_end_takes_no_further_job(sources):
    jobs.register(jobs.Source(1, "a", Analysis.objects.all, lambda job: {}))
    job = AnalysisFactory()
    tasks.stopping.set()
    try:
        assert tasks.work() == 0
    finally:
        tasks.stopping.clear()
    assert state(job) == (State.PENDING, 0)
