"""What the page of generations lists: takes, newest first, and the prompts to begin with."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from library import doubts
from library.engines.known import engines
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
    newer row of the same list is the same sound, which the library knows once. model: the name of
    its model where that tells anything. behind: the words that are in work while it waits.
    """

    generation: Generation
    sample: Sample | None
    is_repeated: bool = False
    model: str = ""
    behind: str = ""

    @property
    def is_playable(self) -> bool:
        """Tell whether its row stands for a sound of the library: chosen, dragged."""
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
    def heard_as(self) -> str:
        """Return what the player calls its sound: the sample, else the file the model wrote."""
        if self.sample is not None and not self.sample.is_missing:
            return str(self.sample.pk)
        return str(self.generation.pk) if self.has_own_sound else ""

    @property
    def waveform(self) -> bytes | memoryview | None:
        """Return what is drawn of it, also of one in the trash."""
        known = self.generation.sample
        return known.waveform if known is not None else None

    @property
    def is_only_copy(self) -> bool:
        """Tell whether the file that goes with its row is all there is of the sound."""
        known = self.generation.sample
        return self.has_own_sound and (known is None or known.is_missing)

    @property
    def words(self) -> str:
        """Return how far it is, in a sentence; nothing once it is a sound."""
        state = self.generation.state
        if state == State.PENDING:
            return f"Waits for “{self.behind}”" if self.behind else "Waits for a worker"
        if state == State.WAITING:
            return f"Goes on by itself. {self.generation.error}"
        if state == State.PROCESSING:
            return f"Making, {self.seconds_in_work} s"
        if state != State.FAILED:
            return ""
        if re.match(r"Given up after .*crashed", self.generation.error):
            return (
                f"{self.generation.model_name} ended its worker {self.generation.attempts} times. "
                "Ask for a shorter sound or other words."
            )
        return self.generation.error

    @property
    def is_renamed(self) -> bool:
        """Tell whether its sound has a name that is not the beginning of the words."""
        return self.sample is not None and not self.generation.prompt.startswith(self.sample.title)

    @property
    def is_limited(self) -> bool:
        """Tell whether its peaks kept it below the loudness that was aimed at."""
        return bool(self.generation.metadata.get("limited"))

    @property
    def note(self) -> str:
        """Return what the model says about it, in a sentence."""
        return str(self.generation.metadata.get("note") or "")

    @property
    def bpm(self) -> float | None:
        """Return its tempo, as the library has it now; else as it was made."""
        heard = self.sample.bpm if self.sample is not None else None
        made: float | None = self.generation.metadata.get("bpm")
        return heard or made

    @property
    def bpm_doubt(self) -> str:
        """Return who guesses its tempo, nothing where somebody has said it."""
        if self.sample is not None and self.sample.bpm:
            return doubts.tooltip(self.sample, "bpm") if self.sample.bpm_guessed else ""
        return "Heard in what the model made" if self.bpm else ""

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
    def query(self) -> str:
        """Return what asks for the page after it."""
        return f"before={self.next}"

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
    mine = Generation.objects.owned_by(user).newest()
    newest: dict[int | None, UUID] = {}
    for sample, key in mine.filter(sample__in=sounds).values_list("sample", "pk"):
        newest.setdefault(sample, key)
    only = [*engines()][:2]
    behind = ""
    if any(each.state == State.PENDING for each in generations):
        works = mine.filter(state=State.PROCESSING).values_list("prompt", flat=True)
        behind = works.first() or ""
    return [
        Take(
            each,
            each.sample if each.sample is not None and each.sample.deleted_at is None else None,
            each.sample_id is not None and newest[each.sample_id] != each.pk,
            "" if only == [each.model_name] else each.model_name,
            behind,
        )
        for each in generations
    ]
