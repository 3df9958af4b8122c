"""Crates: keeping a search, naming it, giving it up."""

import json
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from library import crates
from library.crates import CrateError
from library.http import HtmxRequest, see_other
from library.models import Crate, LibraryEdit
from library.query import Query


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def keep_crate(request: HtmxRequest) -> HttpResponse:
    """Ask for the name under which the search of the address is kept; POST keeps it."""
    if request.method != "POST":
        return _ask(request, Query.parse(request.GET))
    query = Query.from_string(request.POST.get("list", ""))
    try:
        edit = crates.keep(request.user, request.POST.get("name", ""), query)
    except CrateError as reason:
        return _ask(request, query, str(reason))
    return _done(request, edit, query)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def change_crate(request: HtmxRequest, pk: int) -> HttpResponse:
    """Ask what to do with a crate; POST gives it a `name`, the search on screen, or deletes it."""
    crate = get_object_or_404(Crate, owner=request.user, pk=pk)
    if request.method != "POST":
        return _ask(request, Query.parse(request.GET), crate=crate)
    query = Query.from_string(request.POST.get("list", ""))
    try:
        edit = _act(crate, request.POST.get("act", ""), request.POST.get("name", ""), query)
    except CrateError as reason:
        return _ask(request, query, str(reason), crate=crate)
    return _done(request, edit, query)


def _act(crate: Crate, act: str, name: str, query: Query) -> LibraryEdit:
    if act == "delete":
        return crates.delete(crate)
    if act == "overwrite":
        return crates.keep(crate.owner, crate.name, query)
    return crates.rename(crate, name)


def _ask(
    request: HtmxRequest, query: Query, problem: str = "", crate: Crate | None = None
) -> HttpResponse:
    said = ", ".join(chip.label for chip in query.chips())[: crates.LONGEST]
    context = {
        "crate": crate,
        "query": query,
        "suggested": request.POST.get("name") or (crate.name if crate else said),
        "problem": problem,
        "is_other": crate is not None and crate.query != query.as_querystring(),
        "known": Crate.objects.filter(owner=request.user),
    }
    template = "library/crate.html#crate" if request.htmx else "library/crate.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, template, context, status=status)


def _done(request: HtmxRequest, edit: LibraryEdit, query: Query) -> HttpResponse:
    """Show the crates anew, and a way to undo."""
    if not request.htmx:
        messages.success(request, f"{edit.label}.")
        text = query.as_querystring()
        return see_other(f"{reverse('library:list')}{'?' if text else ''}{text}")
    response = render(
        request,
        "library/_crates.html",
        {"crates": Crate.objects.filter(owner=request.user), "query": query, "is_update": True},
    )
    undo = reverse("library:undo-edit", args=[edit.pk])
    response["HX-Retarget"] = "#crates"
    response["HX-Reswap"] = "none"
    response["HX-Trigger-After-Swap"] = json.dumps(
        {"dialog:close": {}, "toast": {"text": f"{edit.label}.", "undo": undo}}
    )
    return response
