"""The supervisor in this process, with small programs in the place of web and workers."""

import os
import signal
import sys
import threading
import time

import pytest

from library import supervise
from tests.until import until

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
STUBBORN = [sys.executable, "-c", DEAF]


def service(command):
    return supervise.Service("worker", command, dict(os.environ))


@pytest.fixture
def handlers():
    """Put the signal handlers back after the test."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def supervisor(handlers, settings):
    """Return a supervisor of one sleeper."""
    settings.REAPER_SECONDS = 60
    made = supervise.Supervisor("127.0.0.1", 8000, 1)
    made.services = {"worker": service(SLEEPER)}
    return made


def meanwhile(act):
    """Run this in a thread, then ask this process to stop."""
    thread = threading.Thread(target=lambda: (act(), os.kill(os.getpid(), signal.SIGTERM)))
    thread.start()
    return thread


def test_hanging_workers_are_killed_and_started_again(supervisor, caplog):
    worker = supervisor.services["worker"]
    seen = []

    def act():
        seen.append(until(lambda: worker.process).pid)
        supervisor.hanging.set()
        until(lambda: worker.process and worker.process.pid not in seen)
        seen.append(worker.process.pid)

    thread = meanwhile(act)
    supervisor.run()
    thread.join()
    assert len(seen) == 2
    assert "no worker shows a sign of life" in caplog.text
    assert worker.process.returncode == -signal.SIGTERM


def test_what_ends_at_once_is_started_after_longer_and_longer_pauses(caplog):
    tended = service([sys.executable, "-c", "raise SystemExit(3)"])
    pauses = []
    for _ in range(3):
        tended.due = 0.0
        tended.tend()
        tended.process.wait(10)
        tended.tend()
        pauses.append(tended.pause)
        assert tended.process is None
    assert pauses == [0.5, 1.0, 2.0]
    assert "Worker ended (3); it starts again in 2.0 s" in caplog.text
    tended.tend()
    assert tended.process is None  # not yet
    assert tended.is_gone()
    tended.kill()
    tended.ask_to_stop()  # nothing there: nothing happens


def test_what_ran_for_a_while_starts_again_at_once(monkeypatch):
    monkeypatch.setattr(supervise, "STEADY_SECONDS", 0.0)
    tended = service([sys.executable, "-c", ""])
    tended.tend()
    tended.process.wait(10)
    tended.tend()
    assert tended.pause == 0.1


@pytest.mark.parametrize("patience", ["the time is up", "asked again"])
def test_what_does_not_stop_is_killed(supervisor, monkeypatch, patience):
    monkeypatch.setattr(supervise, "AGAIN_SECONDS", 0.2)
    monkeypatch.setattr(supervise, "STOP_SECONDS", 0.5 if patience == "the time is up" else 60.0)
    stubborn = supervisor.services["worker"] = service(STUBBORN)

    def act():
        until(lambda: stubborn.process)
        time.sleep(0.5)  # until it ignores the signal

    thread = meanwhile(act)
    if patience == "asked again":
        threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    supervisor.run()
    thread.join()
    assert stubborn.process.returncode == -signal.SIGKILL
    assert time.monotonic() - start < 10


def test_a_reaper_that_fails_is_tried_again(supervisor, settings, monkeypatch, caplog):
    settings.REAPER_SECONDS = 0.01
    calls = []

    class Failing:
        def run(self):
            calls.append(1)
            if len(calls) == 2:
                return False
            raise OSError("disk away")

    monkeypatch.setattr(supervise, "Reaper", Failing)
    thread = threading.Thread(target=supervisor._reap)
    thread.start()
    until(lambda: len(calls) > 4)
    supervisor.stopped.set()
    thread.join()
    assert supervisor.hanging.is_set()
    assert "The reaper could not finish its round" in caplog.text


def test_nothing_answers_where_nobody_listens(supervisor):
    supervisor.port = 1
    assert not supervisor.answers()
