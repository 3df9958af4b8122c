"""Hear sounds again: queue those that an older analyser heard, and tell how far that is.

The rows are the plan: a sound is outdated while its analysis is of an older version, so a run that
is cut short loses nothing, and the next one takes up what is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now

from library import tasks
from library.jobs import OPEN_STATES, State
from library.models import Analysis, Sample

BATCH = 1000  # rows in one statement: others write meanwhile
AFRESH = {"attempts": 0, "error": "", "finished_at": None, "lease_until": None}


@dataclass(frozen=True)
class Progress:
    """How many of the sounds are heard by this version, could not be, and still wait."""

    total: int
    done: int
    failed: int

    @property
    def left(self) -> int:
        """Return how many a worker still has to look at."""
        return self.total - self.done - self.failed


def of(owner: User | None = None) -> "QuerySet[Analysis]":
    """Return the analyses of one person's sounds, or of everybody's."""
    rows = Analysis.objects.exclude(sample__is_missing=True)
    return rows if owner is None else rows.filter(sample__owner=owner)


def outdated(rows: "QuerySet[Analysis]") -> "QuerySet[Analysis]":
    """Return those that an older version made, or that could not be made by any."""
    return rows.filter(version__lt=Analysis.VERSION)


def forget(rows: "QuerySet[Analysis]") -> None:
    """Take all of them for outdated; what has been heard stays until it is heard again."""
    for ids in _batches(rows.filter(version__gt=0)):
        Analysis.objects.filter(pk__in=ids).update(version=0)


def queue(rows: "QuerySet[Analysis]") -> int:
    """Put these back into the queue, whatever came of them; return how many that were.

    Those that wait already or are at work stay where they are, and are counted as well.
    """
    count = 0
    for ids in _batches(rows):
        some = Analysis.objects.filter(pk__in=ids)
        some.exclude(state__in=OPEN_STATES).update(state=State.PENDING, queued_at=now(), **AFRESH)
        count += len(ids)
        tasks.wake(settings.WORKERS)
    return count


def queue_samples(samples: "QuerySet[Sample]") -> int:
    """Put the analyses of these sounds back into the queue."""
    return queue(Analysis.objects.filter(sample__in=samples.order_by().values("pk")))


def progress(rows: "QuerySet[Analysis]", total: int) -> Progress:
    """Count how far the queued ones are; total: how many were queued."""
    counts = outdated(rows).aggregate(
        waiting=Count("pk", filter=Q(state__in=OPEN_STATES)),
        failed=Count("pk", filter=Q(state=State.FAILED)),
    )
    done = max(0, total - counts["waiting"] - counts["failed"])
    return Progress(total, done, min(counts["failed"], total))


def _batches(rows: "QuerySet[Analysis]") -> Iterator[list[int]]:
    """Yield the ids, each once, in their order; rows may leave the query meanwhile."""
    last = 0
    while ids := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]
