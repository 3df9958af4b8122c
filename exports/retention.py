"""How long the files of exports are kept: the record stays, the converted files go.

Originals are never touched. A converted file is shared by all exports that need the same bytes,
so it goes only when the last of them has let go of it.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import now

from exports.models import WITH_FILES, Export, ExportItem, Render, SheetPage
from exports.share import ShareLink
from library.models import Preferences

log = logging.getLogger(__name__)

UNUSED_FOR = timedelta(hours=24)  # then a file that no export points at is removed
IN_WORK = timedelta(seconds=3 * settings.ITEM_SECONDS)  # a worker may be about to point at it
AT_ONCE = 100
ROUND_SECONDS = 600.0


@dataclass(frozen=True)
class Purged:
    """What a clean-up removed, or would remove."""

    exports: int = 0
    renders: int = 0
    bytes: int = 0

    def __add__(self, other: "Purged") -> "Purged":
        """Count two of them together."""
        return Purged(
            self.exports + other.exports, self.renders + other.renders, self.bytes + other.bytes
        )


def purge(
    older_than: timedelta | None = None, owner: User | None = None, *, dry_run: bool = False
) -> Purged:
    """Remove the files of exports that ended long ago and return what that was.

    older_than: by default each owner's preference decides, and exports behind a link that still
    works are spared. owner: only this person's. dry_run: nothing is removed. Files younger than
    a day are left to the sweep.
    """
    due = overdue(older_than, owner)
    if dry_run:
        return _would_go(due)
    total = Purged()
    while found := list(due.order_by("finished_at")[:AT_ONCE]):
        for export in found:
            total += remove_files(export, unused_for=UNUSED_FOR)
    return total


def overdue(older_than: timedelta | None = None, owner: User | None = None) -> "QuerySet[Export]":
    """Return the exports whose files are to be removed; arguments as for `purge`."""
    kept = Export.objects.filter(state__in=WITH_FILES, files_removed_at=None)
    if owner is not None:
        kept = kept.filter(owner=owner)
    if older_than is not None:
        return kept.filter(finished_at__lt=now() - older_than)
    link = ShareLink.objects.live().filter(export=OuterRef("pk"))
    return kept.filter(_by_preference()).exclude(Exists(link))


def _by_preference() -> Q:
    """Return the condition that an export is older than its owner wants; 0 days are for ever."""
    usual = Preferences.retention_days.field.default
    wanted = set(Preferences.objects.values_list("retention_days", flat=True).distinct()) - {0}
    old = Q(pk__in=[])
    for days in sorted(wanted):
        old |= Q(owner__preferences__retention_days=days, finished_at__lt=_ago(days))
    return old | Q(owner__preferences=None, finished_at__lt=_ago(usual))


def _ago(days: int) -> datetime:
    return now() - timedelta(days=days)


def _would_go(due: "QuerySet[Export]") -> Purged:
    """Count what `purge` would remove: files that only these exports point at."""
    theirs, others = _pointing(export__in=due), _pointing(~Q(export__in=due))
    gone = Render.objects.filter(theirs, ~others, made_at__lt=now() - UNUSED_FOR)
    sums = gone.aggregate(count=Count("pk"), size=Sum("size_bytes"))
    return Purged(due.count(), sums["count"], sums["size"] or 0)


def _pointing(*which: Q, **more: object) -> Q:
    """Return the condition that a file of such exports, or a page of their sheets, points at it."""
    return Q(Exists(ExportItem.objects.filter(*which, render=OuterRef("pk"), **more))) | Q(
        Exists(SheetPage.objects.filter(*which, render=OuterRef("pk"), **more))
    )


def remove_files(export: Export, *, unused_for: timedelta = IN_WORK) -> Purged:
    """Let go of an export's files and remove those that nobody else needs; its record stays.

    unused_for: younger files are left to the sweep. Nothing happens while it is still at work.
    """
    with transaction.atomic():
        is_mine = Export.objects.filter(
            pk=export.pk, state__in=WITH_FILES, files_removed_at=None
        ).update(files_removed_at=now(), rev=F("rev") + 1)
        if not is_mine:
            return Purged()
        items = export.items.exclude(render=None)
        renders = set(items.values_list("render_id", flat=True))
        pages = export.sheet_pages.exclude(render=None)
        renders |= set(pages.values_list("render_id", flat=True))
        items.update(render=None)
        pages.update(render=None)
    log.info("Export %s: files cleared", export.pk)
    sizes = [size for row in sorted(renders) if (size := forget(row, unused_for)) is not None]
    return Purged(1, len(sizes), sum(sizes))


@transaction.atomic
def forget(render_id: int, unused_for: timedelta = UNUSED_FOR) -> int | None:
    """Remove one converted file, row and file together; return its bytes.

    None when an export points at it or somebody took it up lately. The write lock of the DELETE
    holds a worker off that wants to use it again (`render.find`); the worker then finds no row
    and makes the file anew.
    """
    old = Render.objects.filter(pk=render_id, made_at__lt=now() - unused_for)
    old = old.filter(items=None, sheet_pages=None)
    gone = old.select_for_update().first() if old.exists() else None
    if gone is None:
        return None
    gone.delete()
    default_storage.delete(gone.path)
    return gone.size_bytes


def sweep() -> None:
    """Remove some files that no export points at; now and then clear what is older than wanted."""
    unused = Render.objects.filter(made_at__lt=now() - UNUSED_FOR).exclude(_pointing())
    for render_id in list(unused.values_list("pk", flat=True)[:AT_ONCE]):
        forget(render_id)
    for export in list(rounds.due()):
        remove_files(export, unused_for=UNUSED_FOR)


class Rounds:
    """When the supervisor looks for overdue exports: often only while there are many."""

    def __init__(self) -> None:
        self.next = 0.0

    def due(self) -> Iterator[Export]:
        """Give the next overdue exports; none until it is time to look again."""
        if time.monotonic() < self.next:
            return
        found = list(overdue().order_by("finished_at")[:AT_ONCE])
        if len(found) < AT_ONCE:
            self.next = time.monotonic() + ROUND_SECONDS
        yield from found


rounds = Rounds()
