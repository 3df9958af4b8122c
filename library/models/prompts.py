"""What people asked a model for, and how often."""

from typing import Self

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.timezone import now

MOST_WORDS = 500  # characters of a prompt; PostgreSQL indexes no more than 2,700 bytes


class PromptQuerySet(models.QuerySet["Prompt"]):
    """Prompts, by whose they are."""

    def owned_by(self, user: User) -> Self:
        """Return this person's prompts; nobody sees another's."""
        return self.filter(user=user)

    def most_used(self) -> Self:
        """Return them with the most used first, then the last used; slice it for a page."""
        return self.order_by("-used_count", "-last_used_at", "-id")

    def record(self, user: User, text: str) -> None:
        """Count a use of this prompt; the first one makes its row. Right among many writers."""
        known = self.filter(user=user, text=text)
        again = {"used_count": F("used_count") + 1, "last_used_at": now()}
        if known.update(**again):
            return
        try:
            with transaction.atomic():
                self.create(user=user, text=text)
        except IntegrityError:  # somebody else made it in this moment
            known.update(**again)


class Prompt(models.Model):
    """What somebody asked for, and how often."""

    # The indexes below begin with the person: one of their own would serve nothing.
    user = models.ForeignKey(User, models.CASCADE, related_name="prompts", db_index=False)
    text = models.CharField(max_length=MOST_WORDS)
    used_count = models.PositiveIntegerField(default=1)
    first_used_at = models.DateTimeField(default=now)
    last_used_at = models.DateTimeField(default=now)

    objects = PromptQuerySet.as_manager()

    class Meta:
        """One row per person and text."""

        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "text"], name="library_prompt_once"),
            models.CheckConstraint(condition=Q(used_count__gte=1), name="library_prompt_used"),
        ]
        indexes = [
            models.Index(
                fields=["user", "-used_count", "-last_used_at", "-id"],
                name="library_prompt_most_used",
            )
        ]

    def __str__(self) -> str:
        """Return the words."""
        return self.text
