"""One request to export, its items, and the converted files they share."""

from typing import Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower
from django.utils.timezone import now

from exports.share import ShareLink
from kits.models import Kit
from library.jobs import OPEN_STATES, Job, JobQuerySet, State
from library.models import Sample


__all__ = ["Export", "ExportItem", "Render", "ShareLink"]

WITH_FILES = (State.COMPLETED, State.PARTIAL)
STOPPED = "Stopped before it was tried again."


class Render(models.Model):
    """One converted file, addressed by what determines its bytes: source and recipe."""

    key = models.CharField(max_length=64, unique=True)  # sha256 of source digest + recipe
    extension = models.CharField(max_length=4)
    size_bytes = models.PositiveBigIntegerField()
    crc32 = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    frames = models.PositiveBigIntegerField()
    channels = models.PositiveSmallIntegerField()
    changes = models.JSONField(default=list)
    made_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        """Return the storage name."""
        return self.path

    @property
    def path(self) -> str:
        """Return the storage name of the file."""
        return f"renders/{self.key[:2]}/{self.key}.{self.extension}"


class ExportQuerySet(models.QuerySet["Export"]):
    """Exports of people."""

    def owned_by(self, user: User) -> Self:
        """Return this person's exports."""
        return self.filter(owner=user)

    def alive(self) -> Self:
        """Return exports that still have something to do."""
        return self.filter(state__in=OPEN_STATES)


class Export(models.Model):
    """One request to export; its state follows its items."""

    class Kind(models.TextChoices):
        """What was asked for."""

        SINGLE = "single", "One sound"
        BATCH = "batch", "Sounds"
        KIT = "kit", "Kit"

    class Layout(models.TextChoices):
        """How the files are placed."""

        FLAT = "flat", "All in one folder"
        FOLDERS = "folders", "My folders"
        GENRE = "genre", "By genre"
        BPM = "bpm", "By tempo"
        KIT = "kit", "Banks and pads"

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    kind = models.CharField(max_length=6, choices=Kind)
    name = models.CharField(max_length=120)
    kit = models.ForeignKey(Kit, null=True, on_delete=models.SET_NULL, related_name="exports")
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    layout = models.CharField(max_length=8, choices=Layout)
    format = models.CharField(max_length=4, choices=[("wav", "WAV"), ("aiff", "AIFF")])
    options = models.JSONField(default=dict)
    sample_count = models.PositiveIntegerField(default=0)
    total_bytes = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seconds_before = models.FloatField(default=0)  # of work, before failed files were tried again
    accepted_at = models.DateTimeField(null=True)  # its owner does without the files that failed
    files_removed_at = models.DateTimeField(null=True)  # the record stays
    rev = models.PositiveIntegerField(default=0)  # grows with every visible change

    objects = ExportQuerySet.as_manager()

    class Meta:
        """History is read newest first."""

        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="exports_export_history"),
            models.Index(fields=["kind", "-created_at"], name="exports_export_kind"),
            models.Index(fields=["state"], name="exports_export_state"),
            models.Index(
                fields=["finished_at"],
                name="exports_export_files",
                condition=Q(files_removed_at=None),
            ),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def is_open(self) -> bool:
        """Tell whether it is still going on."""
        return self.state in OPEN_STATES

    @property
    def has_files(self) -> bool:
        """Tell whether it ended with at least one file that is still there."""
        return self.state in WITH_FILES and self.files_removed_at is None

    @property
    def seconds(self) -> float | None:
        """Return how long workers were at it, all tries together; None before it has ended."""
        if self.started_at is None or self.finished_at is None:
            return self.seconds_before or None
        return self.seconds_before + (self.finished_at - self.started_at).total_seconds()

    def next_rev(self) -> int:
        """Count one visible change and return its number; call inside a transaction."""
        Export.objects.filter(pk=self.pk).update(rev=F("rev") + 1)
        return Export.objects.values_list("rev", flat=True).get(pk=self.pk)

    @transaction.atomic
    def close(self) -> bool:
        """Write the final state when no item is open any more; one caller wins."""
        if self.items.filter(state__in=OPEN_STATES).exists():
            return False
        done = self.items.filter(state=State.COMPLETED).count()
        total = self.items.count()
        state = State.COMPLETED if done == total else State.PARTIAL if done else State.FAILED
        written = self.items.filter(state=State.COMPLETED)
        size = written.aggregate(total=models.Sum("size_bytes"))["total"] or 0
        return bool(
            Export.objects.filter(pk=self.pk, state__in=OPEN_STATES).update(
                state=state, finished_at=now(), total_bytes=size, rev=F("rev") + 1
            )
        )

    @transaction.atomic
    def cancel(self) -> bool:
        """Stop after the file in work and keep nothing; False when it had ended already.

        What was ready before failed files were tried again stays.
        """
        rows = Export.objects.filter(pk=self.pk, state__in=OPEN_STATES)
        if rows.filter(total_bytes__gt=0).exists():
            rows.update(rev=F("rev") + 1)
            self.refresh_from_db(fields=["rev"])
            self.items.filter(state__in=OPEN_STATES).update(
                state=State.FAILED,
                error=STOPPED,
                finished_at=now(),
                lease_until=None,
                rev=self.rev,
            )
            return self.close()
        ended = rows.update(state=State.CANCELLED, finished_at=now(), rev=F("rev") + 1)
        if ended:
            self.items.exclude(state=State.FAILED).update(
                state=State.CANCELLED, render=None, lease_until=None
            )
        return bool(ended)


class ItemQuerySet(JobQuerySet["ExportItem"]):
    """Files of exports."""

    def of_open_exports(self) -> Self:
        """Return items in fair order: everybody's first file before anybody's second."""
        return self.filter(export__state__in=OPEN_STATES).order_by("position", "export_id")


class ExportItem(Job):
    """One file of an export, frozen when it was asked for."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    sample = models.ForeignKey(
        Sample, null=True, on_delete=models.SET_NULL, related_name="export_items"
    )
    sample_title = models.CharField(max_length=200)
    sample_sha256 = models.CharField(max_length=64, blank=True)
    sample_class = models.CharField(max_length=8, blank=True)
    bank = models.CharField(max_length=1, blank=True)
    number = models.PositiveSmallIntegerField(null=True)
    path = models.CharField(max_length=1000)
    recipe = models.JSONField(default=dict)
    changes = models.JSONField(default=list)  # what was done to the audio, in words
    notes = models.JSONField(default=dict)  # facts for the text file beside it, as they were
    render = models.ForeignKey(Render, null=True, on_delete=models.PROTECT, related_name="items")
    size_bytes = models.PositiveBigIntegerField(default=0)
    original_rate = models.PositiveIntegerField(null=True)
    original_seconds = models.FloatField(null=True)
    original_format = models.CharField(max_length=20, blank=True)
    rev = models.PositiveIntegerField(default=0)

    objects = models.Manager.from_queryset(ItemQuerySet)()

    class Meta:
        """A place in the export and a path in the ZIP are each taken once."""

        ordering = ["export", "position"]
        constraints = [
            models.UniqueConstraint(fields=["export", "position"], name="exports_item_position"),
            models.UniqueConstraint("export", Lower("path"), name="exports_item_path"),
        ]
        indexes = [
            models.Index(fields=["state", "position", "export"], name="exports_item_ready"),
            models.Index(fields=["sample", "export"], name="exports_item_sample"),
            models.Index(
                fields=["lease_until"],
                name="exports_item_lease",
                condition=Q(state="processing"),
            ),
        ]

    def __str__(self) -> str:
        """Return the path."""
        return self.path

    def finish(self, state: State = State.COMPLETED, **facts: Any) -> bool:
        """Write the result and the revision it is seen at, both or neither."""
        with transaction.atomic():
            return super().finish(state, rev=self.export.next_rev(), **facts)

    def begin(self) -> None:
        """Show that a worker is at it; the first item also starts the export."""
        with transaction.atomic():
            self._held().update(rev=self.export.next_rev())
            Export.objects.filter(
                pk=self.export_id, state__in=[State.PENDING, State.WAITING]
            ).update(state=State.PROCESSING, started_at=Coalesce("started_at", now()))

    def put_back(self, *, waiting: bool, error: str = "", blameless: bool = True) -> bool:
        """Return the item after a fault of the machine; the export then waits with it."""
        with transaction.atomic():
            kept = super().put_back(waiting=waiting, error=error, blameless=blameless)
            if kept:
                ExportItem.objects.filter(pk=self.pk).update(rev=self.export.next_rev())
            if kept and waiting:
                Export.objects.filter(pk=self.export_id, state=State.PROCESSING).update(
                    state=State.WAITING
                )
        return kept

    @property
    def address(self) -> str:
        """Return the pad it is for: `A5`; nothing outside kits."""
        return f"{self.bank}{self.number}" if self.bank else ""
