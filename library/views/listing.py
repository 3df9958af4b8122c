"""The library page: the list, its filters, and changes to many sounds at once."""

import json
import re
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from library import bulk, facets, listing, trash, tray
from library.http import HtmxRequest, see_other, whole_numbers
from library.models import LibraryEdit, Sample, SampleClass, Tag
from library.query import KIT_USE, SORTS, Query

MOST_VISIBLE = 60  # rows that a bulk change sends back
LENGTHS = (  # label, from, below (seconds)
    ("< 0.3 s", None, 0.3),
    ("0.3–1", 0.3, 1.0),
    ("1–4", 1.0, 4.0),
    ("> 4 s", 4.0, None),
)
TAGS_OPEN, MOST_TAGS = 12, 120
OWN_PAGE = re.compile(r"/([\w-]+/)*", re.ASCII)  # an address a selection can be passed on to
OUTSIDE = {"q", "sort", "folder"}  # fields that do not wait for the counts


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def library(request: HtmxRequest) -> HttpResponse:
    """List the sounds that the address asks for: whole page, results, next rows, or filters."""
    query = _plain(Query.parse(request.GET))
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "library/list.html", _page(request, query))
    if query.after:
        context = {"found": listing.page(request.user, query), "query": query}
        return render(request, "library/list.html#more-rows", context)
    if "facets" in request.GET:
        context = _filters(request, query) | {"is_late": True}
        return render(request, "library/list.html#facets", context)
    context = _page(request, query)
    if request.htmx.target == "main":
        return render(request, "library/list.html#page", context)
    response = render(request, "library/list.html#found", context | {"is_update": True})
    return _addressed(request, response, query)


def _plain(query: Query) -> Query:
    """Drop what has no effect, so that one list has one address."""
    return replace(
        query,
        nobpm=query.nobpm and query.has_tempo,
        fit=query.fit and bool(query.keys),
    )


def _addressed(request: HtmxRequest, response: HttpResponse, query: Query) -> HttpResponse:
    """Put the list's own address into the browser's bar, and tell the page about the new list."""
    try:
        shown = urlsplit(request.htmx.current_url or "").query
    except ValueError:  # a header may hold anything
        shown = ""
    text = query.as_querystring()
    if text != _plain(Query.from_string(shown)).as_querystring():
        response["HX-Push-Url"] = f"{reverse('library:list')}{'?' if text else ''}{text}"
    response["HX-Trigger-After-Swap"] = json.dumps({"list:reset": {}})
    return response


def _page(request: HtmxRequest, query: Query) -> dict[str, Any]:
    """Return what page and results show."""
    found = listing.page(request.user, query)
    library_size = Sample.objects.owned_by(request.user).kept().count()
    empty = not found.rows and not query.after
    context = {
        "query": query,
        "found": found,
        "library_size": library_size,
        "is_first_run": library_size == 0,
        "relaxation": listing.relaxation(request.user, query) if empty and library_size else None,
        "sorts": SORTS,
        "tray": tray.tray(request.user),
        "facets": None,
        "pairs": [pair for pair in parse_qsl(query.as_querystring()) if pair[0] not in OUTSIDE],
    }
    if 0 < library_size <= facets.SEPARATE_FROM:
        context |= _filters(request, query)
    return context


def _filters(request: HtmxRequest, query: Query) -> dict[str, Any]:
    """Return the filters with their counts."""
    found = facets.facets(request.user, query)
    tags = sorted(found.tags, key=lambda tag: not tag.is_chosen)[:MOST_TAGS]
    genres = sorted(found.genres, key=lambda genre: not genre.is_chosen)[:MOST_TAGS]
    return {
        "query": query,
        "facets": found,
        "keys_lit": query.all_keys(),
        "tags_open": tags[:TAGS_OPEN],
        "tags_more": tags[TAGS_OPEN:],
        "genres": genres,
        "lengths": _lengths(query),
        "kit_uses": KIT_USE,
        "ends": (facets.SLOWEST, facets.FASTEST),
    }


def _lengths(query: Query) -> list[dict[str, Any]]:
    """Return the quick choices of length: label, address, and whether each is on."""
    choices = []
    for label, low, high in LENGTHS:
        is_on = (query.dmin, query.dmax) == (low, high)
        other = query.without("length") if is_on else replace(query, dmin=low, dmax=high, after="")
        choices.append({"label": label, "is_on": is_on, "address": other.as_querystring()})
    return choices


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def change_many(request: HtmxRequest) -> HttpResponse:
    """Ask what to change about the selected sounds; POST changes it.

    A POST with `go` passes the selection on to that address, for the plain form's buttons; one with
    `ask` only asks, for selections that no address can hold.
    """
    if request.method != "POST" or "ask" in request.POST:
        asked = request.POST if request.method == "POST" else request.GET
        return _ask(request, asked, HTTPStatus.OK)
    selection = _selection(request.POST)
    if "go" in request.POST:
        return _go(request, selection)
    try:
        edit = bulk.apply(
            request.user,
            request.POST.get("action", ""),
            selection,
            request.POST.get("value", ""),
        )
    except bulk.BulkError as reason:
        return _refused(request, str(reason))
    if not request.htmx:
        messages.success(request, _told(edit))
        return see_other(_back(request))
    return _changed(request, edit)


def _selection(data: QueryDict) -> bulk.Selection:
    """Read `ids=1,2` (or repeated), or `all=1` with `query` and `except`."""
    if data.get("all"):
        query = Query.from_string(data.get("query", ""))
        excluded = frozenset(whole_numbers(data.getlist("except")))
        return bulk.Selection(query=query, excluded=excluded)
    return bulk.Selection(ids=frozenset(whole_numbers(data.getlist("ids"))))


def _ask(request: HtmxRequest, data: QueryDict, status: HTTPStatus) -> HttpResponse:
    chosen = _selection(data)
    context = {
        "count": len(chosen.of(request.user)),
        "fields": _as_fields(chosen),
        "only": data.get("only", ""),
        "classes": SampleClass.choices,
        "tag_words": Tag.objects.owned_by(request.user),
    }
    template = "library/bulk.html#bulk" if request.htmx else "library/bulk.html"
    return render(request, template, context, status=status)


def _as_fields(selection: bulk.Selection) -> list[tuple[str, str]]:
    """Return the selection as names and values of a form."""
    if selection.query is None:
        return [("ids", ",".join(map(str, sorted(selection.ids))))]
    excluded = ",".join(map(str, sorted(selection.excluded)))
    return [("all", "1"), ("query", selection.query.as_querystring()), ("except", excluded)]


def _go(request: HtmxRequest, selection: bulk.Selection) -> HttpResponse:
    target = request.POST["go"]
    if not OWN_PAGE.fullmatch(target):
        return _refused(request, "There is no such page.")
    if not selection.of(request.user):
        messages.error(request, "Tick some sounds first.")
        return see_other(_back(request))
    return see_other(f"{target}?{urlencode(_as_fields(selection))}")


def _refused(request: HtmxRequest, reason: str) -> HttpResponse:
    if request.htmx:
        response = HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
        response["HX-Trigger"] = json.dumps({"toast": {"text": reason, "bad": True}})
        return response
    messages.error(request, reason)
    return _ask(request, request.POST, HTTPStatus.UNPROCESSABLE_ENTITY)


def _back(request: HtmxRequest) -> str:
    """Return the list the person came from."""
    text = _plain(Query.from_string(request.POST.get("list", ""))).as_querystring()
    return f"{reverse('library:list')}{'?' if text else ''}{text}"


def _told(edit: LibraryEdit) -> str:
    """Return what was done, and which kits miss what was moved to the trash."""
    is_gone = edit.action == bulk.Action.TRASH
    missed = trash.warning(bulk.changed(edit)) if is_gone else ""
    return f"{edit.label}. {missed}".strip()


def _undo_url(edit: LibraryEdit) -> str:
    return reverse("library:undo-edit", args=[edit.pk])


def _changed(request: HtmxRequest, edit: LibraryEdit) -> HttpResponse:
    """Send back the rows that can be seen, the filters, and a way to undo."""
    query = _plain(Query.from_string(request.POST.get("list", "")))
    kept = Sample.objects.owned_by(request.user).kept()
    visible = whole_numbers([request.POST.get("visible", "")])[:MOST_VISIBLE]
    rows = kept.filter(pk__in=visible).select_related("analysis").prefetch_related("tags")
    library_size = kept.count()
    context = {
        "query": query,
        "rows": rows,
        "found": {"total": listing.samples_of(request.user, query).count()},
        "library_size": library_size,
    }
    if library_size <= facets.SEPARATE_FROM:
        context |= _filters(request, query)
    response = render(request, "library/list.html#changed", context)
    events: dict[str, Any] = {"toast": {"text": _told(edit), "undo": _undo_url(edit)}}
    if edit.action == bulk.Action.TRASH:
        events["library:trashed"] = {}
    response["HX-Trigger-After-Swap"] = json.dumps(events)
    return response


@require_POST
def undo_edit(request: HtmxRequest, pk: int) -> HttpResponse:
    """Take a change to many sounds back."""
    edit = get_object_or_404(LibraryEdit, owner=request.user, pk=pk)
    said = f"Undone: {edit.label}." if bulk.undo(edit) else "That was undone already."
    if not request.htmx:
        messages.success(request, said)
        return see_other("library:list")
    events = {"toast": {"text": said}, "library:changed": {}}
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Trigger": json.dumps(events)})
