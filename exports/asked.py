"""Which source a request asks for.

`kit=3`, `ids=1&ids=2`, a library search with `all=1`, or `export=5` for an earlier export as it was
and `export=5&as=now` for the same kit or sounds as they are.
"""

from django.contrib.auth.models import User
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from exports import sources
from exports.models import Export
from exports.sources import Source
from kits.models import Kit
from library.http import whole_numbers
from library.listing import Query, samples_of


def source_of(user: User, data: QueryDict) -> Source:
    """Return what is asked for; Http404 for a kit or an export that is not there or not theirs.

    A search may come as `query=<its address>` or as its own parameters, with `except` for rows
    that were taken out of it by hand. (`kit` is a filter there, and a kit's id elsewhere.)
    """
    if data.get("all"):
        return _found(user, data)
    exports = whole_numbers(data.getlist("export"))
    if exports:
        earlier = get_object_or_404(
            Export.objects.owned_by(user).select_related("owner", "kit"), pk=exports[0]
        )
        is_now = data.get("as") == "now"
        return sources.as_it_is_now(earlier) if is_now else sources.as_exported(earlier)
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
