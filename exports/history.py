"""The record of all exports: the list with its filters, and what failed in any of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import make_aware
from django.views.decorators.http import require_safe

from exports.forms import HistoryForm
from exports.models import Export, ExportItem
from exports.options import Options
from library.http import HtmxRequest, whole_number
from library.jobs import State
from library.models import Sample

PAGE = 20
EARLIER = 6  # beside a job
WITH_FAILURES = tuple(state for state in State if state != State.COMPLETED)
CHANNELS = {"mono": "mono", "auto": "mono where nothing is lost"}
LONG = {"split": "long ones split", "shorten": "long ones cut"}


@dataclass(frozen=True)
class Row:
    """One export as lists show it; written: how many files it has."""

    export: Export
    written: int

    @property
    def options(self) -> str:
        """Return its options in one line: `WAV, by tempo, mono`."""
        return in_words(self.export)

    @property
    def sounds(self) -> str:
        """Return how many sounds it has, and of how many where some are missing."""
        asked = self.export.sample_count
        of = f"{self.written:,} of " if self.export.state == State.PARTIAL else ""
        return f"{of}{asked:,} sound{'s' * (asked != 1)}".replace(",", "\u202f")

    @property
    def is_bad(self) -> bool:
        """Tell whether something went wrong."""
        return self.export.state in {State.FAILED, State.PARTIAL}


def in_words(export: Export) -> str:
    """Return what was chosen for an export, in one line; what is usual goes without saying."""
    options = Options.from_json(export.options)
    parts = [
        export.get_format_display(),
        export.get_layout_display().lower(),
        CHANNELS.get(options.channels, ""),
        f"loudness {options.loudness_lufs:g} LUFS" if options.loudness == "match" else "",
        LONG.get(options.long, ""),
        "silence trimmed" if options.trim else "",
        "text lists" if options.include_metadata else "",
        "pad sheet" if options.include_sheet else "",
    ]
    return ", ".join(filter(None, parts)).replace("-", "\N{MINUS SIGN}")


def rows(exports: Iterable[Export]) -> list[Row]:
    """Count the files of these exports, all of them with one question."""
    found = list(exports)
    done = ExportItem.objects.filter(export__in=found, state=State.COMPLETED)
    counts = dict(done.order_by().values_list("export").annotate(Count("pk")))
    return [Row(export, counts.get(export.pk, 0)) for export in found]


def earlier(export: Export) -> list[Row]:
    """Return the exports before this one."""
    others = Export.objects.owned_by(export.owner).filter(created_at__lte=export.created_at)
    return rows(others.filter(pk__lt=export.pk)[:EARLIER])


@require_safe
def history(request: HtmxRequest) -> HttpResponse:
    """List this person's exports, newest first, as the filters say."""
    form = HistoryForm(request.GET)
    form.is_valid()
    sample = _sample(request)
    page = _page(request, _filtered(request.user, form.cleaned_data, sample))
    context = {
        "form": form,
        "page": page,
        "rows": rows(page.object_list),
        "sample": sample,
        "shares": settings.SHARING,
    }
    return render(request, "exports/history.html", context)


def _page(request: HtmxRequest, found: "QuerySet[Any]") -> Page[Any]:
    return Paginator(found, PAGE).get_page(request.GET.get("page"))


def _sample(request: HtmxRequest) -> Sample | None:
    """Return the sound whose exports are asked for, if it is theirs."""
    number = whole_number(request.GET.get("sample"))
    return Sample.objects.owned_by(request.user).filter(pk=number).first() if number else None


def _filtered(user: User, chosen: dict[str, Any], sample: Sample | None) -> "QuerySet[Export]":
    exports = Export.objects.owned_by(user)
    for name in ("kind", "state"):
        if chosen.get(name):
            exports = exports.filter(**{name: chosen[name]})
    if first := chosen.get("since"):
        exports = exports.filter(created_at__gte=make_aware(datetime.combine(first, time.min)))
    if last := chosen.get("until"):
        exports = exports.filter(created_at__lte=make_aware(datetime.combine(last, time.max)))
    if sample is not None:
        with_it = ExportItem.objects.filter(sample=sample).values("export")
        exports = exports.filter(pk__in=with_it)
    return exports


@require_safe
def failed(request: HtmxRequest) -> HttpResponse:
    """List what could not be converted in any export of this person, newest export first."""
    items = ExportItem.objects.filter(export__owner=request.user, state=State.FAILED)
    found = items.select_related("export").order_by("-export_id", "position")
    pages = Paginator(found, PAGE)
    pages.count = _failures(request.user)
    return render(request, "exports/failed.html", {"page": pages.get_page(request.GET.get("page"))})


def _failures(user: User) -> int:
    """Count what failed, by way of the exports in which something can have."""
    exports = Export.objects.owned_by(user).filter(state__in=WITH_FAILURES).order_by()
    return ExportItem.objects.filter(export__in=exports.values("pk"), state=State.FAILED).count()
