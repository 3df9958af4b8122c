"""Generations that are old enough go with their files, and so do files that no row has any more.

Samples stay: they have files of their own. Rows go first, their files after them, so that no row
ever points at a file that is not there; what a crash leaves between the two, a sweep finds. It
looks at what this database has noted as made, and never takes a file only because no row has it:
after a reset all of them are such files, until the copy is put back.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from library import dated
from library.dated import DatedFiles
from library.jobs import State
from library.models import Generation, MadeFile

log = logging.getLogger(__name__)

BATCH = 200  # rows or files at once
YOUNG = timedelta(hours=24)  # a file younger than that stays whatever is known of it
ROUND_SECONDS = 600.0
ENDED = (State.COMPLETED, State.FAILED)


@dataclass
class Purged:
    """How many generations went, and the names of all files that did."""

    generations: int = 0
    files: list[str] = field(default_factory=list)


def purge(days: int, *, strays: bool = False, dry_run: bool = False) -> Purged:
    """Delete generations that ended more than so many days ago, with their files.

    strays: also files of days before that which no row has, whosever they are. dry_run: only tell
    what would go. Raises ValueError for a number below 0.
    """
    limit = now() - dated.age(days)
    # The first condition is the one that an index serves.
    old = Q(created_at__lt=limit, finished_at__lt=limit, state__in=ENDED)
    rows = Generation.objects.filter(old).order_by("created_at", "id")
    files, gone = DatedFiles(), Purged()
    if dry_run:
        gone.generations = rows.count()
        held = rows.exclude(audio_file="").values_list("audio_file", flat=True)
        gone.files = list(held.iterator())
        if strays:
            gone.files += files.delete_older_than(days, dry_run=True)
        return gone
    while found := list(rows[:BATCH]):
        with transaction.atomic():
            count, _ = Generation.objects.filter(old, pk__in=[row.pk for row in found]).delete()
        gone.generations += count
        names = [str(row.audio_file) for row in found if row.audio_file]
        gone.files += [name for name in names if files.delete(name)]
    if strays:
        gone.files += files.delete_older_than(days)
    files.remove_empty_folders()
    return gone


class Rounds:
    """How far the supervisor is with the notes of files, and which no row has; some each time."""

    def __init__(self) -> None:
        self.next = 0.0
        self.after = 0  # the note that was looked at last

    def go(self) -> None:
        """Look at some notes; when all were seen, rest until it is time for another round."""
        if not self.after and time.monotonic() < self.next:
            return
        notes = list(MadeFile.objects.filter(pk__gt=self.after)[:BATCH])
        kept = dated.needed([known.name for known in notes])
        for name in [known.name for known in notes if known.name not in kept]:
            if DatedFiles().delete(name, older_than=now() - YOUNG):
                log.info("Removed a file that no generation has: %s", name)
        self.after = notes[-1].pk if len(notes) == BATCH else 0
        if not self.after:
            DatedFiles().remove_empty_folders()
            self.next = time.monotonic() + ROUND_SECONDS


rounds = Rounds()


def sweep() -> None:
    """Remove some of the files that no row has any more."""
    rounds.go()
