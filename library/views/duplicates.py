"""Near-duplicates: groups of the same recording, and keeping one of each."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from library import tasks
from library.copies import acts, groups, pairs
from library.http import HtmxRequest, see_other, whole_number, whole_numbers

PAGE = 20  # groups


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def page(request: HtmxRequest) -> HttpResponse:
    """Show sounds that hold the same recording; POST keeps one of a group, or the best of `all`."""
    if request.method == "POST":
        return _kept(request)
    template = "library/duplicates.html#copies" if request.htmx else "library/duplicates.html"
    return render(request, template, _context(request))


def _context(request: HtmxRequest) -> dict[str, Any]:
    known = pairs.Pairs.of(request.user)
    waiting = pairs.waiting(request.user, known)
    if waiting and pairs.claim(request.user):
        tasks.ask_to_compare(request.user.pk)
    found = groups.sets(request.user)
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, whole_number(request.GET.get("page")) or 1), pages)
    shown = found[(number - 1) * PAGE : number * PAGE]
    return {
        "groups": groups.groups(request.user, shown),
        "count": len(found),
        "spare": sum(len(each) - 1 for each in found),
        "waiting": waiting,
        "page": number,
        "pages": range(1, pages + 1) if pages > 1 else (),
    }


def _kept(request: HtmxRequest) -> HttpResponse:
    kept = _all(request) if "all" in request.POST else _one(request)
    done = acts.keep(request.user, kept, on_pads="pads" in request.POST) if kept else None
    said = done.told if done is not None else "Choose which one to keep."
    if not request.htmx:
        messages.success(request, said)
        return see_other("library:duplicates")
    response = render(request, "library/duplicates.html#copies", _context(request))
    toast = {"text": said}
    if done is not None:
        toast["undo"] = reverse("library:undo-edit", args=[done.edit.pk])
    return trigger_client_event(response, "toast", toast)


def _one(request: HtmxRequest) -> dict[int, Sequence[int]]:
    """Return what the form of one group says: the sound to keep and all of the group."""
    best = whole_number(request.POST.get("keep"))
    ids = whole_numbers(request.POST.getlist("ids"))
    return {} if best is None or best not in ids else {best: [pk for pk in ids if pk != best]}


def _all(request: HtmxRequest) -> dict[int, Sequence[int]]:
    """Return the best of every group and the others."""
    found = groups.groups(request.user, groups.sets(request.user))
    return {
        each.best.pk: [copy.sample.pk for copy in each.copies if not copy.is_best] for each in found
    }
