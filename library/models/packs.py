"""Packs: sounds that came together, and what their maker says about them."""

from django.contrib.auth.models import User
from django.db import models
from django.utils.timezone import now


class Pack(models.Model):
    """A ZIP or folder of sounds as it arrived: its name, its maker and its terms."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="packs")
    name = models.CharField(max_length=200)
    author = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    licence_text = models.TextField(blank=True)  # as it lay in the pack
    added_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        """One pack of a name for each person."""

        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="library_pack_once")]

    def __str__(self) -> str:
        """Return its name."""
        return self.name
