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

from library import labour, processes, tasks, worker
from library.audio import children
from library.models import WorkerBeat
from library.pulse import At, Pulse

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


@dataclass
class Child:
    """One forked worker."""

    pid: int
    pulse: Pulse
    name: str  # as it stands in the rows it holds
    born: float = field(default_factory=time.monotonic)


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
        self.crew = labour.Crew(f"{self.name}:", size)
        self.children: dict[int, Child] = {}
        self.lost: dict[str, At | None] = {}  # dead workers whose rows still say they hold them
        self.pause = 0.0
        self.fork_at = 0.0
        self.stopping = False
        self.chores = [
            Chore(self.free_lost, TICK_SECONDS),
            Chore(self.kill_stuck, WATCH_SECONDS),
            Chore(self.beat, BEAT_SECONDS),
            Chore(self.wake, settings.LEASE_SECONDS),
        ]
        if Conf.SCHEDULER:
            self.chores.append(Chore(scheduler, SCHEDULE_SECONDS))

    def run(self) -> None:
        """Keep the workers going; return when asked to stop and all of them have ended."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        signal.signal(signal.SIGINT, self._ask_to_stop)
        while not self.stopping:
            self.look()
            time.sleep(TICK_SECONDS)
        self.stop()

    def look(self) -> None:
        """Do once what keeps the workers going."""
        self.fill()
        self.reap()
        for chore in self.chores:
            chore.run()

    def _ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def fill(self) -> None:
        """Fork until the pool is full, unless the last children died too quickly."""
        while len(self.children) < self.size and time.monotonic() >= self.fork_at:
            self.fork()

    def fork(self) -> None:
        """Start one worker; database connections must not be shared with it."""
        connections.close_all()
        pulse = Pulse()
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self.children[pid] = Child(pid, pulse, f"{self.crew.prefix}{pid}")
            return
        code = 1
        try:
            children.die_with(parent)
            processes.bound_worker()
            processes.draw_anew()
            labour.crew = self.crew
            self.work_in_child(pulse)
            connections.close_all()
            code = 0
        except Exception:
            log.exception("A worker ended")
        finally:
            os._exit(code)

    def work_in_child(self, pulse: Pulse) -> None:
        """Do what a worker does until it is to end; in the child."""
        worker.loop(pulse)

    def reap(self) -> None:
        """Collect dead children; a quick death doubles the pause before the next fork."""
        for child in list(self.children.values()):
            pid, status = os.waitpid(child.pid, os.WNOHANG)
            if not pid:
                continue
            del self.children[pid]
            self.lost[child.name] = child.pulse.at
            child.pulse.close()
            if status:
                log.warning("Worker %s died (%s)", pid, os.waitstatus_to_exitcode(status))
            quick = time.monotonic() - child.born < QUICK_DEATH
            self.pause = min(LONGEST_PAUSE, max(0.25, 2 * self.pause)) if quick else 0.0
            self.fork_at = time.monotonic() + self.pause

    def free_lost(self) -> None:
        """Give back the jobs of dead workers, so that others take them at once.

        Of jobs that were claimed together the death counts as an attempt of the one in work, of
        all where none was; of none where it was we who ended the worker.
        """
        for name, at in list(self.lost.items()):
            if self.stopping:
                freed = labour.free(name, blameless=True)
            else:
                freed = labour.free(name, blameless=at is not None, at=at)
            if freed:
                tasks.wake(self.size)
            del self.lost[name]

    def kill_stuck(self) -> None:
        """Kill children whose job takes too long or who show no sign of life at all."""
        for child in self.children.values():
            at = child.pulse.at
            is_late = at is not None and child.pulse.busy > labour.SOURCES[at[0]].limit_seconds
            if at is not None and is_late:
                labour.give_up(child.name, at)
                tasks.wake()  # others of its kind may have waited for its end
                is_late = child.pulse.at == at  # else it has just come to its end by itself
            if is_late or child.pulse.age > SILENCE_SECONDS:
                log.warning("Worker %s hangs and is killed", child.pid)
                os.kill(child.pid, signal.SIGKILL)

    def wake(self) -> None:
        """Wake workers for what lies ready: its message is lost, or its pool was killed."""
        if labour.has_ready():
            tasks.wake(self.size)

    def beat(self) -> None:
        """Show that the pool is alive, and forget pools that are long gone."""
        moment = now()
        WorkerBeat.objects.update_or_create(name=self.name, defaults={"beat_at": moment})
        WorkerBeat.objects.filter(beat_at__lt=moment - STALE_BEAT).delete()

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """Let the children finish for so many seconds, kill the rest, give back what they held."""
        self.stopping = True
        for child in self.children.values():
            os.kill(child.pid, signal.SIGTERM)
        until = time.monotonic() + grace
        while self.children and time.monotonic() < until:
            self.reap()
            time.sleep(TICK_SECONDS / 2)
        for child in self.children.values():
            os.kill(child.pid, signal.SIGKILL)
        while self.children:
            self.reap()
            time.sleep(TICK_SECONDS / 10)
        Chore(self.free_lost, 0).run()
        Chore(WorkerBeat.objects.filter(name=self.name).delete, 0).run()
        connections.close_all()
