"""The writing of an export's files into a folder of the server, once the export has ended."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import now

from library.jobs import Job, JobQuerySet, State


class DeliveryQuerySet(JobQuerySet["Delivery"]):
    """Deliveries, by whether they can be done."""

    def of_ended_exports(self) -> Self:
        """Return those whose files are there and whose folder nobody else writes to just now."""
        writing = Delivery.objects.filter(
            ~Q(pk=OuterRef("pk")),
            folder=OuterRef("folder"),
            state=State.PROCESSING,
            lease_until__gt=now(),
        )
        with_files = self.filter(
            export__state__in=[State.COMPLETED, State.PARTIAL], export__files_removed_at=None
        )
        return with_files.exclude(Exists(writing)).select_related("export").order_by("pk")

    def outdated(self) -> Self:
        """Return those that ended before their export did: its failed files were tried again."""
        return self.filter(finished_at__lt=F("export__finished_at"))

    def in_vain(self) -> Self:
        """Return those that wait for files which will not come: deleted, or never written."""
        without = Q(export__files_removed_at__isnull=False)
        nothing = Q(export__state__in=[State.FAILED, State.CANCELLED])
        return self.filter(without | nothing, state__in=[State.PENDING, State.WAITING])


class Delivery(Job):
    """One export into one folder; the folder is checked again when it is written to."""

    export = models.OneToOneField(
        "exports.Export", on_delete=models.CASCADE, related_name="delivery"
    )
    folder = models.CharField(max_length=1000)

    objects = models.Manager.from_queryset(DeliveryQuerySet)()

    class Meta:
        """Workers look for the oldest ready row."""

        verbose_name_plural = "deliveries"
        ordering = ["pk"]
        indexes = [models.Index(fields=["state", "lease_until"], name="exports_delivery_ready")]

    def __str__(self) -> str:
        """Return what goes where."""
        return f"{self.export_id} to {self.folder}"
