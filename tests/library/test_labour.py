"""How a worker does jobs: what becomes of each, and of several that it claimed together."""

import errno
import time
from datetime import timedelta

import pytest
from django.conf import settings as standing
from django.db import DatabaseError, OperationalError
from django.db.models import F
from django.utils.timezone import now

from library import labour, pulse
from library.jobs import GoOn, JobError, NoSpaceError, State, WriteError
from library.models import Analysis, Sample
from tests.factories import AnalysisFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sources(monkeypatch):
    """Return the list of known kinds of jobs, empty for this test."""
    monkeypatch.setattr(labour, "SOURCES", [])
    return labour.SOURCES


@pytest.fixture
def kind(sources):
    """Return a function that registers analyses, claimed together, as the only kind of job."""

    def register(act, **more):
        source = labour.Source(
            1,
            "a",
            lambda: Analysis.objects.select_related("sample"),
            act,
            weight=F("sample__size_bytes"),
            **more,
        )
        labour.register(source)
        return source

    return register


def claim(worker="here:1"):
    """Claim one job, if there is any."""
    chunk = Analysis.objects.claim(worker)
    return chunk[0] if chunk else None


def state(job):
    job.refresh_from_db()
    return (job.state, job.attempts)


def states(made):
    return [state(job) for job in made]


def expire(job, seconds=1):
    Analysis.objects.filter(pk=job.pk).update(lease_until=now() - timedelta(seconds=seconds))


def raising(fault):
    def act(*_args, **_kwargs):
        raise fault

    return act


# ── The lease ───────────────────────────────────────────────────────────────


def test_the_leases_are_renewed_while_the_work_goes_on(monkeypatch, transactional_db):
    monkeypatch.setattr(labour, "RENEW_SECONDS", 0.02)
    AnalysisFactory.create_batch(2, sample__size_bytes=1)
    lost, kept = Analysis.objects.claim("here:1", F("sample__size_bytes"))
    Analysis.objects.update(lease_until=now() - timedelta(seconds=1))
    Analysis.objects.filter(pk=lost.pk).update(token="another")
    with labour.lease([lost, kept]):
        time.sleep(0.3)
    lost.refresh_from_db()
    kept.refresh_from_db()
    assert lost.lease_until < now() < kept.lease_until


def test_a_database_that_is_away_does_not_end_the_renewing(monkeypatch, caplog):
    monkeypatch.setattr(labour, "RENEW_SECONDS", 0.01)
    AnalysisFactory()
    job = claim()
    monkeypatch.setattr(labour, "renew", raising(OperationalError("away")))
    with labour.lease([job]):
        time.sleep(0.1)
    assert caplog.text.count("Could not renew the lease") > 1


# ── Running ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "expected", "words"),
    [
        (GoOn(), (State.PENDING, 0), ""),
        (JobError("Kick 7 is silent."), (State.FAILED, 1), "Kick 7 is silent."),
        (NoSpaceError("No room left."), (State.WAITING, 0), "No room left."),
        (OSError(errno.ENOSPC, "x"), (State.WAITING, 0), "Not enough disk space."),
        (OSError(errno.EDQUOT, "x"), (State.WAITING, 0), "Not enough disk space."),
        (OSError(errno.EIO, "x"), (State.WAITING, 1), "The machine could not do this just now."),
        (
            WriteError("Writing failed: input/output error"),
            (State.WAITING, 1),
            "Writing failed: input/output error",
        ),
        (MemoryError(), (State.WAITING, 1), "The machine could not do this just now."),
        (OperationalError("x"), (State.WAITING, 0), "The machine could not do this just now."),
        (
            ZeroDivisionError("x"),
            (State.FAILED, 1),
            "A fault of the program stopped this. The log has details.",
        ),
    ],
)
def test_what_becomes_of_a_job_that_could_not_be_done(fault, expected, words, kind):
    job = AnalysisFactory()
    kind(raising(fault))
    assert labour.work_once("here:1") == 1
    assert state(job) == expected
    assert job.error == words


def test_a_file_that_needs_too_much_memory_is_given_up_in_the_end(kind):
    job = AnalysisFactory()
    kind(raising(MemoryError()))
    while labour.work_once("here:1"):
        expire(job)
    assert state(job) == (State.FAILED, 5)


def test_what_was_found_is_stored(kind):
    job = AnalysisFactory()
    kind(lambda held: {"version": 5})
    labour.work_once("here:1")
    assert state(job) == (State.COMPLETED, 1)
    assert job.version == 5


def crew(monkeypatch, prefix, size):
    """Let this process be a worker of such a pool."""
    monkeypatch.setattr(labour, "crew", labour.Crew(prefix, size))


def test_of_long_jobs_some_workers_are_left_for_others(kind, monkeypatch):
    made = AnalysisFactory.create_batch(3, sample__size_bytes=10**9)
    kind(lambda held: {}, is_long=True)
    crew(monkeypatch, "here:1:", 2)
    labour.SOURCES[0].take("here:1:5")
    assert labour.work_once("here:1:6") == 0
    assert states(made) == [(State.PROCESSING, 1), (State.PENDING, 0), (State.PENDING, 0)]
    expire(made[0])
    assert labour.work_once("here:1:6") == 1  # a worker that is gone counts no more
    assert labour.work_once("here:1:6") == 1
    assert labour.free("here:1:5") == 0


@pytest.mark.parametrize(("size", "at_once"), [(1, 1), (2, 1), (3, 2), (4, 3)])
def test_one_worker_of_each_pool_stays_free_whatever_its_size(
    kind, monkeypatch, settings, size, at_once
):
    settings.WORKERS = 4
    AnalysisFactory.create_batch(6, sample__size_bytes=10**9)
    source = kind(lambda held: {}, is_long=True)
    crew(monkeypatch, "here:1:", size)
    taken = [bool(source.take(f"here:1:{pid}")) for pid in range(5, 5 + size)]
    assert sum(taken) == at_once
    crew(monkeypatch, "here:12:", 2)
    assert source.take("here:12:5")  # what another pool is at counts nothing
    assert not source.take("here:12:6")


def test_who_is_in_no_pool_takes_what_there_is(kind):
    AnalysisFactory.create_batch(2, sample__size_bytes=10**9)
    source = kind(lambda held: {}, is_long=True)
    assert source.take("here:1")
    assert source.take("here:1")


# ── Several together ────────────────────────────────────────────────────────


def small(count):
    return AnalysisFactory.create_batch(count, sample__size_bytes=1)


def test_jobs_that_were_claimed_together_are_each_done_and_end_as_they_end(kind):
    made = small(4)
    faults = {made[1].pk: JobError("silent"), made[2].pk: NoSpaceError("full")}
    together, closed = [], []

    def act(job):
        if job.pk in faults:
            raise faults[job.pk]
        return {"version": 2, "measured": {"seconds": 3.0}}

    kind(act, before=together.append, after=closed.append)
    assert labour.work_once("here:1") == 4
    assert states(made) == [
        (State.COMPLETED, 1), (State.FAILED, 1), (State.WAITING, 0), (State.COMPLETED, 1),
    ]  # fmt: skip
    assert [len(chunk) for chunk in together + closed] == [4, 4]
    changed = Sample.objects.filter(seconds=3.0).order_by("pk")
    assert list(changed) == [made[0].sample, made[3].sample]
    assert pulse.mine.at is None


def test_where_they_take_long_results_are_written_in_between(kind, monkeypatch):
    monkeypatch.setattr(labour, "WRITE_SECONDS", 0.0)
    made, seen, closed = small(3), [], []
    kind(lambda job: seen.append(states(made)) or {}, after=closed.append)
    assert labour.work_once("here:1") == 3
    done, held = (State.COMPLETED, 1), (State.PROCESSING, 1)
    assert seen == [[held, held, held], [done, held, held], [done, done, held]]
    assert [[job.pk for job in jobs] for jobs in closed] == [[job.pk] for job in made]
    assert {job.token for jobs in closed for job in jobs} == {closed[0][0].token}


def test_what_is_cancelled_meanwhile_is_not_begun(kind, monkeypatch):
    monkeypatch.setattr(labour, "WRITE_SECONDS", 0.0)
    made, done = small(3), []

    def act(job):
        done.append(job.pk)
        Analysis.objects.filter(pk=made[1].pk).update(state=State.CANCELLED)
        return {}

    kind(act)
    labour.work_once("here:1")
    assert done == [made[0].pk, made[2].pk]


def test_of_several_only_those_that_are_still_ours_are_written(kind):
    made = small(3)

    def act(job):
        if job.pk == made[0].pk:  # meanwhile one goes to another worker, one is cancelled
            Analysis.objects.filter(pk=made[1].pk).update(token="another", worker="there:1")
            Analysis.objects.filter(pk=made[2].pk).update(state=State.CANCELLED)
        return {"version": 2}

    kind(act)
    labour.work_once("here:1")
    assert states(made) == [(State.COMPLETED, 1), (State.PROCESSING, 1), (State.CANCELLED, 1)]
    assert list(Analysis.objects.values_list("version", flat=True)) == [2, 0, 0]


def test_results_are_written_all_or_none(kind):
    made = small(2)
    kind(lambda job: {"version": 2 if job.pk == made[0].pk else "no number"})
    with pytest.raises((ValueError, DatabaseError)):
        labour.work_once("here:1")
    assert states(made) == [(State.PROCESSING, 1), (State.PROCESSING, 1)]
    assert pulse.mine.at == (0, made[1].pk)  # a death here would count
    labour.free("here:1")
    assert labour.SOURCES[0].rows().claim("here:1", F("sample__size_bytes")) == made[:1]


def test_the_parent_can_see_what_is_in_work(kind):
    made, seen = small(2), []
    kind(lambda job: seen.append(pulse.mine.at) or {})
    labour.work_once("here:1")
    assert seen == [(0, job.pk) for job in made]


# ── Kinds of jobs ───────────────────────────────────────────────────────────


def test_the_most_urgent_kind_comes_first_and_its_after_is_called(sources):
    done, closed = [], []

    def source(priority, pk):
        return labour.Source(
            priority,
            f"kind {priority}",
            rows=lambda: Analysis.objects.filter(pk=pk),
            act=lambda job: done.append(job.pk) or {},
            after=lambda jobs: closed.extend(job.state for job in jobs if priority == 1),
        )

    later, sooner = AnalysisFactory(), AnalysisFactory()
    labour.register(source(2, later.pk))
    labour.register(source(1, sooner.pk))
    assert labour.has_ready()
    assert labour.oldest_ready() == later.queued_at
    assert [labour.work_once("here:1") for _ in range(3)] == [1, 1, 0]
    assert done == [sooner.pk, later.pk]
    assert closed == [State.COMPLETED]
    assert not labour.has_ready()
    assert labour.oldest_ready() is None


def test_freeing_and_sweeping_reach_every_kind(sources):
    swept = []
    labour.register(
        labour.Source(1, "a", Analysis.objects.all, dict, sweep=lambda: swept.append("a"))
    )
    labour.register(labour.Source(2, "b", Analysis.objects.none, dict))
    AnalysisFactory()
    job = claim("dead:1")
    assert labour.free("dead:1") == 1
    assert state(job) == (State.PENDING, 1)
    labour.sweep()
    assert swept == ["a"]


def test_a_dead_workers_job_counts_in_its_own_kind_only(sources):
    first, second = AnalysisFactory(), AnalysisFactory()
    for job in (first, second):
        labour.register(
            labour.Source(1, "a", lambda pk=job.pk: Analysis.objects.filter(pk=pk), dict)
        )
        Analysis.objects.filter(pk=job.pk).claim("dead:1")
    assert labour.free("dead:1", blameless=True, at=(1, second.pk)) == 2
    assert states([first, second]) == [(State.PENDING, 0), (State.PENDING, 1)]


def test_a_job_that_takes_too_long_is_given_up(sources, caplog):
    after = []
    labour.register(labour.Source(1, "a", Analysis.objects.all, dict, after=after.extend))
    stuck, other = AnalysisFactory(), AnalysisFactory()
    claim("a:1"), claim("a:1")
    labour.give_up("a:1", (0, stuck.pk))
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert state(stuck) == (State.FAILED, 1)
    assert stuck.error == f"Took longer than {standing.ITEM_SECONDS} s and was given up."
    assert [job.pk for job in after] == [stuck.pk]
    assert state(other) == (State.PROCESSING, 1)


def test_a_worker_that_finishes_in_the_same_moment_keeps_its_result(sources, monkeypatch):
    after = []
    labour.register(labour.Source(1, "a", Analysis.objects.all, dict, after=after.extend))
    done, late = AnalysisFactory(), AnalysisFactory()
    assert claim("a:1").finish(version=1)
    labour.give_up("a:1", (0, done.pk))
    assert state(done) == (State.COMPLETED, 1)
    claim("a:1")
    monkeypatch.setattr(Analysis, "finish", lambda self, *args, **facts: False)
    labour.give_up("a:1", (0, late.pk))
    assert state(late) == (State.PROCESSING, 1)
    assert after == []
