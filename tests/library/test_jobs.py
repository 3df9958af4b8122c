"""Claims, attempts and results: a job is done once in effect."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.utils.timezone import now

from library import jobs, labour
from library.jobs import State
from library.models import Analysis
from tests.factories import AnalysisFactory

pytestmark = pytest.mark.django_db


def claim(worker="here:1"):
    """Claim one job, if there is any."""
    chunk = Analysis.objects.claim(worker)
    assert len(chunk) <= 1
    return chunk[0] if chunk else None


def claim_together(worker="here:1"):
    """Claim as many as a worker takes together."""
    return Analysis.objects.select_related("sample").claim(worker, F("sample__size_bytes"))


def state(job):
    job.refresh_from_db()
    return (job.state, job.attempts)


def expire(job, seconds=1):
    Analysis.objects.filter(pk=job.pk).update(lease_until=now() - timedelta(seconds=seconds))


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


def test_of_two_that_saw_the_same_row_one_gets_it():
    seen = AnalysisFactory()
    (taken,) = Analysis.objects.all()._take([seen.pk], "quicker:1")
    assert Analysis.objects.all()._take([seen.pk], "slower:1") == []
    assert (taken.worker, Analysis.objects.get().worker) == ("quicker:1", "quicker:1")


def test_an_expired_lease_is_taken_over_and_the_old_holder_can_write_nothing():
    AnalysisFactory()
    old = claim("dead:1")
    assert claim("here:2") is None
    expire(old)
    new = claim("here:2")
    assert (new.pk, new.attempts) == (old.pk, 2)
    assert not old.finish(version=7)
    assert not labour.renew([old])
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


# ── Claims of several ───────────────────────────────────────────────────────


def sized(*sizes):
    return [AnalysisFactory(sample__size_bytes=size) for size in sizes]


def numbers(chunk):
    return [job.pk for job in chunk]


def test_small_sounds_are_claimed_together_in_their_order(settings):
    settings.CHUNK_JOBS = 3
    made = sized(*[40_000] * 5)
    first, second = claim_together(), claim_together("here:2")
    assert numbers(first + second) == numbers(made)
    assert len(first) == 3
    assert {job.token for job in first}.isdisjoint(job.token for job in second)
    assert {(job.state, job.attempts, job.worker) for job in first} == {
        (State.PROCESSING, 1, "here:1")
    }
    assert claim_together() == []


def test_together_they_weigh_no_more_than_a_chunk():
    most = jobs.CHUNK_BYTES
    made = sized(most // 2, most // 2, 1, most + 1, 0, 1)
    chunks = []
    while chunk := claim_together():
        chunks.append(numbers(chunk))
    ids = numbers(made)
    assert chunks == [ids[:2], ids[2:3], ids[3:4], ids[4:5], ids[5:]]


def test_what_was_tried_before_is_claimed_alone():
    made = sized(1, 1, 1, 1)
    Analysis.objects.filter(pk=made[1].pk).update(attempts=1)
    assert [numbers(claim_together()) for _ in range(3)] == [
        [made[0].pk], [made[1].pk], [made[2].pk, made[3].pk],
    ]  # fmt: skip


def test_a_death_counts_for_the_job_in_work_alone():
    done, at_work, to_come = sized(1, 1, 1)
    chunk = claim_together("dead:1")
    assert chunk[0].finish(version=1)
    assert Analysis.objects.free("dead:1", blameless=True, at=at_work.pk) == 2
    assert state(done) == (State.COMPLETED, 1)
    assert state(at_work) == (State.PENDING, 1)
    assert state(to_come) == (State.PENDING, 0)


@pytest.mark.django_db(transaction=True)
def test_each_of_many_small_jobs_is_claimed_by_one_of_many_threads(settings):
    settings.CHUNK_JOBS = 4
    expected = numbers(sized(*[1] * 40))
    taken, start = [], threading.Barrier(4)

    def work(name):
        start.wait()
        while chunk := claim_together(name):
            taken.extend(numbers(chunk))
        connection.close()

    threads = [threading.Thread(target=work, args=(f"here:{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == expected


# ── Results ─────────────────────────────────────────────────────────────────


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
