"""Generations that are old enough go with their files, and so do files that no row has any more.

Samples stay: they have files of their own. Rows go first, their files after them, so that no row
ever points at a file that is not there; what a crash leaves between the two, a sweep finds.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from library import dated
from library.dated import DatedFiles, Entry
from library.jobs import State
from library.models import Generation

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


def purge(days: int, *, dry_run: bool = False) -> Purged:
    """Delete generations that ended more than so many days ago, with their files.

    Files of days before that which belong to no row go as well. dry_run: only tell what would.
    """
    limit = now() - timedelta(days=days)
    # The first condition is the one that an index serves.
    old = Q(created_at__lt=limit, finished_at__lt=limit, state__in=ENDED)
    rows = Generation.objects.filter(old).order_by("created_at", "id")
    files, gone = DatedFiles(), Purged()
    if dry_run:
        gone.generations = rows.count()
        held = rows.exclude(audio_file="").values_list("audio_file", flat=True)
        gone.files = [*held.iterator(), *files.delete_older_than(days, dry_run=True)]
        return gone
    while found := list(rows[:BATCH]):
        with transaction.atomic():
            count, _ = Generation.objects.filter(old, pk__in=[row.pk for row in found]).delete()
        gone.generations += count
        names = [str(row.audio_file) for row in found if row.audio_file]
        gone.files += [name for name in names if files.delete(name)]
    gone.files += files.delete_older_than(days)
    files.remove_empty_folders()
    return gone


class Rounds:
    """How far the supervisor is with looking for files that no row has; some each time."""

    def __init__(self) -> None:
        self.next = 0.0
        self.entries: Iterator[Entry] | None = None

    def go(self) -> None:
        """Look at some files; when all were seen, rest until it is time for another round."""
        if self.entries is None:
            if time.monotonic() < self.next:
                return
            self.entries = DatedFiles().between()
        names = [entry.name for entry in islice(self.entries, BATCH)]
        kept = dated.needed(names)
        for name in names:
            if name not in kept and DatedFiles().delete(name, older_than=now() - YOUNG):
                log.info("Removed a file that no generation has: %s", name)
        if len(names) < BATCH:
            DatedFiles().remove_empty_folders()
            self.entries = None
            self.next = time.monotonic() + ROUND_SECONDS


rounds = Rounds()


def sweep() -> None:
    """Remove some of the files that no row has any more."""
    rounds.go()
