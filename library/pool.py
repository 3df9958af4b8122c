"""The parent of the workers: forks them, watches them, frees what a dead one held.

It holds no message and no job, so its own death costs nothing but the time to start a new one.
"""

import logging
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import FrameType

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.utils.timezone import now
from django_q.conf import Conf
from django_q.scheduler import scheduler

from library import jobs, processes, tasks, worker
from library.models import WorkerBeat

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
WATCH_SECONDS = 1.0
BEAT_SECONDS = 3.0
SCHEDULE_SECONDS = 30.0
GRACE_SECONDS = 5.0  # what a child gets to finish its job after SIGTERM
SILENCE_SECONDS = settings.TASK_TIMEOUT + 10.0  # a child without a sign of life that long hangs
QUICK_DEATH = 1.0  # a child that lived no longer than this makes the next fork wait
LONGEST_PAUSE = 10.0
STALE_BEAT = timedelta(days=1)
JUMP_SECONDS = 2.0  # of the clock within one round: the machine slept, or the clock was set


@dataclass
class Child:
    """One forked worker."""

    pid: int
    pulse: worker.Pulse
    born: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        """Return the name that stands in the rows it holds."""
        return tasks.worker_name(self.pid)


@dataclass
class Chore:
    """Something the parent does every few seconds."""

    act: Callable[[], object]
    every: float
    due: float = 0.0

    def run(self) -> None:
        """Do it when it is due; a database that is away only makes it late."""
        moment = time.monotonic()
        if moment < self.due:
            return
        self.due = moment + self.every
        try:
            self.act()
        except (DatabaseError, InterfaceError):
            log.exception("The pool could not do its chores; it tries again")
            connections.close_all()


class Pool:
    """A number of workers kept alive until SIGTERM or SIGINT."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.name = tasks.worker_name()
        self.children: dict[int, Child] = {}
        self.lost: set[str] = set()  # workers whose death is not yet written to the rows
        self.pause = 0.0
        self.fork_at = 0.0
        self.stopping = False
        self.lag = _lag()
        self.trust_at = 0.0  # when ages by the clock mean something again
        self.chores = [
            Chore(self.free_lost, TICK_SECONDS),
            Chore(self.kill_stuck, WATCH_SECONDS),
            Chore(self.beat, BEAT_SECONDS),
        ]
        if Conf.SCHEDULER:
            self.chores.append(Chore(scheduler, SCHEDULE_SECONDS))

    def run(self) -> None:
        """Keep the workers going; return when asked to stop and all of them have ended."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        while not self.stopping:
            self.fill()
            self.reap()
            for chore in self.chores:
                chore.run()
            time.sleep(TICK_SECONDS)
        self.stop()

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def fill(self) -> None:
        """Fork until the pool is full, unless the last children died too quickly."""
        while len(self.children) < self.size and time.monotonic() >= self.fork_at:
            self.fork()

    def fork(self) -> None:
        """Start one worker; database connections must not be shared with it."""
        connections.close_all()
        pulse = worker.Pulse()
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.children[pid] = Child(pid, pulse)
            return
        code = 1
        try:
            processes.die_with(parent)
            processes.bound_worker()
            worker.loop(pulse)
            connections.close_all()
            code = 0
        except Exception:
            log.exception("A worker ended")
        finally:
            os._exit(code)

    def reap(self) -> None:
        """Collect dead children; a quick death doubles the pause before the next fork."""
        for child in list(self.children.values()):
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if not pid:
                continue
            del self.children[pid]
            child.pulse.close()
            self.lost.add(child.name)
            if status:
                log.warning("Worker %s died (%s)", pid, os.waitstatus_to_exitcode(status))
            quick = time.monotonic() - child.born < QUICK_DEATH
            self.pause = min(LONGEST_PAUSE, max(0.25, 2 * self.pause)) if quick else 0.0
            self.fork_at = time.monotonic() + self.pause

    def free_lost(self, *, blameless: bool = False) -> None:
        """Give back the jobs of dead workers, so that others take them at once."""
        for name in list(self.lost):
            if jobs.free(name, blameless=blameless):
                tasks.wake(self.size)
            self.lost.remove(name)

    def kill_stuck(self) -> None:
        """Kill children whose job is overdue or who show no sign of life at all."""
        stuck = set()
        if not self.has_slept():
            stuck = jobs.give_up_overdue([child.name for child in self.children.values()])
        for child in self.children.values():
            if child.name in stuck or child.pulse.age > SILENCE_SECONDS:
                log.warning("Worker %s hangs and is killed", child.pid)
                os.kill(child.pid, signal.SIGKILL)

    def has_slept(self) -> bool:
        """Tell whether the clock jumped lately: jobs then look older than the work on them is."""
        before, self.lag = self.lag, _lag()
        if abs(self.lag - before) > JUMP_SECONDS:
            self.trust_at = time.monotonic() + settings.ITEM_SECONDS
        return time.monotonic() < self.trust_at

    def beat(self) -> None:
        """Show that the pool is alive, and forget pools that are long gone."""
        moment = now()
        WorkerBeat.objects.update_or_create(name=self.name, defaults={"beat_at": moment})
        WorkerBeat.objects.filter(beat_at__lt=moment - STALE_BEAT).delete()

    def stop(self) -> None:
        """Let the children finish for a moment, kill the rest, give back what they held."""
        for child in self.children.values():
            os.kill(child.pid, signal.SIGTERM)
        until = time.monotonic() + GRACE_SECONDS
        while self.children and time.monotonic() < until:
            self.reap()
            time.sleep(TICK_SECONDS / 2)
        for child in self.children.values():
            os.kill(child.pid, signal.SIGKILL)
        while self.children:
            self.reap()
            time.sleep(TICK_SECONDS / 10)
        Chore(lambda: self.free_lost(blameless=True), 0).run()
        Chore(WorkerBeat.objects.filter(name=self.name).delete, 0).run()
        connections.close_all()


def _lag() -> float:
    """Return how far the clock is ahead of the time this machine was awake (s)."""
    return time.time() - time.monotonic()
