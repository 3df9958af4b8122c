"""What the library lists: pages of rows, and what to drop when there are none.

Rows come by keyset: a page starts after the row that the last one ended with, so that a page deep
down costs what the first one does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.db.models.functions import Lower

from library.http import whole_number
from library.models import Sample
from library.query import GROUPS, SORTS, Chip, Query

__all__ = [
    "SORTS", "Chip", "Page", "Query", "Relaxation", "drawn", "in_order", "page", "relaxation",
    "samples_of",
]  # fmt: skip

PAGE = 60
MOST_FOLDERS = 1000
UNSEEN = ("search_text", "notes", "decode_warnings")  # columns that no row shows


@dataclass(frozen=True)
class _Order:
    """An order by a value and then by id; rows without a value (`missing`) come last."""

    by: str
    missing: Q | None = None
    floor: float | str = ""  # no value is below it


_ORDERS = {
    "name": _Order("name_key"),
    "bpm": _Order("bpm", Q(bpm=None), 0.0),
    "length": _Order("seconds", Q(seconds=None), 0.0),
    "loudness": _Order("loudness_lufs", Q(loudness_lufs=None), -1000.0),
    "class": _Order("sample_class", Q(sample_class="")),
}


@dataclass(frozen=True)
class _Place:
    """Where a page begins: after this row, and after this value if the row had one."""

    pk: int
    value: float | str | None = None


@dataclass(frozen=True)
class Page:
    """Some rows of the list. total: of the whole list, on its first page only.

    next: the query string of the page after this one, '' on the last.
    """

    rows: list[Sample]
    total: int | None
    next: str


@dataclass(frozen=True)
class Relaxation:
    """The one group of filters to drop when nothing matches, and what that would show."""

    label: str
    count: int
    querystring: str


def samples_of(user: User, query: Query) -> "QuerySet[Sample]":
    """Return all samples of a person that a query lets through, in no order."""
    return query.filter(Sample.objects.owned_by(user).kept())


def in_order(user: User, sort: str) -> "QuerySet[Sample]":
    """Return all samples of a person in an order of the list; those without its value last."""
    samples = Sample.objects.owned_by(user).kept()
    order = _ORDERS.get(sort)
    if order is None:
        return samples.order_by("-pk" if sort == "newest" else "pk")
    by = Lower("title") if order.by == "name_key" else F(order.by)
    if order.missing is None:
        return samples.order_by(by, "pk")
    return samples.order_by(Case(When(order.missing, then=1), default=0), by, "pk")


def folders(user: User) -> list[str]:
    """Return the folders that sounds lie in, and those above them; a thousand at most."""
    lowest = Sample.objects.owned_by(user).kept().order_by().values_list("folder", flat=True)
    known: set[str] = set()
    for folder in lowest.distinct():
        parts = folder.split("/")
        known.update("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    return sorted(known - {""}, key=_depth)[:MOST_FOLDERS]


def _depth(folder: str) -> tuple[int, str, str]:
    return folder.count("/"), folder.casefold(), folder


def page(user: User, query: Query, size: int = PAGE) -> Page:
    """Return the rows after `query.after` with tags and analysis; a constant number of queries."""
    found = samples_of(user, query)
    order = _ORDERS.get(query.sort)
    start = _place(query.after, order)
    if order is None:
        rows = _by_id(found, start, newest=query.sort == "newest", most=size + 1)
    else:
        rows = _by_value(found, order, start, most=size + 1)
    following = ""
    if len(rows) > size:
        rows = rows[:size]
        after = urlencode({"after": _cursor(rows[-1], order)})
        following = "&".join(filter(None, [query.as_querystring(), after]))
    return Page(tell_slices(rows), None if start else found.count(), following)


def drawn() -> "QuerySet[Sample]":
    """Return all samples with what rows show of them; to be narrowed to a person's."""
    return _shown(Sample.objects.all())


def _shown(samples: "QuerySet[Sample]") -> "QuerySet[Sample]":
    return samples.select_related("analysis").prefetch_related("tags").defer(*UNSEEN)


def tell_slices(rows: Iterable[Sample]) -> list[Sample]:
    """Return rows that know into how many slices they are cut on pads; one query for all."""
    told = list(rows)
    cut = Sample.objects.filter(pk__in=[row.pk for row in told], pads__slice__gt=0).order_by()
    counts = dict(cut.annotate(n=Count("pads__slice", distinct=True)).values_list("pk", "n"))
    for row in told:
        row.slices = counts.get(row.pk, 0)
    return told


def _by_id(
    found: "QuerySet[Sample]", start: _Place | None, *, newest: bool, most: int
) -> list[Sample]:
    if start is not None:
        found = found.filter(pk__lt=start.pk) if newest else found.filter(pk__gt=start.pk)
    return list(_shown(found).order_by("-pk" if newest else "pk")[:most])


def _by_value(
    found: "QuerySet[Sample]", order: _Order, start: _Place | None, most: int
) -> list[Sample]:
    """Return rows that have the value, then those that have none."""
    rows: list[Sample] = []
    if start is None or start.value is not None:
        rows = list(_valued(found, order, start)[:most])
        start = None
    if order.missing is not None and len(rows) < most:
        rest = found.filter(order.missing)
        rows += _by_id(rest, start, newest=False, most=most - len(rows))
    return rows


def _valued(found: "QuerySet[Sample]", order: _Order, start: _Place | None) -> "QuerySet[Sample]":
    if order.by == "name_key":
        found = found.annotate(name_key=Lower("title"))
    if start is not None:  # the first test is one that an index can use
        found = found.filter(**{f"{order.by}__gte": start.value})
        found = found.filter(Q(**{f"{order.by}__gt": start.value}) | Q(pk__gt=start.pk))
    elif order.missing is not None:
        above = "gt" if order.floor == "" else "gte"
        found = found.filter(**{f"{order.by}__{above}": order.floor})
    return _shown(found).order_by(order.by, "pk")


def _cursor(row: Sample, order: _Order | None) -> str:
    """Write the place of a row: `id`, or `id~value` where it has the value of the order."""
    if order is None:
        return str(row.pk)
    value = getattr(row, order.by)
    is_missing = order.missing is not None and value in {None, ""}
    return str(row.pk) if is_missing else f"{row.pk}~{value}"


def _place(cursor: str, order: _Order | None) -> _Place | None:
    """Read a cursor; None for the first page and for whatever is none."""
    written, sign, text = cursor.partition("~")
    pk = whole_number(written)
    if pk is None:
        return None
    if order is None or (order.missing is not None and not sign):
        return _Place(pk)
    if order.floor == "":
        return _Place(pk, text)
    try:
        return _Place(pk, float(text))
    except ValueError:
        return None


def relaxation(user: User, query: Query) -> Relaxation | None:
    """Return which group of filters to drop for the most rows; None when none alone helps."""
    best: Relaxation | None = None
    for group in GROUPS:
        if not query.is_active(group):
            continue
        open_query = query.without(group)
        count = samples_of(user, open_query).count()
        if count and (best is None or count > best.count):
            best = Relaxation(query.label_of(group), count, open_query.as_querystring())
    return best
