"""Sounds like one sound, in the place of the list, with the same rows."""

import json
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from library import listing
from library.http import HtmxRequest, whole_numbers
from library.models import Sample
from library.query import Query
from library.similar.nearest import NOTES, Asked, Aspect, aspect_of, nearest
from library.views.listing import page_context, plain


@require_safe
@vary_on_headers("HX-Request", "HX-Target")
def similar(request: HtmxRequest, pk: int) -> HttpResponse:
    """List the sounds nearest to one; `back` is the search that the list showed before."""
    mine = Sample.objects.owned_by(request.user).select_related("analysis").defer(*listing.UNSEEN)
    origin = get_object_or_404(mine, pk=pk)
    asked = Asked(origin, aspect_of(request.GET.get("aspect")), request.GET.get("same") == "1")
    shown = _shown(request)
    query = plain(_back(request, shown))
    context: dict[str, Any] = {"asked": asked, "note": NOTES[asked.aspect], "query": query}
    context |= {"near": nearest(request.user, asked, listing.drawn())} | _addresses(asked, query)
    if not request.htmx or request.htmx.history_restore_request:
        return render(request, "library/list.html", page_context(request, query) | context)
    if request.htmx.target == "main":
        return render(request, "library/list.html#page", page_context(request, query) | context)
    response = render(request, "library/_near.html", context)
    if context["here"] != f"{shown.path}?{shown.query}":
        response["HX-Push-Url"] = context["here"]
    response["HX-Trigger-After-Swap"] = json.dumps({"list:reset": {}})
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def of_chosen(request: HtmxRequest) -> HttpResponse:
    """Lead to the sounds like the first of those that are chosen."""
    asked = request.POST if request.method == "POST" else request.GET
    ids = whole_numbers(asked.getlist("ids"))
    return redirect("library:similar", ids[0]) if ids else redirect("library:list")


def _shown(request: HtmxRequest) -> SplitResult:
    """Return the address that the browser shows."""
    try:
        return urlsplit(request.htmx.current_url or "")
    except ValueError:  # a header may hold anything
        return urlsplit("")


def _back(request: HtmxRequest, shown: SplitResult) -> Query:
    """Return the search to go back to: `back`, or what the page shows that asks."""
    if "back" in request.GET:
        return Query.from_string(request.GET["back"])
    if shown.path == reverse("library:list"):
        return Query.from_string(shown.query)
    return Query.from_string(QueryDict(shown.query).get("back", ""))


def _addresses(asked: Asked, query: Query) -> dict[str, Any]:
    """Return where the other aspects, the switch and the way back lead."""
    back = query.as_querystring()

    def address(aspect: Aspect, *, same: bool) -> str:
        fields = {"aspect": aspect.value, **({"same": "1"} if same else {})}
        fields |= {"back": back} if back else {}
        return f"{reverse('library:similar', args=[asked.sample.pk])}?{urlencode(fields)}"

    return {
        "here": address(asked.aspect, same=asked.same_class),
        "aspects": [
            (each, address(each, same=asked.same_class), each == asked.aspect) for each in Aspect
        ],
        "switched": address(asked.aspect, same=not asked.same_class),
        "listed": "&".join(filter(None, [back, urlencode({"near": asked.sample.pk})])),
    }
