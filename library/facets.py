"""What each filter would show: counts beside its values, each under all the other filters."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, F, IntegerField, QuerySet
from django.db.models.functions import Cast, Floor

from library import keys
from library.models import Sample, SampleClass, Tag
from library.query import FORMATS, KINDS, Query

SLOWEST, FASTEST, BARS = 40, 200, 40  # the histogram's ends in BPM, and its bars
BAR_BPM = (FASTEST - SLOWEST) // BARS
SEPARATE_FROM = 20_000  # with more samples the page loads facets in a second request


@dataclass(frozen=True)
class Choice:
    """One value of a filter: how many rows it would show, and whether it is chosen."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facets:
    """All filters. tempo: counts in BARS bars from SLOWEST on, the end bars hold what is beyond.

    timeless: sounds without a tempo. favourites: how many of them.
    """

    favourites: int
    classes: list[Choice]
    kinds: list[Choice]
    genres: list[Choice]
    tags: list[Choice]
    keys: list[Choice]
    formats: list[Choice]
    tempo: list[int]
    timeless: int


# What is counted in one go while nothing is chosen of it; the first four stand in an index so.
SHEETS: tuple[dict[str, Any], ...] = (
    {"cls": "sample_class", "key": "key", "genre": "genre", "fmt": "format"},
    {"kind": "is_loop", "fav": "is_favourite", "tempo": Cast(Floor("bpm"), IntegerField())},
)


def facets(user: User, query: Query) -> Facets:
    """Count what every value of every filter would show; at most ten queries."""
    owned = Sample.objects.owned_by(user).kept()
    if query.is_narrow:  # the sum turns the database from the owner's index to the few rows found
        owned = Sample.objects.kept().alias(whose=F("owner_id") + 0).filter(whose=user.pk)

    def others(group: str) -> "QuerySet[Sample]":
        return query.without(group).filter(owned).order_by()

    counts: dict[str, Counter[Any]] = {}
    for sheet in SHEETS:
        for columns in _apart(sheet, query):
            counts |= _counts(others(next(iter(columns))), columns)
    kinds = {"loop": counts["kind"][True], "oneshot": counts["kind"][False]}
    timeless = counts["tempo"].pop(None, 0)
    return Facets(
        favourites=counts["fav"][True],
        classes=_fixed(counts["cls"], dict(SampleClass.choices), query.classes),
        kinds=_fixed(kinds, KINDS, query.kinds),
        genres=_open(counts["genre"], query.genres),
        tags=_open(_tag_counts(user, query, others("tag")), query.tags),
        keys=_fixed(counts["key"], dict(keys.CHOICES), query.keys),
        formats=_fixed(counts["fmt"], FORMATS, query.formats),
        tempo=_bars(counts["tempo"]),
        timeless=timeless,
    )


def _apart(sheet: dict[str, Any], query: Query) -> Iterator[dict[str, Any]]:
    """Yield the columns that are counted together: a group with a choice sees other rows."""
    together = {group: column for group, column in sheet.items() if not query.is_active(group)}
    if together:
        yield together
    yield from ({group: sheet[group]} for group in sheet if group not in together)


def _counts(samples: "QuerySet[Sample]", columns: dict[str, Any]) -> dict[str, Counter[Any]]:
    """Count the rows of each value of each column, in one query."""
    counts: dict[str, Counter[Any]] = {group: Counter() for group in columns}
    for *values, rows in samples.values_list(*columns.values()).annotate(rows=Count("pk")):
        for tally, value in zip(counts.values(), values, strict=True):
            if value != "":
                tally[value] += rows
    return counts


def _tag_counts(user: User, query: Query, samples: "QuerySet[Sample]") -> dict[str, int]:
    """Count by number and look the names up after: half the time of a join with the names."""
    names = dict(Tag.objects.owned_by(user).values_list("pk", "name"))
    if query.without("tag").is_filtered:
        counts = Counter(dict(samples.values_list("tags").annotate(rows=Count("pk"))))
    else:  # what hangs anywhere less what hangs in the trash: that needs no look at the samples
        hung = Sample.tags.through.objects.filter(tag__in=names)
        trashed = Sample.objects.owned_by(user).trashed().values("pk")
        counts = Counter(_by_tag(hung))
        counts.subtract(_by_tag(hung.filter(sample__in=trashed)))
    return {names[pk]: rows for pk, rows in counts.items() if pk in names and rows}


def _by_tag(hung: "QuerySet[Any]") -> dict[int, int]:
    return dict(hung.values_list("tag").annotate(rows=Count("pk")).order_by())


def _fixed(counts: dict[str, int], labels: dict[str, str], chosen: Iterable[str]) -> list[Choice]:
    """Return all values of a closed list, in its order."""
    picked = set(chosen)
    return [
        Choice(value, label, counts.get(value, 0), value in picked)
        for value, label in labels.items()
    ]


def _open(counts: dict[str, int], chosen: Iterable[str]) -> list[Choice]:
    """Return the values there are, the most frequent first, and those chosen in any case."""
    counts = {**dict.fromkeys(chosen, 0), **counts}
    picked = set(chosen)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0].casefold()))
    return [Choice(value, value, count, value in picked) for value, count in ranked]


def _bars(tempos: dict[int, int]) -> list[int]:
    """Return the histogram of whole BPM."""
    bars = [0] * BARS
    for bpm, count in tempos.items():
        bars[min(max(0, (bpm - SLOWEST) // BAR_BPM), BARS - 1)] += count
    return bars
