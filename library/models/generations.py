"""Sounds that a model made from words: each from its prompt to the sample in the library."""

from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.storage import Storage, storages
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.timezone import now

from library.jobs import Job, JobQuerySet, State
from library.models.samples import Sample

MOST_WORDS = 500  # characters of a prompt; PostgreSQL indexes no more than 2,700 bytes
STATES = (State.PENDING, State.PROCESSING, State.WAITING, State.COMPLETED, State.FAILED)


def generation_storage() -> Storage:
    """Return where the sounds of generations lie."""
    return storages["generations"]


class TransitionError(Exception):
    """The lifecycle has no such step; nothing was written."""


class PromptQuerySet(models.QuerySet["Prompt"]):
    """Prompts, by whose they are."""

    def owned_by(self, user: User) -> Self:
        """Return this person's prompts; nobody sees another's."""
        return self.filter(user=user)

    def most_used(self) -> Self:
        """Return them with the most used first, then the last used."""
        return self.order_by("-used_count", "-last_used_at")

    def record(self, user: User, text: str) -> None:
        """Count a use of this prompt; the first one makes its row. Right among many writers."""
        known = self.filter(user=user, text=text)
        again = {"used_count": F("used_count") + 1, "last_used_at": now()}
        if known.update(**again):
            return
        try:
            with transaction.atomic():
                self.create(user=user, text=text)
        except IntegrityError:  # somebody else made it in this moment
            known.update(**again)


class Prompt(models.Model):
    """What somebody asked for, and how often."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="prompts")
    text = models.CharField(max_length=MOST_WORDS)
    used_count = models.PositiveIntegerField(default=1)
    first_used_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(default=now)

    objects = PromptQuerySet.as_manager()

    class Meta:
        """One row per person and text."""

        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "text"], name="library_prompt_once"),
            models.CheckConstraint(condition=Q(used_count__gte=1), name="library_prompt_used"),
        ]
        indexes = [
            models.Index(
                fields=["user", "-used_count", "-last_used_at"], name="library_prompt_most_used"
            )
        ]

    def __str__(self) -> str:
        """Return the words."""
        return self.text


class GenerationQuerySet(JobQuerySet["Generation"]):
    """Generations, by whose they are and how far they have come."""

    def owned_by(self, user: User) -> Self:
        """Return this person's generations."""
        return self.filter(user=user)

    def pending(self) -> Self:
        """Return those that nobody works at yet, the oldest first."""
        return self.filter(state=State.PENDING).order_by("created_at")

    def processing(self) -> Self:
        """Return those in work."""
        return self.filter(state=State.PROCESSING)

    def completed(self) -> Self:
        """Return those that became a sound, the newest first; slice it for a page."""
        return self.filter(state=State.COMPLETED).order_by("-created_at")

    def failed(self) -> Self:
        """Return those that came to nothing, the newest first."""
        return self.filter(state=State.FAILED).order_by("-created_at")


class Generation(Job):
    """One sound that a model makes, from its prompt to the library.

    `waiting` counts as pending: it goes on by itself once the disk has room.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="generations")
    prompt = models.CharField(max_length=MOST_WORDS)
    model_name = models.CharField(max_length=100)
    model_version = models.CharField(max_length=100, blank=True)
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
        """Workers look for the oldest ready row, people for their newest."""

        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=STATES), name="library_generation_lifecycle"
            ),
            models.CheckConstraint(condition=Q(duration__gt=0), name="library_generation_lasts"),
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="library_generation_ready"),
            models.Index(fields=["state", "lease_until"], name="library_generation_lease"),
            models.Index(fields=["worker", "state"], name="library_generation_worker"),
            models.Index(fields=["user", "created_at"], name="library_generation_newest"),
            models.Index(fields=["user", "state", "created_at"], name="library_generation_state"),
            models.Index(fields=["audio_file"], name="library_generation_file"),
        ]

    def __str__(self) -> str:
        """Return what was asked for and how far it is."""
        return f"{self.prompt[:60]}: {self.get_state_display()}"

    def save(self, **options: Any) -> None:
        """Write the row; a new one counts a use of its prompt, both or neither."""
        if not self._state.adding:
            super().save(**options)
            return
        with transaction.atomic():
            super().save(**options)
            Prompt.objects.record(self.user, self.prompt)

    @property
    def is_pending(self) -> bool:
        """Tell whether nobody works at it yet."""
        return self.state in {State.PENDING, State.WAITING}

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

    def mark_processing(self) -> None:
        """Say that somebody is at it now; whoever takes longer than GENERATION_SECONDS is gone.

        Raises TransitionError unless it is pending.
        """
        moment = now()
        self._step(
            (State.PENDING, State.WAITING),
            state=State.PROCESSING,
            attempts=self.attempts + 1,
            token=uuid4().hex,
            started_at=moment,
            lease_until=moment + timedelta(seconds=settings.GENERATION_SECONDS),
            error="",
        )

    def mark_completed(self, **facts: Any) -> None:
        """Write what it became: fields of this model, as `audio_file` and `duration`.

        Raises TransitionError unless it is processing.
        """
        ended = {"state": State.COMPLETED, "finished_at": now(), "lease_until": None, "error": ""}
        self._step((State.PROCESSING,), **facts, **ended)

    def mark_failed(self, error: str) -> None:
        """Write why it came to nothing. Raises TransitionError unless it is processing."""
        self._step(
            (State.PROCESSING,),
            state=State.FAILED,
            finished_at=now(),
            lease_until=None,
            error=error,
        )

    def _step(self, origins: tuple[State, ...], **fields: Any) -> None:
        """Take a step in one conditional UPDATE: of two at the same moment one is refused."""
        held = Generation.objects.filter(pk=self.pk, token=self.token, state__in=origins)
        if not held.update(**fields):
            known = Generation.objects.filter(pk=self.pk).values_list("state", flat=True).first()
            raise TransitionError(
                f"A generation that is {known or 'gone'} cannot become {fields['state']}."
            )
        for name, value in fields.items():
            setattr(self, name, value)
