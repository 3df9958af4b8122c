"""What every page knows of work in progress: the lamp in the face."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import now

from exports.models import Export
from exports.progress import percent_of
from library.jobs import OPEN_STATES, State
from library.models import Analysis, Sample
from library.templatetags.units import grouped

WITHOUT_FILES = (State.FAILED, State.CANCELLED, *OPEN_STATES)
READY_FOR = timedelta(minutes=10)  # how long the lamp says that an export is ready


@dataclass(frozen=True)
class Lamp:
    """One line in the face; `is_alive` while it is worth asking again."""

    text: str
    url: str
    is_alive: bool = False
    look: str = "on"


def lamp(request: HttpRequest) -> dict[str, Any]:
    """Return `lamp`, looked up when a page shows it; None when nothing lives."""
    user = request.user
    if not user.is_authenticated:
        return {"lamp": None}
    return {"lamp": SimpleLazyObject(lambda: lamp_of(user))}


def lamp_of(user: User) -> Lamp | None:
    """Return what the lamp shows this person: three queries at most."""
    export = _newest(user)
    if export is not None and export.is_open:
        return _exporting(export)
    return _reading(user) or (_ready(export) if export is not None else None)


def _newest(user: User) -> Export | None:
    """Return the export to speak of: one in progress, else one that ended just now."""
    mine = Export.objects.owned_by(user).order_by()
    lately = mine.filter(files_removed_at=None, finished_at__gt=now() - READY_FOR)
    ready = lately.exclude(state__in=WITHOUT_FILES).annotate(alive=Value(0))
    # Two questions in one statement: each has an index, either-or would read the whole history.
    either = mine.alive().annotate(alive=Value(1)).union(ready, all=True)
    return either.order_by("-alive", "-pk").first()


def _exporting(export: Export) -> Lamp:
    url = reverse("exports:job", args=[export.pk])
    if export.state == State.WAITING:
        return Lamp("Waiting for disk space", url, is_alive=True, look="warn")
    done = export.items.filter(state__in=[State.COMPLETED, State.FAILED]).count()
    percent = percent_of(done, export.sample_count)
    return Lamp(f"Exporting {percent} %", url, is_alive=True)


def _ready(export: Export) -> Lamp:
    return Lamp("Export ready", reverse("exports:job", args=[export.pk]))


def _reading(user: User) -> Lamp | None:
    """Return how far the analyses are; the library is counted only while one is open."""
    waits = Analysis.objects.owned_by(user).unfinished().filter(sample__deleted_at=None).count()
    if not waits:
        return None
    total = Sample.objects.owned_by(user).kept().count()
    text = f"Reading {grouped(total - waits)} of {grouped(total)}"
    return Lamp(text, reverse("library:list"), is_alive=True)
