"""Batches of sounds on their way in, and what did not come in."""

from django.contrib.auth.models import User
from django.db import models
from django.db.models import F
from django.utils.timezone import now

from library.jobs import Job, JobQuerySet
from library.models.packs import Pack


class Import(Job):
    """A batch of sounds on its way in: files from a browser, a ZIP pack, the demo crate."""

    class Kind(models.TextChoices):
        """Where the sounds come from. Browser uploads need no worker."""

        UPLOAD = "upload", "Files"
        PACK = "pack", "ZIP pack"
        DEMO = "demo", "Demo crate"

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=6, choices=Kind)
    key = models.CharField(max_length=36)  # the browser's name of the batch
    name = models.CharField(max_length=255)
    pack = models.ForeignKey(Pack, on_delete=models.SET_NULL, null=True, related_name="+")
    pack_sha256 = models.CharField(max_length=64, blank=True)  # while the pack's file is kept
    restores = models.BooleanField(default=True)  # what lies in the trash comes back with it
    total = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)  # how many entries a worker has dealt with
    added = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    touched_at = models.DateTimeField(default=now)
    is_dismissed = models.BooleanField(default=False)  # its owner has closed the tray

    objects = JobQuerySet["Import"].as_manager()

    class Meta:
        """One row per batch."""

        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="library_import_once")]
        indexes = [models.Index(fields=["state", "lease_until"], name="library_import_ready")]

    def __str__(self) -> str:
        """Return the batch's name."""
        return self.name

    @property
    def blob(self) -> str:
        """Return the storage name of the pack's file; no two imports share one."""
        return f"packs/{self.key[:2]}/{self.key}"

    def count(self, **more: int) -> None:
        """Add to the counters and note that the batch is alive."""
        Import.objects.filter(pk=self.pk).update(
            touched_at=now(), **{name: F(name) + step for name, step in more.items()}
        )


class ImportProblem(models.Model):
    """One file that did not come in, and why."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="problems")
    name = models.CharField(max_length=255)
    message = models.CharField(max_length=500)

    class Meta:
        """In the order they happened; a file that is tried again is told once."""

        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "name"], name="library_problem_once")
        ]

    def __str__(self) -> str:
        """Return the sentence a person reads."""
        return self.message
