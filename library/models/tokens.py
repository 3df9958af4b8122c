"""Keys by which programs come in for a person."""

import logging
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import DatabaseError, models
from django.db.models import Q
from django.utils.timezone import now

log = logging.getLogger(__name__)

PREFIX = "padcrate_"  # so that people and scanners know one when it lies about
USE_EVERY = timedelta(minutes=1)  # how exactly the last use is kept


class TokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens of people."""

    def owned_by(self, user: User) -> Self:
        """Return this person's tokens."""
        return self.filter(owner=user)


class ApiToken(models.Model):
    """A secret that acts for its owner in the API; only its digest is kept."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(default=now, editable=False)
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TokenQuerySet.as_manager()

    class Meta:
        """Newest first; a name says which program it is, so it is taken once."""

        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="library_token_name_once")
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def issue(self) -> str:
        """Save a new token and return its secret (256 random bits), which nothing shows again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        self.digest = _digest(secret)
        self.save(force_insert=True)
        return secret

    @classmethod
    def owner_of(cls, secret: str) -> User | None:
        """Return whom a secret stands for, and note its use; None for a stranger's.

        Who may not sign in has no say here either: the local user on a network, people who left.
        """
        token = cls.objects.select_related("owner").filter(digest=_digest(secret)).first()
        if token is None or not token.owner.is_active:
            return None
        if not settings.LOCAL_MODE and not token.owner.has_usable_password():
            return None
        token.note_use()
        return token.owner

    def note_use(self) -> None:
        """Write when it was used; a disk that is full does not keep anybody from reading."""
        moment = now()
        stale = Q(used_at=None) | Q(used_at__lt=moment - USE_EVERY)
        if self.used_at is not None and self.used_at > moment - USE_EVERY:
            return
        try:
            ApiToken.objects.filter(stale, pk=self.pk).update(used_at=moment)
        except DatabaseError:
            log.exception("The use of token %s was not noted", self.pk)


def _digest(secret: str) -> str:
    return sha256(secret.encode(errors="replace")).hexdigest()
