"""What each filter would show: counts beside its values, each under all the other filters."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Count, F, IntegerField, QuerySet
from django.db.models.functions import Cast, Floor

from library import keys, search
from library.models import Sample, SampleClass, Tag
from library.query import FORMATS, Query

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

    timeless: sounds without a tempo.
    """

    classes: list[Choice]
    genres: list[Choice]
    tags: list[Choice]
    keys: list[Choice]
    formats: list[Choice]
    tempo: list[int]
    timeless: int


def facets(user: User, query: Query) -> Facets:
    """Count what every value of every filter would show; seven queries."""
    owned = Sample.objects.owned_by(user).kept()
    if search.is_narrow(
        query.q
    ):  # the sum turns the database from the owner's index to the few rows found by words
        owned = Sample.objects.kept().alias(whose=F("owner_id") + 0).filter(whose=user.pk)

    def others(group: str) -> "QuerySet[Sample]":
        return query.without(group).filter(owned).order_by()

    tempo, timeless = _tempo(others("tempo"))
    return Facets(
        classes=_fixed(
            _counts(others("cls"), "sample_class"), dict(SampleClass.choices), query.classes
        ),
        genres=_open(_counts(others("genre"), "genre"), query.genres),
        tags=_open(_tag_counts(user, others("tag")), query.tags),
        keys=_fixed(_counts(others("key"), "key"), dict(keys.CHOICES), query.keys),
        formats=_fixed(_counts(others("fmt"), "format"), FORMATS, query.formats),
        tempo=tempo,
        timeless=timeless,
    )


def _counts(samples: "QuerySet[Sample]", column: str) -> dict[str, int]:
    rows = samples.values_list(column).annotate(rows=Count("pk")).order_by()
    return {value: count for value, count in rows if value}


def _tag_counts(user: User, samples: "QuerySet[Sample]") -> dict[str, int]:
    """Count by number and look the names up after: half the time of a join with the names."""
    names = dict(Tag.objects.owned_by(user).values_list("pk", "name"))
    rows = samples.values_list("tags").annotate(rows=Count("pk")).order_by()
    return {names[pk]: count for pk, count in rows if pk in names}


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


def _tempo(samples: "QuerySet[Sample]") -> tuple[list[int], int]:
    bar = Cast(Floor("bpm"), IntegerField())
    bars, timeless = [0] * BARS, 0
    for bpm, count in samples.values_list(bar).annotate(rows=Count("pk")).order_by():
        if bpm is None:
            timeless += count
        else:
            bars[min(max(0, (bpm - SLOWEST) // BAR_BPM), BARS - 1)] += count
    return bars, timeless
