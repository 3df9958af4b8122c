"""`manage.py worker` as a process: work is done once in effect, whatever is killed when."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.db import connection
from django_q.models import OrmQ, Schedule
from django_q.tasks import async_task

from library import tasks
from library.jobs import State
from library.models import Analysis, WorkerBeat
from tests.factories import AnalysisFactory
from tests.until import until

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def done(tmp_path):
    """Return a function that lists what was done so far."""
    path = tmp_path / "errands"
    path.touch()
    return lambda: sorted(int(line) for line in path.read_text().split())


@pytest.fixture
def environment(tmp_path):
    """Return the environment of worker processes."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "PADCRATE_DATA": str(tmp_path / "data"),
        "PADCRATE_SECRET_KEY": settings.SECRET_KEY,
        "PADCRATE_WORKERS": "2",
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "ERRANDS": str(tmp_path / "errands"),
    }


@pytest.fixture
def pool(environment):
    """Return a context in which a pool of two workers runs."""

    @contextmanager
    def start(command="worker", **more):
        process = psutil.Popen(
            [sys.executable, "manage.py", command], cwd=ROOT, env={**environment, **more}
        )
        family = [process]
        try:
            until(lambda: len(process.children(recursive=True)) >= 2, what="two workers")
            family += process.children(recursive=True)
            yield process
        finally:
            family += process.children(recursive=True) if process.is_running() else []
            for member in family:
                if member.is_running():
                    member.kill()
            process.wait(10)

    return start


def errands(*titles):
    """Queue one errand for each title and wake the workers."""
    made = [AnalysisFactory(sample__title=title) for title in titles]
    tasks.wake(2)
    return made


def running(job, attempts=1):
    """Return a function that gives the worker's process id once the job is in work."""

    def look():
        job.refresh_from_db()
        if job.state == State.PROCESSING and job.attempts == attempts:
            return int(job.worker.rsplit(":", 1)[1])
        return None

    return look


def test_each_job_is_done_once_and_the_pool_shows_a_sign_of_life(pool, done):
    made = errands(*["quick"] * 20)
    with pool():
        until(lambda: not Analysis.objects.unfinished().exists(), what="all jobs")
        assert WorkerBeat.any_alive()
    assert done() == sorted(job.pk for job in made)
    assert set(Analysis.objects.values_list("state", "attempts", "version")) == {
        (State.COMPLETED, 1, 1)
    }
    assert not OrmQ.objects.exists()


def test_the_job_of_a_killed_worker_is_taken_up_at_once(pool, done):
    (job,) = errands("sleep 1.5")
    with pool():
        os.kill(until(running(job)), signal.SIGKILL)
        until(running(job, attempts=2), settings.LEASE_SECONDS / 3, what="the second try")
        until(done, what="the job")
    job.refresh_from_db()
    assert (job.state, job.attempts) == (State.COMPLETED, 2)
    assert done() == [job.pk]


def test_a_job_that_kills_its_worker_is_given_up_and_its_neighbours_are_done(pool, done):
    poison, *innocent = errands("die", "quick", "quick", "quick")
    with pool():
        until(lambda: not Analysis.objects.unfinished().exists(), 40, what="all jobs")
    poison.refresh_from_db()
    assert (poison.state, poison.attempts) == (State.FAILED, 5)
    assert poison.error == "Given up after 5 tries: crashed"
    assert done() == [job.pk for job in innocent]


def test_a_job_over_its_time_is_given_up_and_the_worker_replaced(pool, done):
    stuck, quick = errands("sleep 600", "quick")
    with pool(PADCRATE_ITEM_SECONDS="1"):
        worker = until(running(stuck))
        until(lambda: Analysis.objects.get(pk=stuck.pk).state == State.FAILED, what="giving up")
        until(lambda: not psutil.pid_exists(worker), what="the worker's end")
    stuck.refresh_from_db()
    assert (stuck.error, stuck.attempts) == ("Took longer than 1 s and was given up.", 1)
    assert done() == [quick.pk]


def test_an_idle_worker_can_be_killed(pool, done):
    with pool() as process:
        for _ in range(3):
            for child in process.children():
                child.kill()
            until(lambda: len(process.children()) == 2, what="new workers")
        (job,) = errands("quick")
        until(done, what="the job")
    assert done() == [job.pk]


def test_sigterm_finishes_what_is_short_and_gives_back_what_is_long(pool, done):
    short, long = errands("sleep 1", "sleep 60")
    with pool() as process:
        until(running(short))
        until(running(long))
        family = process.children()
        process.terminate()
        assert process.wait(15) == 0
        assert not [child for child in family if child.is_running()]
    assert done() == [short.pk]
    long.refresh_from_db()
    assert (long.state, long.attempts, long.lease_until) == (State.PENDING, 0, None)
    assert not WorkerBeat.objects.exists()


def test_workers_die_with_a_killed_parent(pool):
    with pool() as process:
        family = process.children()
        process.kill()
        until(lambda: not [child for child in family if alive(child)], 5, what="their end")


def alive(process):
    """Tell whether a process still runs; one that waits to be collected does not."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_schedules_run_and_failures_are_kept(pool, done):
    Schedule.objects.create(func="tests.errands.note", args="7")
    async_task("tests.errands.break_off")
    with pool():
        until(done, what="the scheduled task")
    assert done() == [7]


def test_the_stock_cluster_does_the_same_work(pool, done):
    made = errands("quick", "quick", "fail")
    with pool("qcluster"):
        until(lambda: not Analysis.objects.unfinished().exists(), what="all jobs")
    assert done() == [job.pk for job in made[:2]]
    made[2].refresh_from_db()
    assert (made[2].state, made[2].error) == (State.FAILED, "Kick 7 is silent.")


def test_what_is_loaded_before_the_fork_and_numeric_libraries_use_one_thread(environment):
    script = (
        "import os, sys, library.management.commands.worker\n"
        "assert not {'librosa', 'numba', 'scipy', 'av'} & set(sys.modules)\n"
        "assert {'numpy', 'soundfile', 'soxr', 'library.audio.convert'} <= set(sys.modules)\n"
        "print(os.environ['OMP_NUM_THREADS'], os.environ['OPENBLAS_NUM_THREADS'])"
    )
    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-v", "0", "-c", script],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert answer.stdout.split() == ["1", "1"]
