"""Rows of the running product: one-time links and signs of life."""

from datetime import timedelta

from django.db import models
from django.utils.timezone import now


class SignInLink(models.Model):
    """A one-time link for the local user; only the token's digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        """Return when it was made."""
        return f"Link of {self.made_at:%Y-%m-%d %H:%M}"


class WorkerBeat(models.Model):
    """Sign of life of one worker pool, written every few seconds."""

    ALIVE = timedelta(seconds=15)

    name = models.CharField(max_length=80, unique=True)
    beat_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        """Return the pool's name."""
        return self.name

    @classmethod
    def any_alive(cls) -> bool:
        """Tell whether some worker pool showed a sign of life lately."""
        return cls.objects.filter(beat_at__gt=now() - cls.ALIVE).exists()
