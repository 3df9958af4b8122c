"""What the import tray shows: what has come in, how much of it is read, what went wrong."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.timezone import now

from library import ingest
from library.jobs import OPEN_STATES, State
from library.models import Analysis, Import, ImportProblem

SHOWN_FOR = timedelta(minutes=15)  # how long a finished batch stays
UPLOAD_IDLE = timedelta(seconds=20)  # an upload that is silent for so long has ended
MOST_PROBLEMS = 200  # listed


@dataclass(frozen=True)
class Tray:
    """What the import tray shows of one person's batches.

    read of total: sounds of these batches whose analysis has ended. arriving: files still to come.
    problems: sentences; not_sounds: names of files that were skipped for being none.
    """

    batches: list[Import] = field(default_factory=list)
    added: int = 0
    duplicates: int = 0
    total: int = 0
    read: int = 0
    arriving: int = 0
    problems: list[str] = field(default_factory=list)
    not_sounds: list[str] = field(default_factory=list)

    @property
    def is_active(self) -> bool:
        """Tell whether anything is still going on, so that the tray asks again."""
        return self.arriving > 0 or self.read < self.total

    @property
    def is_shown(self) -> bool:
        """Tell whether there is anything to show."""
        return bool(self.batches) or self.is_active

    @property
    def percent(self) -> int:
        """How much of the reading is done, 0 to 100."""
        whole = self.total + self.arriving
        return self.read * 100 // whole if whole else 100


def tray(owner: User) -> Tray:
    """Return what the tray shows now; a constant number of queries."""
    recent = Q(touched_at__gt=now() - SHOWN_FOR)
    rows = Import.objects.filter(owner=owner, is_dismissed=False)
    batches = list(rows.filter(recent | Q(state__in=OPEN_STATES) & ~Q(kind=Import.Kind.UPLOAD)))
    waiting = Analysis.objects.owned_by(owner).unfinished().count()
    added = sum(batch.added for batch in batches)
    total = max(added, waiting)
    problems, not_sounds = _problems(owner, batches)
    return Tray(
        batches=batches,
        added=added,
        duplicates=sum(batch.duplicates for batch in batches),
        total=total,
        read=total - waiting,
        arriving=sum(_arriving(batch) for batch in batches),
        problems=problems,
        not_sounds=not_sounds,
    )


def _arriving(batch: Import) -> int:
    """Return how many files of a batch are still to come; an upload that fell silent has ended."""
    if batch.kind == Import.Kind.UPLOAD:
        alive = batch.touched_at > now() - UPLOAD_IDLE
        return max(0, batch.total - batch.position) if alive else 0
    return max(1, batch.total - batch.position) if batch.is_open else 0


def _problems(owner: User, batches: list[Import]) -> tuple[list[str], list[str]]:
    told = ImportProblem.objects.filter(batch__in=batches)
    real = told.exclude(message__endswith=ingest.NOT_A_SOUND)[:MOST_PROBLEMS]
    skipped = told.filter(message__endswith=ingest.NOT_A_SOUND).values_list("name", flat=True)
    sentences = [problem.message for problem in real]
    sentences += [batch.error for batch in batches if batch.state == State.FAILED]
    if batches:
        first = min(batch.created_at for batch in batches)
        mine = Analysis.objects.owned_by(owner)
        failed = mine.filter(state=State.FAILED, finished_at__gte=first)
        sentences += failed.values_list("error", flat=True)[:MOST_PROBLEMS]
    return sentences, list(skipped[:MOST_PROBLEMS])


def dismiss(owner: User) -> None:
    """Close the tray over all that has ended."""
    rows = Import.objects.filter(owner=owner, is_dismissed=False)
    rows.filter(Q(kind=Import.Kind.UPLOAD) | ~Q(state__in=OPEN_STATES)).update(is_dismissed=True)
