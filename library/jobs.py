"""Work that is done once per row, however often a worker dies: states, claims, leases, results.

The queue only wakes a worker; what there is to do, who does it and how it ended stands in the row
(docs/architecture.md, "Jobs"). A claim is one conditional UPDATE, committed before the work starts.
"""

import errno
import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, models
from django.db.models import F, Min, Q
from django.utils.timezone import now

log = logging.getLogger(__name__)

RETRY_WAITING = timedelta(seconds=10)  # how soon a job that waits for space is tried again
FULL = {errno.ENOSPC, errno.EDQUOT}
RENEW_SECONDS = 5

JobT = TypeVar("JobT", bound="Job")


class JobError(Exception):
    """The job cannot be done, and the message tells a person why."""


class NoSpaceError(Exception):
    """The disk is full: the job waits and goes on by itself once there is room."""


class GoOn(Exception):  # noqa: N818 - no error
    """A long job has done a slice of its work and wants another turn, which counts nothing."""


class State(models.TextChoices):
    """The same words for every kind of job."""

    PENDING = "pending", "Pending"
    PROCESSING = "processing", "Processing"
    WAITING = "waiting", "Waiting for disk space"
    COMPLETED = "completed", "Completed"
    PARTIAL = "partial", "Completed with errors"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


OPEN_STATES = (State.PENDING, State.PROCESSING, State.WAITING)


class JobQuerySet(models.QuerySet[JobT]):
    """Rows that workers take, one at a time."""

    def unfinished(self) -> "JobQuerySet[JobT]":
        """Return jobs that are not at their end."""
        return self.filter(state__in=OPEN_STATES)

    def ready(self) -> "JobQuerySet[JobT]":
        """Return jobs that a worker may take now; an expired lease means its worker is gone."""
        expired = Q(state__in=[State.PROCESSING, State.WAITING], lease_until__lt=now())
        return self.filter(Q(state=State.PENDING) | expired)

    def claim(self, worker: str) -> JobT | None:
        """Take the first ready job for this worker, or return None when there is none."""
        while (found := self.ready().first()) is not None:
            if found.attempts >= settings.MAX_ATTEMPTS:
                why = found.error or "crashed"
                found.finish(State.FAILED, error=f"Given up after {found.attempts} tries: {why}")
                continue
            moment = now()
            token = uuid4().hex
            taken = self.model._base_manager.filter(
                pk=found.pk, state=found.state, token=found.token
            ).update(
                state=State.PROCESSING,
                attempts=F("attempts") + 1,
                token=token,
                worker=worker,
                started_at=moment,
                lease_until=moment + timedelta(seconds=settings.LEASE_SECONDS),
            )
            if taken:
                found.refresh_from_db()
                return found
        return None

    def free(self, worker: str, *, blameless: bool = False) -> int:
        """Give back at once what a dead worker held; return how many jobs that were.

        `blameless`: the worker was stopped by us, so the attempt does not count.
        """
        return self.filter(state=State.PROCESSING, worker=worker).update(
            state=State.PENDING, lease_until=None, attempts=F("attempts") - int(blameless)
        )

    def overdue(self) -> "JobQuerySet[JobT]":
        """Return jobs whose worker has been at them longer than one item may take."""
        limit = now() - timedelta(seconds=settings.ITEM_SECONDS)
        return self.filter(state=State.PROCESSING, started_at__lt=limit)


class Job(models.Model):
    """The state of one piece of work: who holds it, until when, how often it was tried."""

    state = models.CharField(max_length=10, choices=State, default=State.PENDING, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    token = models.CharField(max_length=32, blank=True, editable=False)
    worker = models.CharField(max_length=80, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    queued_at = models.DateTimeField(default=now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    error = models.TextField(blank=True, editable=False)

    class Meta:
        """Abstract: each kind of job has its own table."""

        abstract = True

    @property
    def is_open(self) -> bool:
        """Tell whether there is still something to do."""
        return self.state in OPEN_STATES

    def _held(self) -> models.QuerySet[Any]:
        """Return this row, if nobody took it away since it was read."""
        return type(self)._base_manager.filter(pk=self.pk, token=self.token, state__in=OPEN_STATES)

    def finish(self, state: State = State.COMPLETED, **facts: Any) -> bool:
        """Write the result; False when the lease was lost and the row now belongs to another."""
        facts = {
            "error": "",
            **facts,
            "state": state,
            "finished_at": now(),
            "lease_until": None,
        }
        if not self._held().update(**facts):
            return False
        for name, value in facts.items():
            setattr(self, name, value)
        return True

    def put_back(self, *, waiting: bool, error: str = "", blameless: bool = True) -> bool:
        """Return the job untouched after a fault of the machine; blameless ones do not count.

        A waiting job is ready again after RETRY_WAITING, any other at once.
        """
        return bool(
            self._held().update(
                state=State.WAITING if waiting else State.PENDING,
                error=error,
                attempts=F("attempts") - int(blameless),
                lease_until=now() + RETRY_WAITING if waiting else None,
            )
        )

    def renew(self) -> bool:
        """Prolong the lease; False when it was lost."""
        until = now() + timedelta(seconds=settings.LEASE_SECONDS)
        return bool(self._held().filter(state=State.PROCESSING).update(lease_until=until))


@contextmanager
def lease(job: Job) -> Iterator[None]:
    """Keep the job's lease fresh from a thread while its work goes on."""
    done = threading.Event()

    def keep() -> None:
        try:
            while not done.wait(RENEW_SECONDS):
                try:
                    job.renew()
                except (OperationalError, InterfaceError):
                    log.warning("Could not renew the lease of %s %s", job._meta.label, job.pk)
        finally:
            connection.close()

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def run(job: Job, act: Callable[[Any], dict[str, Any]]) -> None:
    """Do a claimed job: `act(job)` returns the facts to store, or raises JobError with the reason.

    GoOn gives a long job back for its next slice. A fault of the machine (full disk, database
    away) puts the job back without counting the attempt and never marks the file as bad. Too
    little memory and a failing disk count: they may be this file's, and other jobs must go on.
    """
    try:
        with lease(job):
            facts = act(job)
    except GoOn:
        job.put_back(waiting=False)
    except JobError as reason:
        job.finish(State.FAILED, error=str(reason))
    except (NoSpaceError, MemoryError, OperationalError, InterfaceError, OSError) as fault:
        _after_fault(job, fault)
    except Exception:
        log.exception("%s %s failed", job._meta.label, job.pk)
        job.finish(
            State.FAILED,
            error="A fault of the program stopped this. The log has details.",
        )
    else:
        job.finish(**facts)


def _after_fault(job: Job, fault: Exception) -> None:
    """Write down what a fault of the machine means for the job it hit."""
    if isinstance(fault, NoSpaceError):
        job.put_back(waiting=True, error=str(fault))
        return
    if isinstance(fault, OSError) and fault.errno in FULL:
        job.put_back(waiting=True, error="Not enough disk space.")
        return
    log.error("%s %s met a fault of the machine", job._meta.label, job.pk, exc_info=fault)
    job.put_back(
        waiting=True,
        error="The machine could not do this just now.",
        blameless=not isinstance(fault, MemoryError | OSError),
    )


@dataclass(frozen=True)
class Source:
    """One kind of job: where its rows are and what to do with one of them."""

    priority: int  # lower is sooner
    name: str
    rows: Callable[[], "JobQuerySet[Any]"]
    act: Callable[[Any], dict[str, Any]]
    after: Callable[[Any], None] | None = None  # e.g. close the export when its last item is done
    sweep: Callable[[], None] | None = None  # what the reaper does every few seconds


SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Add a kind of job; apps call this when they are ready."""
    SOURCES.append(source)
    SOURCES.sort(key=lambda known: known.priority)


def work_once(worker: str) -> bool:
    """Claim and do the most urgent job; False when there is none."""
    for source in SOURCES:
        job = source.rows().claim(worker)
        if job is not None:
            run(job, source.act)
            if source.after is not None:
                source.after(job)
            return True
    return False


def has_ready() -> bool:
    """Tell whether any job waits for a worker."""
    return any(source.rows().ready().exists() for source in SOURCES)


def oldest_ready() -> datetime | None:
    """Return when the job that has waited longest was queued, or None when nothing waits."""
    moments = (source.rows().ready().aggregate(at=Min("queued_at"))["at"] for source in SOURCES)
    return min((moment for moment in moments if moment is not None), default=None)


def free(worker: str, *, blameless: bool = False) -> int:
    """Give back all that a dead worker held; return how many jobs that were."""
    return sum(source.rows().free(worker, blameless=blameless) for source in SOURCES)


def give_up_overdue(workers: Collection[str]) -> set[str]:
    """Fail the jobs that these workers are at for too long; return the workers to be killed.

    The result is written first: whoever kills the worker then finds nothing to give back, and a
    worker that ends in the same moment keeps its own result.
    """
    stuck = set()
    error = f"Took longer than {settings.ITEM_SECONDS} s and was given up."
    for source in SOURCES:
        for job in source.rows().overdue().filter(worker__in=workers):
            if job.finish(State.FAILED, error=error):
                stuck.add(job.worker)
                if source.after is not None:
                    source.after(job)
    return stuck


def sweep() -> None:
    """Mend what a crash left open; safe to run at any time."""
    for source in SOURCES:
        if source.sweep is not None:
            source.sweep()
