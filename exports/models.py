"""One request to export, its items, and the converted files they share."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.utils.timezone import now

from exports import attribution
from exports.delivery import Delivery
from exports.share import ShareLink
from exports.sheet_page import SheetPage
from kits.models import Kit
from library.jobs import OPEN_STATES, Job, JobQuerySet, Outcome, State
from library.models import Sample

__all__ = ["Delivery", "Export", "ExportItem", "Render", "ShareLink", "SheetPage"]

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

    @staticmethod
    def add(renders: "Iterable[Render | None]") -> None:
        """Write the rows of new files; where another worker was as quick, its row stays ours.

        Always in the same order, so that two workers with the same files never wait for each other.
        """
        new = {render.key: render for render in renders if render is not None and not render.pk}
        Render.objects.bulk_create(
            [new[key] for key in sorted(new)],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=[
                "extension", "size_bytes", "crc32", "sha256", "frames", "channels", "changes",
                "made_at",
            ],
        )  # fmt: skip


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

    owner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="exports", db_index=False
    )
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
        """History is read newest first: all of a person's, of one kind, or in one state."""

        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="exports_export_history"),
            models.Index(
                fields=["owner", "kind", "-created_at", "-id", "state"], name="exports_export_kind"
            ),
            models.Index(
                fields=["owner", "state", "-created_at", "-id"], name="exports_export_ended"
            ),
            models.Index(fields=["state"], name="exports_export_state"),
            models.Index(
                fields=["owner", "finished_at"],
                name="exports_export_lately",
                condition=Q(files_removed_at=None),
            ),
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

    def close(self) -> bool:
        """Write the final state when no item is open any more; one caller wins."""
        if self.items.filter(state__in=OPEN_STATES).exists():  # mostly: no lock is taken for that
            return False
        return self._end()

    @transaction.atomic
    def _end(self) -> bool:
        if self.items.filter(state__in=OPEN_STATES).exists():
            return False
        done = self.items.filter(state=State.COMPLETED).count()
        total = self.items.count()
        state = State.COMPLETED if done == total else State.PARTIAL if done else State.FAILED
        written = self.items.filter(state=State.COMPLETED)
        size = written.aggregate(total=models.Sum("size_bytes"))["total"] or 0
        size += len(self._credits(written).encode()) + (
            self.sheet_pages.total_bytes() if done else 0
        )
        return bool(
            Export.objects.filter(pk=self.pk, state__in=OPEN_STATES).update(
                state=state, finished_at=now(), total_bytes=size, rev=F("rev") + 1
            )
        )

    @staticmethod
    def _credits(written: "QuerySet[ExportItem]") -> str:
        """Return the text that names who made the sounds, as `credits.txt` has it."""
        told = written.filter(notes__has_key="credit").order_by("position")
        rows = told.values_list("path", "sample_title", "notes__credit")
        return attribution.text(attribution.Credited(*row) for row in rows)

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

    export = models.ForeignKey(
        Export, on_delete=models.CASCADE, related_name="items", db_index=False
    )
    position = models.PositiveIntegerField()
    sample = models.ForeignKey(
        Sample, null=True, on_delete=models.SET_NULL, related_name="export_items", db_index=False
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
        """A place in the export and a path in the ZIP are each taken once.

        The files of one export are counted by state, those that failed are listed across exports.
        """

        ordering = ["export_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["export", "position"], name="exports_item_position"),
            models.UniqueConstraint("export", Lower("path"), name="exports_item_path"),
        ]
        indexes = [
            models.Index(fields=["state", "-export", "position"], name="exports_item_ready"),
            models.Index(fields=["export", "state"], name="exports_item_state"),
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

    @classmethod
    def begin(cls, items: "Sequence[ExportItem]") -> None:
        """Show that a worker is at them; the first item of an export also starts it."""
        with transaction.atomic():
            for export_id, rev in _count(items).items():
                theirs = [item.pk for item in items if item.export_id == export_id]
                cls.objects.filter(pk__in=theirs, token=items[0].token).update(rev=rev)
                Export.objects.filter(
                    pk=export_id, state__in=[State.PENDING, State.WAITING]
                ).update(state=State.PROCESSING, started_at=Coalesce("started_at", now()))

    @classmethod
    def write(cls, outcomes: Sequence[Outcome]) -> list["ExportItem"]:
        """Write results, the files they brought, and the revision they are seen at.

        An export waits with an item that went back for lack of room.
        """
        with transaction.atomic():
            Render.add(outcome.fields.get("render") for outcome in outcomes)
            revs = _count([outcome.job for outcome in outcomes])
            for outcome in outcomes:
                outcome.fields["rev"] = revs[outcome.job.export_id]
            kept: list[ExportItem] = super().write(outcomes)
            waiting = {item.export_id for item in kept if item.state == State.WAITING}
            if waiting:
                Export.objects.filter(pk__in=waiting, state=State.PROCESSING).update(
                    state=State.WAITING
                )
        return kept

    @cached_property
    def known(self) -> dict[str, Render]:
        """Files that are there already, by key; items that are converted together share it."""
        return {}

    @property
    def address(self) -> str:
        """Return the pad it is for: `A5`; nothing outside kits."""
        return f"{self.bank}{self.number}" if self.bank else ""


def _count(items: Sequence[ExportItem]) -> dict[int, int]:
    """Count one visible change of each export of these items; return the numbers by export.

    Inside a transaction; always in the same order, so that two of them never wait for each other.
    """
    revs = {}
    for export_id in sorted({item.export_id for item in items}):
        Export.objects.filter(pk=export_id).update(rev=F("rev") + 1)
        revs[export_id] = Export.objects.values_list("rev", flat=True).get(pk=export_id)
    return revs
