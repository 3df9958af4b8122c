"""Watched folders of this machine: begun, ended, looked through by the clock, told of on a page."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.timezone import now

from library import offered, tasks
from library.jobs import OPEN_STATES, State
from library.models import WatchedFile, WatchedFolder
from library.models.watch import LONGEST_PATH

NOT_STAFF = "Only staff may watch folders of the machine"
MOST_PROBLEMS = 100  # listed of one folder


@transaction.atomic
def add(user: User, folder: Path) -> WatchedFolder:
    """Watch a folder from now on; ValueError says in a sentence why not."""
    if not user.is_staff:
        raise ValueError(NOT_STAFF)
    folder = offered.allowed(str(folder))
    if len(str(folder)) > LONGEST_PATH or not offered.is_text(str(folder)):
        raise ValueError("The folder's name is too long or cannot be read")
    for known in WatchedFolder.objects.filter(owner=user):
        other = Path(known.path)
        if folder.is_relative_to(other):
            raise ValueError(f"{offered.shown(other)} is watched already")
        if other.is_relative_to(folder):
            raise ValueError(f"{offered.shown(other)} in it is watched already: end that first")
    begun = WatchedFolder.objects.create(owner=user, path=str(folder))
    tasks.wake()
    return begun


def look_now(watched: WatchedFolder) -> None:
    """Look through a folder now, whenever that was due."""
    _queue(WatchedFolder.objects.filter(pk=watched.pk))


def sweep() -> None:
    """Look through the folders whose time has come."""
    due = WatchedFolder.objects.filter(due_at__lte=now()).exclude(state__in=OPEN_STATES)
    if due.exists():
        _queue(due)


def _queue(rows: "QuerySet[WatchedFolder]") -> None:
    soon = now() + timedelta(seconds=settings.WATCH_SECONDS)
    with transaction.atomic():
        rows.exclude(state__in=OPEN_STATES).update(
            state=State.PENDING, attempts=0, queued_at=now(), due_at=soon, lease_until=None
        )
        tasks.wake()


@dataclass(frozen=True)
class Told:
    """A watched folder as its owner sees it.

    files: sounds and packs that lie there; sounds: of these, in the library; thrown: in its trash.
    """

    watched: WatchedFolder
    name: str
    files: int
    sounds: int
    thrown: int
    gone: int
    failed: int
    problems: list[WatchedFile]

    @property
    def words(self) -> str:
        """Return in a word or two what is going on."""
        watched = self.watched
        if watched.state == State.WAITING:
            return "Waiting for disk space" if "space" in watched.error else "Trying again soon"
        if watched.is_open:
            return "Looking through it"
        return "Stopped" if watched.state == State.FAILED else "Up to date"


def told(user: User) -> list[Told]:
    """Return a person's watched folders; two queries and one for each that has problems."""
    files, paper = Q(files__gone_at=None), Q(files__sha256="", files__problem="")
    sounds = files & Q(files__sample__gt=0)
    rows = WatchedFolder.objects.filter(owner=user).annotate(
        there=Count("files", filter=files & ~paper),
        known=Count("files", filter=sounds & Q(files__sample__deleted_at=None)),
        thrown=Count("files", filter=sounds & ~Q(files__sample__deleted_at=None)),
        gone=Count("files", filter=~files),
        failed=Count("files", filter=files & ~Q(files__problem="")),
    )
    return [
        Told(
            watched=row,
            name=offered.shown(Path(row.path)),
            files=row.there,
            sounds=row.known,
            thrown=row.thrown,
            gone=row.gone,
            failed=row.failed,
            problems=_problems(row) if row.failed else [],
        )
        for row in rows
    ]


def _problems(watched: WatchedFolder) -> list[WatchedFile]:
    return list(watched.files.filter(gone_at=None).exclude(problem="")[:MOST_PROBLEMS])
