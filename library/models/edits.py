"""Bulk changes that can be taken back."""

from django.contrib.auth.models import User
from django.db import models
from django.utils.timezone import now


class LibraryEdit(models.Model):
    """One bulk change to the library, with what is needed to take it back."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="library_edits")
    label = models.CharField(max_length=200)
    action = models.CharField(max_length=20)
    before = models.JSONField()
    made_at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ["-pk"]

    def __str__(self) -> str:
        """Return what was done."""
        return self.label
