"""The trash: how long sounds wait there, and what deleting them for good takes away.

A row goes first, and with it, in one transaction, a note of its content is left. Files go by these
notes: only when no sample of anybody has that content and nobody above the library needs it, and
never while they are younger than a day, for somebody may be bringing the same content just now.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import now

from library import storage
from library.jobs import State
from library.models import Analysis, Leftover, Preferences, Sample
from library.models.preferences import TRASH_DAYS

log = logging.getLogger(__name__)

YOUNG = timedelta(hours=24)
BATCH = 200  # rows in one statement; so many are deleted in one transaction
FILES_AT_ONCE = 100
ROUND_SECONDS = 600.0
SLICE_SECONDS = 2.0  # of deleting at once, for whoever waits meanwhile
GOES = datetime(1970, 1, 1, tzinfo=UTC)
GOES_FROM_PADS = datetime(1970, 1, 2, tzinfo=UTC)
"""When sounds were thrown away that are to be deleted as soon as there is time: long ago."""

Needed = Callable[[str], bool]
NEEDED_BY: list[Needed] = []


@dataclass(frozen=True)
class Emptied:
    """How many were deleted for good, stay because pads hold them, and are still to go."""

    deleted: int = 0
    on_pads: int = 0
    waiting: int = 0


def register(needed: Needed) -> None:
    """Add somebody who may still need the original file of a content (sha256)."""
    NEEDED_BY.append(needed)


def days(user: User) -> int:
    """Return how many days this person's trash keeps sounds; 0: for ever."""
    chosen = Preferences.objects.filter(user=user).values_list("trash_days", flat=True).first()
    return TRASH_DAYS if chosen is None else chosen


def held(samples: "QuerySet[Sample]") -> "QuerySet[Sample]":
    """Return those of the samples that lie on a pad of any kit."""
    return samples.filter(Exists(_pads()))


def _pads() -> "QuerySet[Sample]":
    return Sample.objects.filter(pk=OuterRef("pk"), pads__isnull=False)


def kits_of(ids: Iterable[int]) -> dict[int, list[str]]:
    """Return where these samples lie, by sample: `["A5 of Night set"]`."""
    some = list(ids)
    found: dict[int, list[str]] = {}
    for start in range(0, len(some), BATCH):
        held = Sample.objects.filter(pk__in=some[start : start + BATCH], pads__isnull=False)
        rows = held.order_by("pads__kit__name", "pads__kit", "pads__bank", "pads__number")
        for pk, bank, number, kit in rows.values_list(
            "pk", "pads__bank", "pads__number", "pads__kit__name"
        ):
            found.setdefault(pk, []).append(f"{bank}{number} of {kit}")
    return found


def warning(ids: Iterable[int]) -> str:
    """Return in a sentence which kits miss these samples from now on; nothing if none does."""
    some = list(ids)
    names: dict[int, str] = {}
    pads = 0
    for start in range(0, len(some), BATCH):
        rows = Sample.objects.filter(pk__in=some[start : start + BATCH], pads__isnull=False)
        for kit, name in rows.values_list("pads__kit", "pads__kit__name"):
            names[kit] = name
            pads += 1
    if not pads:
        return ""
    kits = sorted(names.values(), key=str.casefold)
    told = ", ".join(kits[:3]) + (f" and {len(kits) - 3} more" if len(kits) > 3 else "")  # noqa: PLR2004
    which, stay = ("pad", "plays") if pads == 1 else ("pads", "play")
    return f"{pads} {which} in {told} {stay} nothing until they are put back."


def waiting(user: User) -> "QuerySet[Sample]":
    """Return what lies in a person's trash and may be put back."""
    return Sample.objects.owned_by(user).filter(deleted_at__gt=GOES_FROM_PADS)


def going(user: User) -> "QuerySet[Sample]":
    """Return what a person has deleted for good and is still being deleted."""
    return Sample.objects.owned_by(user).filter(deleted_at__lte=GOES_FROM_PADS)


def _condemned() -> "QuerySet[Sample]":
    """Return what people have deleted for good and nothing needs just now."""
    rows = Sample.objects.filter(owner__in=User.objects.all())  # all indices begin with the owner
    left = Q(deleted_at=GOES) & ~Exists(_pads())
    return _idle(rows.filter(left | Q(deleted_at=GOES_FROM_PADS)))


def overdue() -> "QuerySet[Sample]":
    """Return samples that have waited longer than their owners want and lie on no pad."""
    wanted = set(Preferences.objects.values_list("trash_days", flat=True).distinct()) - {0}
    old = Q(owner__preferences=None, deleted_at__lt=_ago(TRASH_DAYS))
    for count in sorted(wanted):
        old |= Q(owner__preferences__trash_days=count, deleted_at__lt=_ago(count))
    return _free(Sample.objects.trashed().filter(old))


def _ago(count: int) -> datetime:
    return now() - timedelta(days=count)


def _free(samples: "QuerySet[Sample]") -> "QuerySet[Sample]":
    """Return those that nothing holds: neither a pad nor a worker that measures them just now."""
    return _idle(samples).filter(~Exists(_pads()))


def _idle(samples: "QuerySet[Sample]") -> "QuerySet[Sample]":
    """Return those that no worker measures just now."""
    measured = Analysis.objects.filter(sample=OuterRef("pk"), state=State.PROCESSING)
    return samples.filter(~Exists(measured))


def empty(user: User, ids: Iterable[int] | None = None, *, from_pads: bool = False) -> Emptied:
    """Delete a person's trash, or some of it, for good.

    What lies on pads stays, unless `from_pads`; the pads then keep only its name. What takes longer
    than a slice is left to the supervisor.
    """
    mine = waiting(user)
    if ids is not None:
        mine = mine.filter(pk__in=list(ids))
    kept = 0 if from_pads else held(mine).count()
    chosen = _idle(mine) if from_pads else _free(mine)
    until = time.monotonic() + SLICE_SECONDS
    deleted, rest = delete(chosen, until), 0
    if time.monotonic() >= until:
        rest = chosen.update(deleted_at=GOES_FROM_PADS if from_pads else GOES)
    sweep_files()
    return Emptied(deleted, kept, rest)


def delete(samples: "QuerySet[Sample]", until: float = inf) -> int:
    """Delete rows for good, each with a note of its content; return how many those were.

    until: when to stop, by the monotonic clock; some go in any case. Somebody may put one back
    meanwhile: what is no longer in the trash stays.
    """
    total = 0
    while found := list(samples.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            rows = Sample.objects.trashed().filter(pk__in=found)
            notes = [Leftover(sha256=digest) for digest in rows.values_list("sha256", flat=True)]
            Leftover.objects.bulk_create(notes, ignore_conflicts=True)
            rows.delete()
        total += len(notes)
        if not notes or time.monotonic() >= until:
            break
    if total:
        log.info("%s sounds deleted for good", total)
    return total


def sweep_files(after: int = 0) -> int:
    """Remove files of content that nobody has any more, some at a time.

    after: the note that was looked at last. Returns the last one of this time, 0 at the end.
    """
    notes = list(Leftover.objects.filter(pk__gt=after).order_by("pk")[:FILES_AT_ONCE])
    last = notes[-1].pk if len(notes) == FILES_AT_ONCE else 0
    for note in notes:
        _forget(note)
    return last


@transaction.atomic
def _forget(note: Leftover) -> None:
    """Remove the files of one content, unless it is needed or still young."""
    content = Sample(sha256=note.sha256)
    if not Leftover.objects.select_for_update().filter(pk=note.pk):
        return
    if not Sample.objects.filter(sha256=note.sha256).exists():
        if any(needed(note.sha256) for needed in NEEDED_BY):
            return
        for name in (content.preview, content.peaks, content.blob):
            if not storage.discard(name, older_than=now() - YOUNG):
                return
    note.delete()


class Rounds:
    """When the supervisor looks through the trash, and how far it is with the files."""

    def __init__(self) -> None:
        self.next = 0.0
        self.after = 0

    def go(self) -> None:
        """Look now and then what has waited long enough; remove some files each time."""
        until = time.monotonic() + SLICE_SECONDS
        delete(_condemned(), until)
        if not self.after:
            if time.monotonic() < self.next:
                return
            delete(overdue(), until)
            moment = time.monotonic()
            self.next = moment + (ROUND_SECONDS if moment < until else 0)
        self.after = sweep_files(self.after)


rounds = Rounds()


def sweep() -> None:
    """Delete what has waited long enough, and the files that nobody needs any more."""
    rounds.go()
