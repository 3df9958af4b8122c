"""Which source a request asks for: `kit=3`, `ids=1&ids=2`, or a library search with `all=1`."""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from exports import sources
from exports.sources import Source
from kits.models import Kit
from library.http import whole_numbers
from library.listing import Query, samples_of


def source_of(user: User, data: QueryDict) -> Source:
    """Return what is asked for; Http404 for a kit that is not there or not this person's.

    A search may come as `query=<its address>` or as its own parameters, with `except` for rows
    that were taken out of it by hand. (`kit` is a filter there, and a kit's id elsewhere.)
    """
    if data.get("all"):
        return _found(user, data)
    kits = whole_numbers(data.getlist("kit"))
    if kits:
        return sources.from_kit(get_object_or_404(Kit.objects.owned_by(user), pk=kits[0]))
    return sources.from_ids(user, whole_numbers(data.getlist("ids")))


def _found(user: User, data: QueryDict) -> Source:
    text = data.get("query")
    query = Query.parse(data) if text is None else Query.from_string(text)
    dropped = sorted(set(whole_numbers(data.getlist("except"))))
    fields = [("all", "1"), ("query", query.as_querystring())]
    if dropped:
        fields.append(("except", ",".join(map(str, dropped))))
    return sources.from_query(samples_of(user, query), fields, dropped)
