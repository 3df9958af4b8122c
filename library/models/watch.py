"""Folders of this machine whose sounds come in by themselves, and what is known of their files."""

from django.contrib.auth.models import User
from django.db import models
from django.utils.timezone import now

from library.jobs import Job, JobQuerySet
from library.models.samples import Sample

LONGEST_PATH = 1000  # characters of a folder or a file's path that is kept


class WatchedFolder(Job):
    """One folder below those that the installation offers; its job is to look through it once."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="watched")
    path = models.CharField(max_length=LONGEST_PATH)  # absolute; pages never show it
    added_at = models.DateTimeField(default=now, editable=False)
    due_at = models.DateTimeField(default=now, editable=False)  # when it is looked through next
    scanned_at = models.DateTimeField(null=True, editable=False)  # when that was done last

    objects = JobQuerySet["WatchedFolder"].as_manager()

    class Meta:
        """Each folder once for each person."""

        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "path"], name="library_watched_once")
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="library_watched_ready")]

    def __str__(self) -> str:
        """Return the folder's own name, without those above it."""
        return self.path.rsplit("/", 1)[-1]


class WatchedFile(models.Model):
    """One file as it was when it was read last: it is read again only when that has changed.

    folder: below the watched one, `` for its root. A row whose file has gone stays, so that the
    file is known again by its content wherever it turns up.
    """

    watched = models.ForeignKey(WatchedFolder, on_delete=models.CASCADE, related_name="files")
    folder = models.CharField(max_length=LONGEST_PATH, blank=True)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(default=0)
    modified_ns = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    sample = models.ForeignKey(
        Sample, null=True, on_delete=models.SET_NULL, related_name="watched_files"
    )
    problem = models.CharField(max_length=500, blank=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        """Found by place and by content."""

        ordering = ["folder", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["watched", "folder", "name"], name="library_watched_file_once"
            )
        ]
        indexes = [models.Index(fields=["sha256"], name="library_watched_content")]

    def __str__(self) -> str:
        """Return its path below the watched folder."""
        return f"{self.folder}/{self.name}" if self.folder else self.name
