"""The library page: the list, its filters, and where one can jump to in it."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from library import facets, listing, marks, tray
from library.branches import below
from library.http import HtmxRequest, whole_number
from library.models import Crate, Sample
from library.query import KIT_USE, SORTS, Query

MOST_ROWS = 3000  # that a page holds; list.js has the same number
LENGTHS = (  # label, from, below (seconds)
    ("< 0.3 s", None, 0.3),
    ("0.3–1", 0.3, 1.0),
    ("1–4", 1.0, 4.0),
    ("> 4 s", 4.0, None),
)
TAGS_OPEN, MOST_TAGS = 12, 120
OUTSIDE = {"q", "sort", "folder"}  # fields that do not wait for the counts


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def library(request: HtmxRequest) -> HttpResponse:
    """List the sounds that the address asks for: whole page, results, next rows, or filters."""
    query = plain(Query.parse(request.GET))
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "library/list.html", page_context(request, query))
    if query.after and request.htmx.target != "results":
        context = {"found": listing.page(request.user, query), "query": query}
        return render(request, "library/list.html#more-rows", context)
    if "facets" in request.GET:
        context = filters(request, query) | {"is_late": True}
        return render(request, "library/list.html#facets", context)
    context = page_context(request, query)
    if request.htmx.target == "main":
        return render(request, "library/list.html#page", context)
    response = render(request, "library/list.html#found", context | {"is_update": True})
    return _addressed(request, response, query)


@require_safe
def jumps(request: HtmxRequest) -> HttpResponse:
    """List the places of a long list that one can jump to."""
    query = plain(Query.parse(request.GET))
    context = {"query": query, "marks": marks.marks(request.user, query)}
    return render(request, "library/list.html#jumps", context)


@require_safe
def folder_names(request: HtmxRequest) -> HttpResponse:
    """List the names of one's folders, for the field that asks for one."""
    context = {"folders": listing.folders(request.user)}
    return render(request, "library/list.html#folders", context)


@require_safe
@vary_on_headers("HX-Request")
def folders(request: HtmxRequest) -> HttpResponse:
    """Show the folders below one, each with the address that shows it under the list's filters."""
    query = plain(Query.parse(request.GET))
    under = (
        request.GET.get("under", "").replace("\0", "").strip("/")[: Sample.folder.field.max_length]
    )
    shown, here = reverse("library:list"), request.path
    branches = [
        {
            "name": branch.name,
            "count": branch.count,
            "has_more": branch.has_more,
            "shows": f"{shown}?{replace(query, folder=branch.path, after='').as_querystring()}",
            "opens": f"{here}?{urlencode({'under': branch.path})}&{query.as_querystring()}",
        }
        for branch in below(request.user, under)
    ]
    part = "#branches" if under else "#folders"
    template = f"library/folders.html{part if request.htmx else ''}"
    return render(request, template, {"branches": branches, "under": under})


def plain(query: Query) -> Query:
    """Drop what has no effect, so that one list has one address."""
    return replace(
        query,
        nobpm=query.nobpm and query.has_tempo,
        fit=query.fit and bool(query.keys),
    )


def _addressed(request: HtmxRequest, response: HttpResponse, query: Query) -> HttpResponse:
    """Put the list's own address into the browser's bar, and tell the page about the new list."""
    try:
        shown = urlsplit(request.htmx.current_url or "")
    except ValueError:  # a header may hold anything
        shown = urlsplit("")
    text, path = _address(query), reverse("library:list")
    is_list = shown.path in {"", path}  # similar sounds, shown in its place, have another address
    if not is_list or text != _address(plain(Query.from_string(shown.query))):
        response["HX-Push-Url"] = f"{path}{'?' if text else ''}{text}"
    response["HX-Trigger-After-Swap"] = json.dumps({"list:reset": {}})
    return response


def _address(query: Query) -> str:
    """Return the query string of a list, from the row on where it begins."""
    after = [urlencode({"after": query.after})] if query.after else []
    return "&".join(filter(None, [query.as_querystring(), *after]))


def page_context(request: HtmxRequest, query: Query) -> dict[str, Any]:
    """Return what page and results show."""
    size = whole_number(request.GET.get("rows")) or listing.PAGE
    found = listing.page(request.user, query, min(max(size, listing.PAGE), MOST_ROWS))
    if found.total is None:  # it begins in the middle
        found = replace(found, total=listing.samples_of(request.user, query).count())
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
        context |= filters(request, query)
    return context


def filters(request: HtmxRequest, query: Query) -> dict[str, Any]:
    """Return crates and the filters with their counts."""
    found = facets.facets(request.user, query)
    tags = sorted(found.tags, key=lambda tag: not tag.is_chosen)[:MOST_TAGS]
    genres = sorted(found.genres, key=lambda genre: not genre.is_chosen)[:MOST_TAGS]
    return {
        "query": query,
        "crates": Crate.objects.filter(owner=request.user),
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
