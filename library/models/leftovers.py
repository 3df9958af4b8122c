"""Files whose last sample was deleted for good and that have to be removed from the storage."""

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
