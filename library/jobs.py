"""Rows of work that is done once, however often a worker dies: states, claims, results.

The queue only wakes a worker; what there is to do, who does it and how it ended stands in the row
(docs/architecture.md, "Jobs"). A claim is one conditional UPDATE, committed before the work starts.
"""

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.utils.timezone import now

RETRY_WAITING = timedelta(seconds=10)  # how soon a job that waits for space is tried again
FULL = {errno.ENOSPC, errno.EDQUOT}
SECOND_BYTES = 192_000  # of stereo at 48 kHz and 16 bits
CHUNK_BYTES = 16_000_000  # at 48 kHz of sounds that are claimed together: about 0.2 s of work
ALONE = Value(CHUNK_BYTES)  # the weight of jobs that are claimed one by one

JobT = TypeVar("JobT", bound="Job")


class JobError(Exception):
    """The job cannot be done, and the message tells a person why."""


class NoSpaceError(Exception):
    """The disk is full: the job waits and goes on by itself once there is room."""


class WriteError(OSError):
    """The machine could not write a result; the message tells a person so."""


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


def _is_ready() -> Q:
    """Pending, or held by a worker whose lease has expired: it is gone."""
    expired = Q(state__in=[State.PROCESSING, State.WAITING], lease_until__lt=now())
    return Q(state=State.PENDING) | expired


class JobQuerySet(models.QuerySet[JobT]):
    """Rows that workers take."""

    def unfinished(self) -> "JobQuerySet[JobT]":
        """Return jobs that are not at their end."""
        return self.filter(state__in=OPEN_STATES)

    def ready(self) -> "JobQuerySet[JobT]":
        """Return jobs that a worker may take now."""
        return self.filter(_is_ready())

    def claim(self, worker: str, weight: Combinable = ALONE) -> list[JobT]:
        """Take the first ready jobs for this worker, in their order; none when there are none.

        weight: the bytes of a job's sound at 48 kHz. Of small ones up to CHUNK_JOBS are taken
        together; one that is heavy or of unknown weight is taken alone, and so is one that was
        tried before: it may kill its worker again.
        """
        rows = self.ready().values_list("pk", "attempts", weight)
        while found := list(rows.all()[: settings.CHUNK_JOBS]):
            first, attempts, _ = found[0]
            if attempts >= settings.MAX_ATTEMPTS:
                self._give_up(first)
            elif chunk := self._take(_together(found), worker):
                return chunk
        return []

    def _take(self, ids: Sequence[int], worker: str) -> list[JobT]:
        token = uuid4().hex
        moment = now()
        self.model._base_manager.filter(_is_ready(), pk__in=ids).update(
            state=State.PROCESSING,
            attempts=F("attempts") + 1,
            token=token,
            worker=worker,
            started_at=moment,
            lease_until=moment + timedelta(seconds=settings.LEASE_SECONDS),
        )
        return list(self.filter(pk__in=ids, token=token))

    def _give_up(self, row: int) -> None:
        for job in self.filter(_is_ready(), pk=row):
            why = job.error or "crashed"
            job.finish(State.FAILED, error=f"Given up after {job.attempts} tries: {why}")

    def free(self, worker: str, *, blameless: bool = False, at: int | None = None) -> int:
        """Give back at once what a dead worker held; return how many jobs that were.

        `blameless`: the attempt does not count, but for the job that the worker was `at`.
        """
        held = self.filter(state=State.PROCESSING, worker=worker)
        back = {"state": State.PENDING, "lease_until": None}
        blamed = held.filter(pk=at).update(**back) if at is not None else 0
        return blamed + held.update(**back, attempts=F("attempts") - int(blameless))


def _together(found: Sequence[tuple[int, int, float | None]]) -> list[int]:
    """Return the ids of the first jobs that are claimed at once; found: id, attempts, weight."""
    ids: list[int] = []
    total = 0.0
    for row, attempts, weight in found:
        total += weight or CHUNK_BYTES
        if ids and (attempts or total > CHUNK_BYTES):
            break
        ids.append(row)
        if attempts:
            break
    return ids


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

    def held(self, to: State) -> models.QuerySet[Any]:  # noqa: ARG002
        """Return this row, if nobody took it away since it was read and it may come into a state.

        That is any as long as it is open; kinds with a lifecycle of their own extend this.
        """
        return type(self)._base_manager.filter(pk=self.pk, token=self.token, state__in=OPEN_STATES)

    def finish(self, state: State = State.COMPLETED, **facts: Any) -> bool:
        """Write the result; False when the lease was lost and the row now belongs to another."""
        return bool(self.write([Outcome.end(self, state, **facts)]))

    def put_back(self, *, waiting: bool, error: str = "", blameless: bool = True) -> bool:
        """Return the job untouched after a fault of the machine; False when the lease was lost."""
        outcome = Outcome.back(self, waiting=waiting, error=error, blameless=blameless)
        return bool(self.write([outcome]))

    @classmethod
    def write(cls, outcomes: "Sequence[Outcome]") -> list[Any]:
        """Write what came of some jobs, all or nothing; return the jobs that still were ours.

        Kinds with more to write about a result extend this.
        """
        with transaction.atomic():
            return [outcome.job for outcome in outcomes if outcome.write()]


@dataclass(frozen=True)
class Outcome:
    """What came of one job: the fields to be written into its row."""

    job: Any
    fields: dict[str, Any]

    @classmethod
    def end(cls, job: Job, state: State = State.COMPLETED, **facts: Any) -> "Outcome":
        """The job is at its end."""
        ended = {"state": state, "finished_at": now(), "lease_until": None}
        return cls(job, {"error": "", **facts, **ended})

    @classmethod
    def back(
        cls, job: Job, *, waiting: bool = False, error: str = "", blameless: bool = True
    ) -> "Outcome":
        """The job is to be tried again: a waiting one after RETRY_WAITING, any other at once.

        The attempts of blameless ones do not count.
        """
        fields: dict[str, Any] = {
            "state": State.WAITING if waiting else State.PENDING,
            "error": error,
            "attempts": max(0, job.attempts - int(blameless)),
            "lease_until": now() + RETRY_WAITING if waiting else None,
        }
        return cls(job, fields)

    def write(self) -> bool:
        """Write it, unless somebody took the row away since it was claimed."""
        if not self.job.held(self.fields["state"]).update(**self.fields):
            return False
        for name, value in self.fields.items():
            setattr(self.job, name, value)
        return True
