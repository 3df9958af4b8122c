"""A second chance for the files of an export that failed; what is ready stays as it is."""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import now

from exports.models import Export, ExportItem
from exports.problem import BEHIND_THE_END, PATH_TOO_LONG, TOO_LONG, TOO_SHORT
from library import tasks
from library.jobs import State
from library.models import Sample

log = logging.getLogger(__name__)

NEVER = (  # what the same options can never do
    Q(error__startswith=PATH_TOO_LONG)
    | Q(error__startswith=TOO_LONG)
    | Q(error__startswith=TOO_SHORT)
    | Q(error=BEHIND_THE_END)
)
ENDED_BADLY = (State.PARTIAL, State.FAILED)
AT_ONCE = 100  # rows in one statement
FRESH = (
    "sample", "state", "attempts", "error", "token", "finished_at", "lease_until", "queued_at",
    "rev",
)  # fmt: skip


def candidates(export: Export) -> "QuerySet[ExportItem]":
    """Return the failed files whose sources are there, so that another try makes sense.

    A source counts by its content: one that was deleted and brought again is found.
    """
    there = Sample.objects.filter(
        owner=export.owner_id, sha256=OuterRef("sample_sha256"), deleted_at=None, is_missing=False
    )
    failed = export.items.filter(state=State.FAILED).exclude(NEVER)
    return failed.exclude(sample_sha256="").filter(Exists(there))


def can_retry(export: Export) -> bool:
    """Tell whether there is anything to try again."""
    can_go_on = export.state in ENDED_BADLY and export.files_removed_at is None
    return can_go_on and candidates(export).exists()


@transaction.atomic
def retry(export: Export) -> int:
    """Open an export again for its failed files, with fresh attempts; return how many.

    Files that are ready, the record of them and the place of each stay. 0 when it is still at
    work, was cancelled, or no source has come back. The workers are woken after the commit.
    """
    rows = Export.objects.select_for_update().filter(
        pk=export.pk, state__in=ENDED_BADLY, files_removed_at=None
    )
    current = rows.first()
    again = list(candidates(current)) if current else []
    if current is None or not again:
        return 0
    rows.update(
        state=State.PENDING,
        seconds_before=current.seconds or 0,
        started_at=None,
        finished_at=None,
        accepted_at=None,
        rev=F("rev") + 1,
    )
    export.refresh_from_db()
    _put_back(export, again)
    tasks.wake(len(again))
    log.info("Export %s: %s files are tried again", export.pk, len(again))
    return len(again)


def _put_back(export: Export, items: Sequence[ExportItem]) -> None:
    """Make items ready as if never tried, each with the sample that has its content now."""
    for start in range(0, len(items), AT_ONCE):
        some = items[start : start + AT_ONCE]
        samples = Sample.objects.owned_by(export.owner).kept()
        found = samples.filter(sha256__in={item.sample_sha256 for item in some})
        ids = dict(found.values_list("sha256", "pk"))
        for item in some:
            item.sample_id = ids[item.sample_sha256]
            item.state, item.attempts, item.error, item.token = State.PENDING, 0, "", ""
            item.finished_at = item.lease_until = None
            item.queued_at, item.rev = now(), export.rev
        ExportItem.objects.bulk_update(some, FRESH)


def leave_out(export: Export) -> bool:
    """Note that the export's owner does without the files that failed; False when there are none.

    It stays "completed with errors"; pages stop asking what to do.
    """
    return bool(
        Export.objects.filter(pk=export.pk, state=State.PARTIAL, accepted_at=None).update(
            accepted_at=now(), rev=F("rev") + 1
        )
    )
