"""What the page of generations lists: takes, newest first, and the prompts to begin with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from library.jobs import State
from library.listing import UNSEEN
from library.models import Generation, Sample

PAGE = 30  # rows
EXAMPLES = (  # for somebody who has made nothing yet
    "dusty 808 kick",
    "tight closed hat",
    "deep sub bass in C minor",
    "warm soft chord in A minor",
    "hip hop drum loop at 92 bpm",
    "airy vocal in E minor",
)


@dataclass(frozen=True)
class Take:
    """One generation as a row shows it.

    sample: the sound in the library that it became, as long as it is kept there. is_repeated: a
    newer row of the same list is the same sound, and that one is played.
    """

    generation: Generation
    sample: Sample | None
    is_repeated: bool = False

    @property
    def is_playable(self) -> bool:
        """Tell whether its row stands for a sound: pressed, moved to, put on pads."""
        return self.sample is not None and not self.is_repeated

    @property
    def is_trashed(self) -> bool:
        """Tell whether its sound was thrown away, and can be brought back."""
        return self.sample is None and self.generation.sample is not None

    @property
    def is_live(self) -> bool:
        """Tell whether a row drawn in a moment may look different."""
        return self.generation.is_open or self.is_being_read

    @property
    def is_being_read(self) -> bool:
        """Tell whether its sound is in the library, but not measured yet."""
        analysis = getattr(self.sample, "analysis", None)
        return analysis is not None and bool(analysis.is_open)

    @property
    def seconds_in_work(self) -> int:
        """Return since when a worker is at it."""
        begun: datetime = self.generation.started_at or now()
        return max(0, round((now() - begun).total_seconds()))

    @property
    def has_own_sound(self) -> bool:
        """Tell whether the file that the model wrote is still there."""
        return self.generation.is_completed and bool(self.generation.audio_file)

    @property
    def words(self) -> str:
        """Return how far it is, in a sentence; nothing once it is a sound."""
        state = self.generation.state
        if state == State.PENDING:
            return "Waits for a worker"
        if state == State.WAITING:
            return f"Goes on by itself. {self.generation.error}"
        if state == State.PROCESSING:
            return f"Making, {self.seconds_in_work} s"
        return self.generation.error if state == State.FAILED else ""

    @property
    def is_renamed(self) -> bool:
        """Tell whether its sound has a name that is not the beginning of the words."""
        return self.sample is not None and not self.generation.prompt.startswith(self.sample.title)

    @property
    def is_limited(self) -> bool:
        """Tell whether its peaks kept it below the loudness that was aimed at."""
        return bool(self.generation.metadata.get("limited"))

    @property
    def bpm(self) -> float | None:
        """Return its tempo, as the library has it now; else as it was made."""
        heard = self.sample.bpm if self.sample is not None else None
        made: float | None = self.generation.metadata.get("bpm")
        return heard or made

    @property
    def lufs(self) -> float | None:
        """Return its loudness as it was written."""
        found: float | None = self.generation.metadata.get("loudness_lufs")
        return found


@dataclass(frozen=True)
class Page:
    """Some rows of the list; `next` is where the page after it begins, '' on the last."""

    takes: list[Take]
    next: str

    @property
    def playable(self) -> int:
        """Return how many of the rows stand for a sound."""
        return sum(take.is_playable for take in self.takes)

    @property
    def is_live(self) -> bool:
        """Tell whether it is worth asking again soon."""
        return any(take.is_live for take in self.takes)


def drawn(user: User) -> "QuerySet[Generation]":
    """Return all generations of a person with what rows show of them."""
    unseen = [f"sample__{name}" for name in UNSEEN]
    mine = Generation.objects.owned_by(user).newest()
    return mine.select_related("sample__analysis").defer(*unseen)


def page(user: User, before: Generation | None = None, size: int = PAGE) -> Page:
    """Return the newest rows, or those older than `before`; two queries."""
    rows = drawn(user)
    if before is not None:  # an index leads to the moment; very few rows are of the same one
        same = Q(created_at=before.created_at, id__gte=before.pk)
        rows = rows.filter(~same, created_at__lte=before.created_at)
    found = list(rows[: size + 1])
    following = str(found[size - 1].pk) if len(found) > size else ""
    return Page(_takes(user, found[:size]), following)


def some(user: User, ids: Iterable[UUID]) -> list[Take]:
    """Return these of a person's rows, as far as they are still there."""
    return _takes(user, list(drawn(user).filter(pk__in=list(ids))))


def _takes(user: User, generations: list[Generation]) -> list[Take]:
    """Return rows: of those that became the same sound, the newest stands for it."""
    sounds = {each.sample_id for each in generations if each.sample_id}
    same = Generation.objects.owned_by(user).filter(sample__in=sounds).newest()
    newest: dict[int | None, UUID] = {}
    for sample, key in same.values_list("sample", "pk"):
        newest.setdefault(sample, key)
    return [
        Take(
            each,
            each.sample if each.sample is not None and each.sample.deleted_at is None else None,
            each.sample_id is not None and newest[each.sample_id] != each.pk,
        )
        for each in generations
    ]
