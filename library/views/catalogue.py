"""The library as one table, to be taken elsewhere."""

from dataclasses import replace

from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from library import catalogue
from library.http import HtmxRequest
from library.query import Query


@require_safe
def table(request: HtmxRequest) -> HttpResponseBase:
    """Offer the table of what the address asks for; with `format` send it."""
    query = replace(Query.parse(request.GET), after="")
    form = request.GET.get("format", "")
    if form in catalogue.FORMATS:
        return response(request, query, form)
    context = {
        "query": query,
        "address": query.as_querystring(),
        "count": catalogue.samples(request.user, query).count(),
        "columns": catalogue.COLUMNS,
    }
    return render(request, "library/catalogue.html", context)


def response(request: HtmxRequest, query: Query, form: str) -> StreamingHttpResponse:
    """Send the table while it is made."""
    pieces = catalogue.stream(catalogue.samples(request.user, query), form)
    answer = StreamingHttpResponse(pieces, content_type=catalogue.FORMATS[form])
    name = content_disposition_header(True, f"padcrate_library.{form}")  # noqa: FBT003
    answer["Content-Disposition"] = name or ""
    return answer
