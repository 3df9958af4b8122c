"""Kinds of jobs, and how a worker does them: claimed together, one by one, written together."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Min, QuerySet
from django.db.models.expressions import Combinable
from django.utils.timezone import now

from library import pulse
from library.jobs import (
    ALONE,
    FULL,
    GoOn,
    Job,
    JobError,
    JobQuerySet,
    NoSpaceError,
    Outcome,
    State,
    WriteError,
)

log = logging.getLogger(__name__)

NOT_NOW = "The machine could not do this just now."
TOO_LONG = "Took longer than"
RENEW_SECONDS = 5
WRITE_SECONDS = 0.2  # of work, then what is done is written and seen


def renew(chunk: Sequence[Job]) -> int:
    """Prolong the lease of jobs that were claimed together; return how many still were ours."""
    return _held(chunk).update(lease_until=now() + timedelta(seconds=settings.LEASE_SECONDS))


def _held(chunk: Sequence[Job]) -> QuerySet[Any]:
    """Return the rows of jobs that were claimed together, as far as they still are ours."""
    return type(chunk[0])._base_manager.filter(
        pk__in=[job.pk for job in chunk], token=chunk[0].token, state=State.PROCESSING
    )


@contextmanager
def lease(chunk: Sequence[Job]) -> Iterator[None]:
    """Keep the lease of jobs that were claimed together fresh from a thread while work goes on."""
    done = threading.Event()

    def keep() -> None:
        try:
            while not done.wait(RENEW_SECONDS):
                try:
                    renew(chunk)
                except (OperationalError, InterfaceError):
                    log.warning("Could not renew the lease of %s", chunk)
        finally:
            connection.close()

    thread = threading.Thread(target=keep, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def run(source: "Source", chunk: Sequence[Any]) -> None:
    """Do claimed jobs one by one; what came of them is written in one transaction.

    Where they take longer it is written in between, and those that are no longer ours, like
    cancelled ones, are left out from then on. The mark of the last job stays until its result is
    written, so that a death on the way there is counted as well.
    """
    with lease(chunk):
        source.before(chunk)
        while chunk:
            outcomes = _attempts(source, chunk)
            chunk[0].write(outcomes)
            source.after([outcome.job for outcome in outcomes])
            chunk = _still_ours(chunk[len(outcomes) :])
    pulse.mine.rest()


def _attempts(source: "Source", chunk: Sequence[Job]) -> list[Outcome]:
    """Do the first jobs of a chunk, at least one, until it is time to write."""
    until = time.monotonic() + WRITE_SECONDS
    outcomes: list[Outcome] = []
    for job in chunk:
        pulse.mine.begin((SOURCES.index(source), int(job.pk)))
        outcomes.append(_attempt(job, source.act))
        if time.monotonic() >= until:
            break
    return outcomes


def _still_ours(chunk: Sequence[Job]) -> list[Job]:
    if not chunk:
        return []
    ours = set(_held(chunk).values_list("pk", flat=True))
    return [job for job in chunk if job.pk in ours]


def _attempt(job: Job, act: Callable[[Any], dict[str, Any]]) -> Outcome:
    """Do one job: `act(job)` returns the facts to store, or raises JobError with the reason.

    GoOn gives a long job back for its next slice. A fault of the machine (full disk, database
    away) puts the job back without counting the attempt and never marks the file as bad. Too
    little memory and a failing disk count: they may be this file's, and other jobs must go on.
    """
    try:
        return Outcome.end(job, **act(job))
    except GoOn:
        return Outcome.back(job)
    except JobError as reason:
        return Outcome.end(job, State.FAILED, error=str(reason))
    except (NoSpaceError, MemoryError, OperationalError, InterfaceError, OSError) as fault:
        return _after_fault(job, fault)
    except Exception:
        log.exception("%s %s failed", job._meta.label, job.pk)
        return Outcome.end(
            job, State.FAILED, error="A fault of the program stopped this. The log has details."
        )


def _after_fault(job: Job, fault: Exception) -> Outcome:
    """Return what a fault of the machine means for the job it hit."""
    if isinstance(fault, NoSpaceError):
        return Outcome.back(job, waiting=True, error=str(fault))
    if isinstance(fault, OSError) and fault.errno in FULL:
        return Outcome.back(job, waiting=True, error="Not enough disk space.")
    log.error("%s %s met a fault of the machine", job._meta.label, job.pk, exc_info=fault)
    return Outcome.back(
        job,
        waiting=True,
        error=str(fault) if isinstance(fault, WriteError) else NOT_NOW,
        blameless=not isinstance(fault, MemoryError | OSError),
    )


def _nothing(_jobs: Iterable[Any]) -> None:
    """Stand for a step that a kind of job does not need."""


@dataclass(frozen=True)
class Crew:
    """The workers of one pool: how their names begin, and how many they are."""

    prefix: str
    size: int


crew: Crew | None = None
"""That of this process, where it is a worker of a pool."""


@dataclass(frozen=True)
class Source:
    """One kind of job: where its rows are and what to do with them.

    weight: see `JobQuerySet.claim`. before: what is done once for jobs claimed together.
    after: what follows when their results are written, e.g. closing the export.
    """

    priority: int  # lower is sooner
    name: str
    rows: Callable[[], JobQuerySet[Any]]
    act: Callable[[Any], dict[str, Any]]
    weight: Combinable = ALONE
    before: Callable[[Sequence[Any]], None] = _nothing
    after: Callable[[Sequence[Any]], None] = _nothing
    sweep: Callable[[], None] | None = None  # what the reaper does every few seconds
    seconds: int | None = None  # that one job may take; ITEM_SECONDS unless told otherwise
    is_long: bool = False  # its jobs leave a worker of each pool free for what is urgent

    @property
    def limit_seconds(self) -> int:
        """Return how long one job may take before it is given up."""
        return self.seconds or settings.ITEM_SECONDS

    def take(self, worker: str) -> list[Any]:
        """Claim jobs for this worker; none of long ones while all but one of its pool have some.

        That is a courtesy: two workers that look in the same moment may both take one.
        """
        rows = self.rows()
        if self.is_long and crew is not None:
            held = rows.filter(state=State.PROCESSING, worker__startswith=crew.prefix)
            if held.filter(lease_until__gte=now()).count() >= max(1, crew.size - 1):
                return []
        return rows.claim(worker, self.weight)


SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Add a kind of job; apps call this when they are ready."""
    SOURCES.append(source)
    SOURCES.sort(key=lambda known: known.priority)


def work_once(worker: str) -> int:
    """Claim and do the most urgent jobs; return how many were claimed."""
    for source in SOURCES:
        if chunk := source.take(worker):
            run(source, chunk)
            return len(chunk)
    return 0


def work_at(name: str, worker: str, **only: Any) -> int:
    """Claim and do jobs of the kind of this name, of certain rows; return how many were claimed."""
    source = next(source for source in SOURCES if source.name == name)
    chunk = source.rows().filter(**only).claim(worker, source.weight)
    if chunk:
        run(source, chunk)
    return len(chunk)


def has_ready() -> bool:
    """Tell whether any job waits for a worker."""
    return any(source.rows().ready().exists() for source in SOURCES)


def oldest_ready() -> datetime | None:
    """Return when the job that has waited longest was queued, or None when nothing waits."""
    moments = (source.rows().ready().aggregate(at=Min("queued_at"))["at"] for source in SOURCES)
    return min((moment for moment in moments if moment is not None), default=None)


def free(worker: str, *, blameless: bool = False, at: pulse.At | None = None) -> int:
    """Give back all that a dead worker held; return how many jobs that were.

    `blameless`: no attempt counts but that of the job which the worker was `at`.
    """
    kind, row = at or (None, None)
    return sum(
        source.rows().free(worker, blameless=blameless, at=row if place == kind else None)
        for place, source in enumerate(SOURCES)
    )


def give_up(worker: str, at: pulse.At) -> None:
    """Fail the job that this worker is at for too long, unless it has ended meanwhile.

    The result is written first: whoever kills the worker then finds nothing of it to give back,
    and a worker that ends in the same moment keeps its own result.
    """
    source = SOURCES[at[0]]
    error = f"{TOO_LONG} {source.limit_seconds} s and was given up."
    for job in source.rows().filter(pk=at[1], worker=worker, state=State.PROCESSING):
        if job.finish(State.FAILED, error=error):
            log.error("%s %s took too long and was given up", job._meta.label, job.pk)
            source.after([job])


def sweep() -> None:
    """Mend what a crash left open; safe to run at any time."""
    for source in SOURCES:
        if source.sweep is not None:
            source.sweep()
