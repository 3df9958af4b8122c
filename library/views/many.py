"""Changes to many sounds at once, and the way back."""

import json
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from library import bulk, crates, facets, licences, listing, naming, renames, trash
from library.http import HtmxRequest, asking_path, see_other, whole_numbers
from library.models import Crate, LibraryEdit, Preferences, Sample, SampleClass, Tag
from library.query import Query
from library.views import listing as listing_page

MOST_VISIBLE = 60  # rows that a bulk change sends back
OWN_PAGE = re.compile(r"/([\w-]+/)*", re.ASCII)  # an address a selection can be passed on to


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def change_many(request: HtmxRequest) -> HttpResponse:
    """Ask what to change about the selected sounds; POST changes it.

    A POST with `go` passes the selection on to that address, for the plain form's buttons; one with
    `ask` only asks, for selections that no address can hold, and one with `preview` shows what a
    pattern makes of the names.
    """
    if request.method != "POST" or "ask" in request.POST:
        asked = request.POST if request.method == "POST" else request.GET
        return _ask(request, asked, HTTPStatus.OK)
    selection = _selection(request.POST)
    if "go" in request.POST:
        return _go(request, selection)
    if "preview" in request.POST:
        return _preview(request, selection)
    try:
        edit = _apply(request, selection)
    except (bulk.BulkError, naming.PatternError) as reason:
        return _refused(request, str(reason))
    if not request.htmx:
        messages.success(request, _told(edit))
        return see_other(_back(request))
    return _changed(request, edit)


def _apply(request: HtmxRequest, selection: bulk.Selection) -> LibraryEdit:
    action, value = request.POST.get("action", ""), request.POST.get("value", "")
    if action != renames.ACTION:
        return bulk.apply(request.user, action, selection, value)
    ids = selection.of(request.user)
    return renames.apply(request.user, ids, _pattern(request), _shown(request).sort)


def _pattern(request: HtmxRequest) -> naming.Pattern:
    asked = request.POST
    return naming.Pattern(
        asked.get("pattern", naming.UNCHANGED),
        asked.get("find", ""),
        asked.get("replace", ""),
        is_camelot=Preferences.of(request.user).key_notation == Preferences.Notation.CAMELOT,
    )


def _preview(request: HtmxRequest, selection: bulk.Selection) -> HttpResponse:
    """Show the first new names, or why there are none."""
    pattern = _pattern(request)
    context: dict[str, Any] = {"pattern": pattern}
    try:
        ids = selection.of(request.user)
        context["renaming"] = renames.plan(request.user, ids, pattern, _shown(request).sort)
    except naming.PatternError as reason:
        context["refusal"] = str(reason)
    if request.htmx:
        return render(request, "library/_renaming.html", context)
    return _ask(request, request.POST, HTTPStatus.OK, **context)


def _shown(request: HtmxRequest) -> Query:
    """Return what the list shows: the form says it, or else the address of the page."""
    text = request.POST.get("list", "")
    if not text:
        try:
            text = urlsplit(request.htmx.current_url or "").query
        except ValueError:  # a header may hold anything
            text = ""
    return listing_page.plain(Query.from_string(text))


def _selection(data: QueryDict) -> bulk.Selection:
    """Read `ids=1,2` (or repeated), or `all=1` with `query` and `except`."""
    if data.get("all"):
        query = Query.from_string(data.get("query", ""))
        excluded = frozenset(whole_numbers(data.getlist("except")))
        return bulk.Selection(query=query, excluded=excluded)
    return bulk.Selection(ids=frozenset(whole_numbers(data.getlist("ids"))))


def _ask(request: HtmxRequest, data: QueryDict, status: HTTPStatus, **more: object) -> HttpResponse:
    chosen = _selection(data)
    context = {
        "count": len(chosen.of(request.user)),
        "fields": _as_fields(chosen),
        "only": data.get("only", ""),
        "classes": SampleClass.choices,
        "licences": licences.COMMON,
        "hung": chosen.tags(request.user),
        "tag_words": Tag.objects.owned_by(request.user),
        "list": data.get("list", ""),
        "pattern": _pattern(request),
        "tokens": naming.TOKENS,
        **more,
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
    fields = _as_fields(selection)
    if target == request.path and request.POST.get("list"):
        fields.append(("list", request.POST["list"]))
    return see_other(f"{target}?{urlencode(fields)}")


def _refused(request: HtmxRequest, reason: str) -> HttpResponse:
    if request.htmx:
        response = HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
        response["HX-Trigger"] = json.dumps({"toast": {"text": reason, "bad": True}})
        return response
    messages.error(request, reason)
    return _ask(request, request.POST, HTTPStatus.UNPROCESSABLE_ENTITY)


def _back(request: HtmxRequest) -> str:
    """Return the list the person came from."""
    text = _shown(request).as_querystring()
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
    events: dict[str, Any] = {"toast": {"text": _told(edit), "undo": _undo_url(edit)}}
    if asking_path(request) == reverse("library:generations"):  # its rows are others
        headers = {"HX-Trigger": json.dumps({**events, "library:changed": {}})}
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=headers)
    query = listing_page.plain(Query.from_string(request.POST.get("list", "")))
    kept = Sample.objects.owned_by(request.user).kept()
    visible = whole_numbers([request.POST.get("visible", "")])[:MOST_VISIBLE]
    rows = kept.filter(pk__in=visible).select_related("analysis").prefetch_related("tags")
    library_size = kept.count()
    context = {
        "query": query,
        "rows": listing.tell_slices(rows),
        "found": {"total": listing.samples_of(request.user, query).count()},
        "library_size": library_size,
    }
    if library_size <= facets.SEPARATE_FROM:
        context |= listing_page.filters(request, query)
    response = render(request, "library/list.html#changed", context)
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
    if edit.action == crates.ACTION:
        return _crates(request, events)
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Trigger": json.dumps(events)})


def _crates(request: HtmxRequest, events: dict[str, Any]) -> HttpResponse:
    """Show the crates anew."""
    context = {
        "crates": Crate.objects.filter(owner=request.user),
        "query": _shown(request),
        "is_update": True,
    }
    response = render(request, "library/_crates.html", context)
    response["HX-Trigger"] = json.dumps({"toast": events["toast"]})
    return response
