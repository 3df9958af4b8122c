"""Links to one finished export, for people without an account."""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import now

if TYPE_CHECKING:
    from exports.models import Export

DAYS = ((1, "1 day"), (7, "7 days"), (30, "30 days"), (90, "90 days"))
USUAL_DAYS = 7
LIST = 20  # of the newest links of one export


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    """Links, by whether they still open anything."""

    def live(self) -> Self:
        """Return links that are neither revoked nor over."""
        return self.filter(revoked_at=None, expires_at__gt=now())


class ShareLink(models.Model):
    """A link to the ZIP of one export; only the digest of its token is kept."""

    export = models.ForeignKey("exports.Export", on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True, editable=False)  # sha256 of the token
    made_at = models.DateTimeField(default=now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    downloads = models.PositiveIntegerField(default=0, editable=False)  # that reached the end

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        """Newest first."""

        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["export", "expires_at"],
                name="exports_link_live",
                condition=Q(revoked_at=None),
            )
        ]

    def __str__(self) -> str:
        """Say until when it opens its export."""
        return f"Link until {self.expires_at:%Y-%m-%d %H:%M}"

    @property
    def is_live(self) -> bool:
        """Tell whether it still opens its export."""
        return self.revoked_at is None and self.expires_at > now()

    def revoke(self) -> None:
        """Close it for good; the first time counts."""
        ShareLink.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now())

    def count(self) -> None:
        """Count one download that came to its end."""
        ShareLink.objects.filter(pk=self.pk).update(downloads=F("downloads") + 1)


def make(export: "Export", days: int = USUAL_DAYS) -> tuple[ShareLink, str]:
    """Return a new link to this export and its token: 256 random bits that nobody sees again."""
    token = secrets.token_urlsafe(32)
    ends = now() + timedelta(days=days)
    return ShareLink.objects.create(export=export, digest=digest(token), expires_at=ends), token


def digest(token: str) -> str:
    """Return what is kept of a token: 64 hexadecimal digits."""
    return sha256(token.encode()).hexdigest()


def find(token: str) -> ShareLink | None:
    """Return the live link of this token; None when unknown, over, revoked, or not allowed here.

    Links of people whose accounts are switched off open nothing, as their tokens do not.
    """
    if not settings.SHARING:
        return None
    links = ShareLink.objects.live().select_related("export")
    return links.filter(digest=digest(token), export__owner__is_active=True).first()


def address(token: str) -> str:
    """Return the path that the token opens."""
    return reverse("share", args=[token])


def offered(export: "Export") -> dict[str, Any]:
    """Return what the page shows of an export's links; nothing where none can be made.

    An installation may forbid links, and without files there is nothing to hand out.
    """
    if not settings.SHARING or not export.has_files:
        return {}
    return {
        "links": list(export.links.all()[:LIST]),
        "days": DAYS,
        "usual": USUAL_DAYS,
        "is_local": settings.LOCAL_MODE,
    }
