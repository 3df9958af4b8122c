"""What a worker does with one message of the queue, and the pool's watch over silent workers."""

import os
import random
import signal
import sys
import time

import numpy as np
import psutil
import pytest
from django.db import OperationalError
from django.db.models import F
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import Failure, OrmQ, Success
from django_q.tasks import async_task

from library import labour, pool, processes, pulse, tasks, worker
from library.jobs import State
from library.models import Analysis, WorkerBeat
from tests.factories import AnalysisFactory
from tests.until import until

pytestmark = pytest.mark.django_db(transaction=True)


def take():
    """Take the next message, run it, and tell whether it stayed within its time."""
    broker = get_broker()
    ((receipt, package),) = broker.dequeue()
    return worker.run_message(broker, receipt, package)


def test_a_message_is_done_and_taken_off_the_queue(tmp_path, monkeypatch):
    monkeypatch.setenv("ERRANDS", str(tmp_path / "errands"))
    async_task("tests.errands.note", "hello", save=True)
    assert take()
    assert (tmp_path / "errands").read_text() == "hello\n"
    assert not OrmQ.objects.exists()
    assert Success.objects.get().func == "tests.errands.note"


@pytest.mark.parametrize("name", ["tests.errands.break_off", "tests.errands.nothing_of_that_name"])
def test_a_failure_is_kept_and_not_tried_again(name):
    async_task(name)
    assert take()
    assert not OrmQ.objects.exists()
    assert Failure.objects.get().func == name


def test_a_message_that_cannot_be_read_is_dropped():
    OrmQ.objects.create(key=Conf.CLUSTER_NAME, payload="rubbish", lock="2020-01-01T00:00Z")
    assert take()
    assert not OrmQ.objects.exists()


def test_a_task_over_its_time_is_broken_off_and_its_job_given_back():
    AnalysisFactory()
    (held,) = Analysis.objects.claim(worker.tasks.worker_name())
    async_task("tests.errands.dawdle", timeout=1)
    start = time.monotonic()
    assert not take()
    assert time.monotonic() - start < 3
    held.refresh_from_db()
    assert (held.state, held.attempts) == (State.PENDING, 1)
    assert "time" in Failure.objects.get().result


def test_a_result_can_go_to_the_cache():
    name = async_task("math.sqrt", 9, cached=60)
    assert take()
    from django_q.tasks import result_cached

    assert result_cached(name) == 3.0


class Away:
    """A broker whose server does not answer."""

    def dequeue(self):
        raise ConnectionError("away")


def test_a_job_that_ends_its_task_is_in_work_no_more(monkeypatch):
    """Else the parent would kill the worker for it later, and blame it for a death."""
    AnalysisFactory()

    def leave(_job):
        raise SystemExit(3)

    monkeypatch.setattr(labour, "SOURCES", [labour.Source(1, "a", Analysis.objects.all, leave)])
    tasks.wake()
    assert take()
    assert pulse.mine.at is None
    assert outcome() == [(State.PENDING, 1)]


def test_a_queue_that_does_not_answer_is_asked_again_later(monkeypatch, caplog):
    monkeypatch.setattr(worker, "BROKER_PAUSE", 0.01)
    assert worker._take(Away()) == []
    assert "The queue does not answer" in caplog.text


def test_a_worker_knows_its_pool_and_is_called_by_it(monkeypatch, tmp_path):
    watched = pool.Pool(3)

    def tell(_pulse):
        told = f"{worker.tasks.worker_name()} {labour.crew.prefix} {labour.crew.size}"
        (tmp_path / "told").write_text(told)

    monkeypatch.setattr(worker, "loop", tell)
    watched.fork()
    (child,) = watched.children.values()
    until(lambda: watched.reap() or not watched.children, what="its end")
    assert (tmp_path / "told").read_text() == f"{child.name} {watched.name}: 3"
    assert child.name == f"{watched.name}:{child.pid}"
    assert labour.crew is None


def test_a_silent_worker_is_killed(monkeypatch):
    watched = pool.Pool(1)
    monkeypatch.setattr(worker, "loop", lambda _pulse: time.sleep(60))
    watched.fork()
    (child,) = watched.children.values()
    watched.kill_stuck()
    assert child.pulse.age < 5
    monkeypatch.setattr(pool, "SILENCE_SECONDS", -1.0)
    watched.kill_stuck()
    until(lambda: watched.reap() or not watched.children, what="its end")
    assert watched.lost == {child.name: None}
    assert watched.fork_at > time.monotonic()  # it died young: the next one waits


def test_no_child_repeats_the_chances_of_another(monkeypatch, tmp_path):
    watched = pool.Pool(2)

    def draw(_pulse):
        drawn = f"{np.random.random()} {random.random()}"  # noqa: NPY002 - what engines use
        (tmp_path / str(os.getpid())).write_text(drawn)

    monkeypatch.setattr(worker, "loop", draw)
    np.random.seed(340)  # noqa: NPY002
    watched.fill()
    until(lambda: watched.reap() or not watched.children, what="their ends")
    drawn = [path.read_text().split() for path in tmp_path.iterdir()]
    assert len(drawn) == 2
    assert all(one != other for one, other in zip(*drawn, strict=True))


def test_chances_of_what_is_loaded_alone_are_drawn_anew(monkeypatch):
    drawn = []

    class Torch:
        seed = staticmethod(lambda: drawn.append("torch"))

    monkeypatch.setitem(sys.modules, "torch", Torch)
    monkeypatch.delitem(sys.modules, "numpy.random")
    processes.draw_anew()
    assert drawn == ["torch"]


@pytest.fixture
def hanging(monkeypatch):
    """Return a pool whose one worker holds three jobs and hangs in the second of them."""
    jobs = AnalysisFactory.create_batch(3, sample__size_bytes=1)
    place = next(at for at, kind in enumerate(labour.SOURCES) if kind.name == "analyses")

    def hang(shared):
        shared.begin((place, jobs[1].pk))
        time.sleep(60)

    monkeypatch.setattr(worker, "loop", hang)
    watched = pool.Pool(1)
    watched.fork()
    (child,) = watched.children.values()
    assert len(Analysis.objects.claim(child.name, F("sample__size_bytes"))) == 3
    until(lambda: child.pulse.at, what="the second job")
    return watched


def outcome():
    return list(Analysis.objects.order_by("pk").values_list("state", "attempts"))


def test_a_job_that_takes_too_long_is_given_up_alone(hanging, settings):
    hanging.kill_stuck()
    assert outcome() == [(State.PROCESSING, 1)] * 3
    settings.ITEM_SECONDS = 0
    hanging.kill_stuck()
    until(lambda: hanging.reap() or not hanging.children, what="its end")
    hanging.free_lost()
    assert outcome() == [(State.PENDING, 0), (State.FAILED, 1), (State.PENDING, 0)]


def test_a_death_counts_for_the_job_in_work_alone(hanging):
    (child,) = hanging.children.values()
    os.kill(child.pid, signal.SIGKILL)
    until(lambda: hanging.reap() or not hanging.children, what="its end")
    hanging.free_lost()
    assert outcome() == [(State.PENDING, 0), (State.PENDING, 1), (State.PENDING, 0)]


def test_a_worker_that_goes_on_in_the_same_moment_is_not_killed(hanging, settings, monkeypatch):
    settings.ITEM_SECONDS = 0
    (child,) = hanging.children.values()
    monkeypatch.setattr(labour, "give_up", lambda _name, _at: child.pulse.rest())
    hanging.kill_stuck()
    assert psutil.Process(child.pid).status() != psutil.STATUS_ZOMBIE
    hanging.stopping = True
    hanging.stop()
    assert outcome() == [(State.PENDING, 0)] * 3


def test_each_quick_death_doubles_the_pause(monkeypatch):
    watched = pool.Pool(1)

    def die(_pulse):
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(worker, "loop", die)
    pauses = []
    for _ in range(8):
        watched.fork()
        until(lambda: watched.reap() or not watched.children, what="its end")
        pauses.append(watched.pause)
    assert pauses == [0.25, 0.5, 1, 2, 4, 8, 10, 10]
    watched.fill()
    assert not watched.children


def test_a_database_that_is_away_only_makes_a_chore_late(caplog):
    def act():
        raise OperationalError("away")

    chore = pool.Chore(act, every=60)
    chore.run()
    assert "could not do its chores" in caplog.text
    assert chore.due > time.monotonic() + 50


def test_a_pool_wakes_itself_for_what_lies_ready():
    """`make worker` alone has no reaper that would."""
    here = pool.Pool(1)
    here.size = 0  # no children
    here.look()
    assert not OrmQ.objects.exists()
    AnalysisFactory()
    here.size = 1
    here.wake()
    assert OrmQ.objects.count() == 1
    assert here.wake in [chore.act for chore in here.chores]


def test_pools_that_are_long_gone_are_forgotten():
    WorkerBeat.objects.create(name="gone", beat_at="2020-01-01T00:00Z")
    here = pool.Pool(1)
    here.beat()
    here.beat()
    assert [beat.name for beat in WorkerBeat.objects.all()] == [here.name]
