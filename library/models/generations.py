"""Sounds that a model made from words: each from its prompt to the sample in the library."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.db.models import Avg, Count, Q, Sum
from django.utils.timezone import now

from library.engines import LONGEST_NAME
from library.jobs import Job, JobQuerySet, Outcome, State
from library.models.prompts import MOST_WORDS, Prompt
from library.models.samples import Sample

STATES = (State.PENDING, State.PROCESSING, State.COMPLETED, State.FAILED)
"""What people know: a generation that waits for the disk is pending to them."""

AT_REST = (State.PENDING, State.WAITING)
ORIGINS: dict[str, tuple[State, ...]] = {  # the lifecycle: from where a row comes into each state
    State.PENDING: (State.PROCESSING,),  # given back: its worker died, or met a fault
    State.WAITING: (State.PROCESSING,),
    State.PROCESSING: AT_REST,
    State.COMPLETED: (State.PROCESSING,),
    State.FAILED: (State.PROCESSING,),
}
FACTS = {
    "model_name", "model_version", "duration", "sample_rate", "channels", "audio_file",
    "file_size", "generation_seconds", "metadata", "sample",
}  # fmt: skip


def generation_storage() -> Storage:
    """Return where the sounds of generations lie."""
    return storages["generations"]


class TransitionError(Exception):
    """The lifecycle has no such step; nothing was written."""


@dataclass(frozen=True)
class Statistics:
    """What some generations came to.

    audio_seconds and size_bytes are those of what was completed; mean_seconds is the time that the
    model took for one, None where nothing was timed.
    """

    states: dict[str, int]
    audio_seconds: float
    size_bytes: int
    mean_seconds: float | None

    @property
    def total(self) -> int:
        """Return how many they are, in whatever state."""
        return sum(self.states.values())


class GenerationQuerySet(JobQuerySet["Generation"]):
    """Generations, by whose they are and how far they have come."""

    def owned_by(self, user: User) -> Self:
        """Return this person's generations."""
        return self.filter(user=user)

    def newest(self) -> Self:
        """Return them with the newest first; of the same moment always in the same order."""
        return self.order_by("-created_at", "-id")

    def pending(self) -> Self:
        """Return those that nobody works at yet, the oldest first."""
        return self.filter(state__in=AT_REST).order_by("created_at", "id")

    def processing(self) -> Self:
        """Return those in work, the oldest first."""
        return self.filter(state=State.PROCESSING).order_by("created_at", "id")

    def completed(self, limit: int | None = None, offset: int = 0) -> Self:
        """Return those that became a sound, the newest first: all, or a page of so many."""
        end = None if limit is None else offset + limit
        return self.filter(state=State.COMPLETED).newest()[offset:end]

    def failed(self) -> Self:
        """Return those that came to nothing, the newest first."""
        return self.filter(state=State.FAILED).newest()

    def in_state(self, state: str) -> Self:
        """Return those in a state of `STATES`, in the order that suits it.

        Raises ValueError for any other word.
        """
        if state not in STATES:
            raise ValueError(f"No generation is {state!r}.")
        found: Self = getattr(self, state)()
        return found

    def counts(self) -> dict[str, int]:
        """Return how many there are in each state, in the order of the lifecycle; 0 included."""
        rows = self.order_by().values_list("state").annotate(Count("pk"))
        return _folded(dict(rows))

    def statistics(self) -> Statistics:
        """Return what they came to, from one query."""
        rows = self.order_by().values_list("state").annotate(
            Count("pk"), Sum("duration"), Sum("file_size"), Avg("generation_seconds")
        )  # fmt: skip
        known = {state: figures for state, *figures in rows}
        _, seconds, size, mean = known.get(State.COMPLETED, (0, 0.0, 0, None))
        states = _folded({state: figures[0] for state, figures in known.items()})
        return Statistics(states, seconds, size or 0, mean)

    def _give_up(self, row: Any) -> None:
        """Fail what killed its workers, through a last claim: the lifecycle has no other way.

        Of two that give it up at once the second claims nothing.
        """
        for job in self._take([row], ""):
            tries = job.attempts - 1  # this claim was none
            why = job.error or "crashed"
            error = f"Given up after {tries} tries: {why}"
            job.finish(State.FAILED, error=error, attempts=tries)


def _folded(found: dict[str, int]) -> dict[str, int]:
    """Return counts of the states that people know: what waits for the disk is pending."""
    counts = {state.value: found.get(state, 0) for state in STATES}
    counts[State.PENDING] += found.get(State.WAITING, 0)
    return counts


class Generation(Job):
    """One sound that a model makes, from its prompt to the library.

    `waiting` counts as pending: it goes on by itself once the disk has room. Steps of the lifecycle
    are taken by workers (library/jobs.py) and by `mark_*`, each in one conditional UPDATE.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Indexes below begin with the person: one of their own would serve nothing.
    user = models.ForeignKey(User, models.CASCADE, related_name="generations", db_index=False)
    prompt = models.CharField(max_length=MOST_WORDS)
    model_name = models.CharField(max_length=LONGEST_NAME)
    model_version = models.CharField(max_length=LONGEST_NAME, blank=True)
    duration = models.FloatField()  # seconds: asked for, and in the end those of the sound
    sample_rate = models.PositiveIntegerField(null=True, editable=False)  # Hz
    channels = models.PositiveSmallIntegerField(null=True, editable=False)
    audio_file = models.FileField(
        storage=generation_storage, max_length=100, blank=True, editable=False
    )
    file_size = models.PositiveBigIntegerField(null=True, editable=False)  # bytes
    generation_seconds = models.FloatField(null=True, editable=False)  # that the model took
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    sample = models.ForeignKey(
        Sample,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="generations",
    )

    objects = GenerationQuerySet.as_manager()

    class Meta:
        """Workers look for the oldest ready row, people for their newest.

        Indexes end with the key, as the order of rows of the same moment does.
        """

        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(ORIGINS)), name="library_generation_lifecycle"
            ),
            models.CheckConstraint(condition=Q(duration__gt=0), name="library_generation_lasts"),
        ]
        indexes = [
            models.Index(fields=["state", "created_at", "id"], name="library_generation_ready"),
            models.Index(fields=["worker", "state"], name="library_generation_worker"),
            models.Index(fields=["created_at", "id"], name="library_generation_history"),
            models.Index(fields=["user", "created_at", "id"], name="library_generation_newest"),
            models.Index(
                fields=["user", "state", "created_at", "id"], name="library_generation_state"
            ),
            models.Index(fields=["audio_file"], name="library_generation_file"),
        ]

    def __str__(self) -> str:
        """Return what was asked for and how far it is."""
        return f"{self.prompt[:60]}: {self.get_state_display()}"

    def save(self, **options: Any) -> None:
        """Write the row; a new one counts a use of its prompt, both or neither.

        Raises TransitionError where the state of a known row was set by hand, or is an old one.
        """
        with transaction.atomic():
            if not self._state.adding and "state" in (options.get("update_fields") or ["state"]):
                known = Generation.objects.select_for_update().filter(pk=self.pk)
                state = known.values_list("state", flat=True).first()
                if state != self.state:
                    raise TransitionError(f"A generation that is {state or 'gone'} stays so here.")
            is_new = self._state.adding
            super().save(**options)
            if is_new:
                Prompt.objects.record(self.user, self.prompt)

    @property
    def is_pending(self) -> bool:
        """Tell whether nobody works at it yet."""
        return self.state in AT_REST

    @property
    def is_processing(self) -> bool:
        """Tell whether a worker is at it."""
        return self.state == State.PROCESSING

    @property
    def is_completed(self) -> bool:
        """Tell whether it became a sound."""
        return self.state == State.COMPLETED

    @property
    def is_failed(self) -> bool:
        """Tell whether it came to nothing."""
        return self.state == State.FAILED

    @property
    def is_finished(self) -> bool:
        """Tell whether it is at either end."""
        return self.is_completed or self.is_failed

    def held(self, to: State) -> GenerationQuerySet:
        """Return this row, if nobody took it away and its lifecycle leads from there to `to`."""
        return Generation.objects.filter(
            pk=self.pk, token=self.token, state__in=ORIGINS.get(to, ())
        )

    def mark_processing(self) -> None:
        """Say that somebody is at it now; whoever takes longer than GENERATION_SECONDS is gone.

        Raises TransitionError unless it is pending.
        """
        moment = now()
        self._step(
            State.PROCESSING,
            attempts=self.attempts + 1,
            token=uuid4().hex,
            worker="",
            started_at=moment,
            lease_until=moment + timedelta(seconds=settings.GENERATION_SECONDS),
            error="",
        )

    def mark_completed(self, **facts: Any) -> None:
        """Write what it became: fields of this model, as `audio_file` and `duration`.

        Raises TransitionError unless it is processing, TypeError for fields that are no such fact.
        """
        if strange := facts.keys() - FACTS:
            raise TypeError(f"A sound has no {', '.join(sorted(strange))}.")
        self._step(State.COMPLETED, finished_at=now(), lease_until=None, error="", **facts)

    def mark_failed(self, error: str) -> None:
        """Write why it came to nothing. Raises TransitionError unless it is processing."""
        self._step(State.FAILED, finished_at=now(), lease_until=None, error=error)

    def _step(self, to: State, **fields: Any) -> None:
        """Take a step in one conditional UPDATE: of two at the same moment one is refused."""
        if not Outcome(self, {"state": to, **fields}).write():
            known = Generation.objects.filter(pk=self.pk).values_list("state", flat=True).first()
            if known in ORIGINS[to]:
                raise TransitionError("Somebody else has taken this generation meanwhile.")
            raise TransitionError(f"A generation that is {known or 'gone'} cannot become {to}.")
