"""What is known of files whose rows went, so that they can be removed from the storage."""

from django.db import models
from django.utils.timezone import now


class Leftover(models.Model):
    """The content of a deleted sample: the row stays until its files are gone."""

    sha256 = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(default=now)

    class Meta:
        """Oldest first."""

        ordering = ["pk"]

    def __str__(self) -> str:
        """Return the content's digest."""
        return self.sha256


class MadeFile(models.Model):
    """A file that was made for a generation of this database: noted before it is written.

    The note goes with the file, so whatever takes the row away, the file is found. A file without a
    note may be somebody else's: of a copy of the database, of another installation.
    """

    name = models.CharField(max_length=100, unique=True)

    class Meta:
        """Oldest first."""

        ordering = ["pk"]

    def __str__(self) -> str:
        """Return the file's name."""
        return self.name
