"""How much room a person takes, and the room that each may take.

Apps above this one register what they keep, as kinds of jobs do in `library.labour`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import F, FloatField, Sum
from django.db.models.functions import Coalesce, Least

from library.audio.units import RATE
from library.jobs import NoSpaceError
from library.models import Sample
from library.storage import free_bytes, megabytes

WORD_BYTES = 2
STEREO = 2


class QuotaError(NoSpaceError):
    """A person's share of the disk is used up; the message says so in words for them."""


@dataclass(frozen=True)
class Keeper:
    """One kind of files: its place and name on pages, its bytes, whether the quota counts them."""

    rank: int
    name: str
    bytes: Callable[[User], int]
    counts: bool = True


@dataclass(frozen=True)
class Line:
    """One line of a person's storage, in bytes."""

    name: str
    bytes: int


def originals(user: User) -> int:
    """Return the bytes of a person's sounds."""
    return _sum(user, trash=False)


def trash(user: User) -> int:
    """Return the bytes of a person's sounds in the trash."""
    return _sum(user, trash=True)


def _sum(user: User, *, trash: bool) -> int:
    rows = Sample.objects.owned_by(user)
    rows = rows.trashed() if trash else rows.kept()
    return rows.aggregate(total=Sum("size_bytes"))["total"] or 0


def previews(user: User) -> int:
    """Return the bytes of what a person's browser plays: 48 kHz, 16 bit, stereo at most.

    Reckoned from the lengths, since asking the disk for each file would take long.
    """
    channels = Least(Coalesce(F("channels"), 1), STEREO)
    size = F("seconds") * channels * (RATE * WORD_BYTES)
    rows = Sample.objects.owned_by(user)
    return round(rows.aggregate(total=Sum(size, output_field=FloatField()))["total"] or 0)


KEEPERS = [
    Keeper(1, "Originals", originals),
    Keeper(2, "Previews", previews, counts=False),
    Keeper(4, "Trash", trash),
]


def register(keeper: Keeper) -> None:
    """Add a kind of files; apps call this when they are ready."""
    KEEPERS.append(keeper)
    KEEPERS.sort(key=lambda known: known.rank)


def of(user: User) -> list[Line]:
    """Return what a person's files take, kind by kind."""
    return [Line(keeper.name, keeper.bytes(user)) for keeper in KEEPERS]


def counted(user: User) -> int:
    """Return the bytes that count against a person's quota."""
    return sum(keeper.bytes(user) for keeper in KEEPERS if keeper.counts)


def require(user: User, needed: int) -> None:
    """Raise QuotaError when so many more bytes would be more than a person may keep."""
    if not settings.QUOTA_BYTES or not needed:
        return
    left = max(0, settings.QUOTA_BYTES - counted(user))
    if left < needed:
        raise QuotaError(
            f"Your share of this machine is used up: {megabytes(needed)} needed, "
            f"{megabytes(left)} of {megabytes(settings.QUOTA_BYTES)} left. Nothing was lost."
        )


@dataclass(frozen=True)
class Storage:
    """A person's storage as a page shows it, in bytes; quota and left: None without a quota."""

    lines: list[Line]
    free: int
    quota: int | None
    left: int | None


def storage(user: User) -> Storage:
    """Look how much room there is and who takes it."""
    quota = settings.QUOTA_BYTES or None
    left = max(0, quota - counted(user)) if quota else None
    return Storage(of(user), free_bytes(), quota, left)
