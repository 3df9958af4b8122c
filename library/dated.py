"""The sounds that models made, by the day they were asked for: `2026/11/21/<id>.wav`.

Only Django's storage API is used, so that a disk and a bucket behave alike. Days are UTC's: a name
must not depend on the zone that a setting says. A file that a row refers to, or that a row in work
may get in this moment, is never deleted; of two steps that one goes first after which no row points
at a file that is not there. What this database had made is noted (`MadeFile`), as other files in
the same place may be those of a copy of it, or of another installation.
"""

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID

from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now

from library import storage
from library.jobs import OPEN_STATES
from library.models import Generation, MadeFile
from library.models.generations import generation_storage

_NAME = re.compile(r"(\d{4})/(\d\d)/(\d\d)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.wav")
_FOLDERS = (re.compile(r"\d{4}"), re.compile(r"\d\d"), re.compile(r"\d\d"))
DAY = timedelta(days=1)
FIRST = date(1000, 1, 1)  # a year of four digits
OLDEST = 100_000  # days: nothing is older


@dataclass(frozen=True)
class Entry:
    """One file by its name, the day in it, and the generation it belongs to."""

    name: str
    day: date
    id: UUID


@dataclass
class Share:
    """How many files, and their bytes."""

    files: int = 0
    bytes: int = 0


@dataclass
class Statistics(Share):
    """The same of all files, and day by day, the newest first."""

    days: dict[date, Share] = field(default_factory=dict)


def day_of(moment: datetime) -> date:
    """Return the day of a moment as names tell it."""
    return moment.astimezone(UTC).date()


def age(days: int) -> timedelta:
    """Return that many days; more than `OLDEST` are as many. Raises ValueError for less than 0."""
    if days < 0:
        raise ValueError(f"An age is a number of days from 0; this is {days}.")
    return DAY * min(days, OLDEST)


def name_of(generation_id: UUID, day: date) -> str:
    """Return the name of a generation's file."""
    return f"{day:%Y/%m/%d}/{generation_id}.wav"


def entry(name: str) -> Entry | None:
    """Return what a name tells, None when it is none of ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        day = date(*map(int, found.groups()[:3]))
    except ValueError:  # the 31st of February
        return None
    return Entry(name, day, UUID(found[4]))


def needed(names: Iterable[str]) -> set[str]:
    """Return those names that a row refers to, or that belong to a row that is not at its end."""
    some = set(names)
    owners = {known.id: name for name in some if (known := entry(name)) is not None}
    is_open = Q(pk__in=owners, state__in=OPEN_STATES)
    rows = Generation.objects.filter(Q(audio_file__in=some) | is_open)
    found: set[str] = set()
    for pk, audio_file, state in rows.values_list("pk", "audio_file", "state"):
        found.add(audio_file)
        if state in OPEN_STATES:
            found.add(owners.get(pk, ""))
    return found & some


def note(name: str) -> None:
    """Note a file that is about to be made, so that it is found whatever becomes of its row."""
    MadeFile.objects.bulk_create([MadeFile(name=name)], ignore_conflicts=True)


class DatedFiles:
    """The files in a storage; in that of the settings unless told otherwise."""

    def __init__(self, files: Storage | None = None) -> None:
        self.storage = files or generation_storage()

    def between(
        self, first: date | None = None, last: date | None = None, limit: int | None = None
    ) -> Iterator[Entry]:
        """Yield the files of these days, both included, the newest day first.

        Those of one day come by their names. A folder is looked at when it is reached, so a few
        of the newest cost little. Files with other names are left out. Raises ValueError for a
        limit below 0.
        """
        if limit is not None and limit < 0:
            raise ValueError(f"A limit is a number from 0; this is {limit}.")
        return islice(self._walk(first or FIRST, last or date.max), limit)

    def _walk(self, first: date, last: date) -> Iterator[Entry]:
        for year in self._folders(""):
            if not first.year <= int(year) <= last.year:
                continue
            for month in self._folders(year):
                if f"{first:%Y/%m}" <= month <= f"{last:%Y/%m}":
                    for day in self._folders(month):
                        if f"{first:%Y/%m/%d}" <= day <= f"{last:%Y/%m/%d}":
                            yield from self._files(day)

    def _folders(self, parent: str) -> list[str]:
        """Return the folders of years, months or days in another, the newest first."""
        pattern = _FOLDERS[len(parent.split("/")) if parent else 0]
        names = [name.rstrip("/") for name in self._listed(parent)[0]]
        return [
            _joined(parent, name) for name in sorted(names, reverse=True) if pattern.fullmatch(name)
        ]

    def _files(self, folder: str) -> list[Entry]:
        names = sorted(self._listed(folder)[1])
        return [known for name in names if (known := entry(_joined(folder, name))) is not None]

    def _listed(self, folder: str) -> tuple[Sequence[str], Sequence[str]]:
        try:
            return self.storage.listdir(folder)
        except FileNotFoundError:  # nothing was stored yet, or it has just been removed
            return [], []

    def put(self, source: Path, name: str) -> None:
        """Store a whole local file; one of the same name is replaced.

        Raises ValueError for a name that is none of `name_of`: it may be that of a folder.
        """
        if entry(name) is None:
            raise ValueError(f"{name!r} is no name of a generation's file.")
        note(name)
        self._make_room(name)
        storage.keep(source, name, self.storage)

    def _make_room(self, name: str) -> None:
        """Delete what would make a storage that never overwrites choose another name."""
        if self.storage.get_available_name(name) != name:
            self.storage.delete(name)

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file to this machine. Raises FileNotFoundError."""
        with self.storage.open(name) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file)

    def copy(self, name: str, target: str) -> None:
        """Store a file a second time, under a name that is free.

        Raises FileNotFoundError and FileExistsError. The copy is its maker's: no row refers to it,
        and no sweep takes it away.
        """
        if self.storage.exists(target):
            raise FileExistsError(target)
        with self.storage.open(name) as source:
            self.storage.save(target, source)

    def move(self, name: str, target: str) -> None:
        """Give a file another name that is free; rows that refer to it follow.

        Raises FileNotFoundError and FileExistsError. A crash leaves both files, and the row with
        one of them.
        """
        note(target)
        self.copy(name, target)
        Generation.objects.filter(audio_file=name).update(audio_file=target)
        self.delete(name)

    def delete(self, name: str, *, older_than: datetime | None = None) -> bool:
        """Delete a file that no row needs; False when one does, or when it was written since.

        Its bytes are not read. On a disk it is taken aside first, and goes back to a row that is
        written in this very moment.
        """
        with transaction.atomic():  # where the database locks as a whole nobody writes a row now
            if needed([name]):
                return False
            gone = storage.discard(
                name, older_than, self.storage, is_needed=lambda: bool(needed([name]))
            )
            if gone:
                MadeFile.objects.filter(name=name).delete()
        return gone

    def older_than(self, days: int) -> Iterator[Entry]:
        """Yield the files of days that are more than so many days ago.

        Raises ValueError for a number below 0.
        """
        return self.between(last=day_of(now()) - age(days) - DAY)

    def delete_older_than(self, days: int, *, dry_run: bool = False) -> list[str]:
        """Delete the files of older days that no row needs; return their names.

        dry_run: only name them. Raises ValueError for a number below 0.
        """
        gone: list[str] = []
        entries = self.older_than(days)
        while chunk := [found.name for found in islice(entries, 200)]:
            kept = needed(chunk)
            gone += [name for name in chunk if name not in kept and (dry_run or self.delete(name))]
        return gone

    def remove_empty_folders(self) -> list[str]:
        """Remove folders of days, months and years without files; return which those were.

        Those of these days stay: a worker may be about to write there. A bucket has none.
        """
        today = day_of(now())
        busy = [f"{today + DAY * step:%Y/%m/%d}" for step in (-1, 0, 1)]
        gone: list[str] = []
        for year in self._folders(""):
            for month in self._folders(year):
                for day in self._folders(month):
                    self._remove_if_empty(day, busy, gone)
                self._remove_if_empty(month, busy, gone)
            self._remove_if_empty(year, busy, gone)
        return gone

    def _remove_if_empty(self, folder: str, busy: list[str], gone: list[str]) -> None:
        folders, files = self._listed(folder)
        if folders or files or any(day.startswith(folder) for day in busy):
            return
        try:
            self.storage.delete(folder)
        except OSError:  # somebody has just written there
            return
        gone.append(folder)

    def statistics(self, first: date | None = None, last: date | None = None) -> Statistics:
        """Count the files and bytes of these days, both included."""
        told = Statistics()
        for known in self.between(first, last):
            try:
                size = self.storage.size(known.name)
            except FileNotFoundError:  # deleted meanwhile
                continue
            for share in (told, told.days.setdefault(known.day, Share())):
                share.files += 1
                share.bytes += size
        return told


def _joined(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
