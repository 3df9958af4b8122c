"""Crates: searches that a person keeps."""

from django.contrib.auth.models import User
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now


class Crate(models.Model):
    """A search under a name; what lies in it changes with the library."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="crates")
    name = models.CharField(max_length=60)
    query = models.TextField()  # as the address of the library page holds it
    made_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        """One crate of a name for each person, whatever its case."""

        ordering = ["name"]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="library_crate_once")]

    def __str__(self) -> str:
        """Return its name."""
        return self.name
