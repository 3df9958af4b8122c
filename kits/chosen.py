"""Which sounds a request means: ids in their order, or all that a search finds."""

from dataclasses import dataclass, replace

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import QueryDict

from kits.hardware.pads import ALL
from library import listing
from library.http import whole_numbers
from library.models import Sample
from library.query import Query

MOST = len(ALL)  # a kit takes no more


@dataclass(frozen=True)
class Chosen:
    """Sounds in the order they were asked for, at most one more than a kit has pads.

    `fields` ask for the same again, as names and values of a form.
    """

    samples: tuple[Sample, ...]
    fields: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """Return what a heading calls them."""
        if len(self.samples) == 1:
            return self.samples[0].title
        return f"{len(self.samples)} sounds" if len(self.samples) <= MOST else f"over {MOST} sounds"


def chosen(user: User, data: QueryDict) -> Chosen:
    """Return this person's sounds; ids of others, unknown and trashed ones are passed over.

    `all` means everything that a search finds but the ids in `except`: the search is the value of
    `query`, or else the rest of the fields.
    """
    if data.get("all"):
        return _by_search(user, data)
    return _by_ids(user, _ids(data.getlist("ids"))[: MOST + 1])


def _ids(values: list[str]) -> list[int]:
    """Read `ids=1&ids=2` and `ids=1,2`; the first of equals counts, anything else is ignored."""
    return list(dict.fromkeys(whole_numbers(values)))


def _by_ids(user: User, ids: list[int]) -> Chosen:
    rows = {sample.pk: sample for sample in _kept(user).filter(pk__in=ids)}
    samples = tuple(rows[number] for number in ids if number in rows)
    return Chosen(samples, (("ids", ",".join(str(sample.pk) for sample in samples)),))


def _by_search(user: User, data: QueryDict) -> Chosen:
    sent = data.get("query")
    query = Query.parse(data) if sent is None else Query.from_string(sent)
    query = replace(query, after="")
    left_out = _ids(data.getlist("except"))
    rows = listing.page(user, query, MOST + 1 + len(left_out)).rows
    samples = [sample for sample in rows if sample.pk not in set(left_out)]
    fields = [("all", "1"), ("query", query.as_querystring())]
    if left_out:
        fields.append(("except", ",".join(map(str, left_out))))
    return Chosen(tuple(samples[: MOST + 1]), tuple(fields))


def _kept(user: User) -> "QuerySet[Sample]":
    return Sample.objects.owned_by(user).kept().defer("notes", "search_text")
