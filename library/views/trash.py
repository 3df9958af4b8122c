"""The trash: what waits there, the way back, and the end."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from library import bulk, trash
from library.http import HtmxRequest, see_other, whole_numbers
from library.models import LibraryEdit, Sample
from library.templatetags.units import grouped

PAGE = 500
LATEST_EDITS = 10


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HtmxRequest) -> HttpResponse:
    """List the sounds in the trash; POST puts the chosen ones back, or `all`."""
    trashed = trash.waiting(request.user)
    if request.method == "POST":
        everything = trashed.values_list("pk", flat=True)
        ids = everything if "all" in request.POST else whole_numbers(request.POST.getlist("ids"))
        edit = bulk.apply(request.user, bulk.Action.RESTORE, bulk.Selection(ids=frozenset(ids)))
        messages.success(request, f"{edit.label}.")
        return see_other("library:trash")
    samples = list(trashed.order_by("-deleted_at", "-pk")[:PAGE])
    kept_for = trash.days(request.user)
    context = {
        "rows": _rows(samples, kept_for),
        "count": trashed.count(),
        "going": trash.going(request.user).count(),
        "on_pads": trash.held(trashed).count(),
        "days": kept_for,
        "edits": LibraryEdit.objects.filter(owner=request.user, undone_at=None)[:LATEST_EDITS],
    }
    return render(request, "library/trash.html", context)


def _rows(samples: list[Sample], kept_for: int) -> list[dict[str, Any]]:
    """Return each sound with the pads it lies on and the day on which it goes."""
    places = trash.kits_of(sample.pk for sample in samples)
    return [
        {
            "sample": sample,
            "pads": places.get(sample.pk, []),
            "goes": _goes(sample, kept_for) if sample.pk not in places else None,
        }
        for sample in samples
    ]


def _goes(sample: Sample, kept_for: int) -> Any:
    if not kept_for or sample.deleted_at is None:
        return None
    return sample.deleted_at + timedelta(days=kept_for)


@require_POST
def empty(request: HtmxRequest) -> HttpResponse:
    """Delete the chosen sounds for good, or all; those on pads only where that is asked for."""
    chosen = whole_numbers(request.POST.getlist("ids"))
    done = trash.empty(
        request.user,
        None if "all" in request.POST else chosen,
        from_pads="from_pads" in request.POST,
    )
    messages.success(request, _told(done))
    return see_other("library:trash")


def _told(done: trash.Emptied) -> str:
    said = f"{grouped(done.deleted)} sound{'' if done.deleted == 1 else 's'} deleted for good."
    if done.waiting:
        are = "sound is" if done.waiting == 1 else "sounds are"
        said = f"{said} {grouped(done.waiting)} {are} being deleted."
    if not done.on_pads:
        return said
    stay = "sound stays" if done.on_pads == 1 else "sounds stay"
    return f"{said} {grouped(done.on_pads)} {stay} here, for pads still hold what is listed."
