"""Kits that were deleted, as they were, so that they can come back."""

from django.contrib.auth.models import User
from django.db import models
from django.utils.timezone import now


class DeletedKit(models.Model):
    """All of a kit as plain values (`kits.deleted` writes and reads them)."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deleted_kits")
    name = models.CharField(max_length=100)
    state = models.JSONField()
    deleted_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        """Newest first."""

        ordering = ["-pk"]

    def __str__(self) -> str:
        """Return its name."""
        return self.name
