"""Places of a long list that one can jump to: letters, tempos, months, by the order it has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import CharField, F, IntegerField, Max, Min, QuerySet
from django.db.models.functions import Cast, Floor, Left, Lower, Substr
from django.utils.timezone import get_default_timezone, localtime

from library.listing import samples_of
from library.models import CLASS_WORDS, Sample
from library.query import Query
from library.templatetags.units import seconds

MOST = 40  # places; of more every other one is left out
BPM_STEP = 10
LUFS_STEP = 3
LENGTHS = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 60.0, 300.0)  # seconds
SPANS = (  # letters of a moment as databases write it, how to read them, how they are shown
    (7, "%Y-%m", "%b %Y"),
    (10, "%Y-%m-%d", "%-d %b"),
    (13, "%Y-%m-%d %H", "%-d %b %H:00"),
)
MINUTES = 16, "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class Mark:
    """A place: what it is called, and the address of the list that begins there."""

    label: str
    address: str


Places = Iterator[tuple[str, str]]  # label, cursor


def marks(user: User, query: Query) -> list[Mark]:
    """Return the places of the list in its order; at most three queries."""
    places = list(_PLACES[query.sort](samples_of(user, query).order_by()))
    while len(places) > MOST:
        places = places[::2]
    address = query.as_querystring()
    return [
        Mark(label, "&".join(filter(None, [address, urlencode({"after": cursor})])))
        for label, cursor in places
    ]


def _letters(found: "QuerySet[Sample]") -> Places:
    first = found.annotate(letter=Left(Lower("title"), 1)).values_list("letter", flat=True)
    for letter in sorted(first.distinct()):
        yield letter.upper(), f"0~{letter}"


def _tempos(found: "QuerySet[Sample]") -> Places:
    step = Cast(Floor(F("bpm") / BPM_STEP), IntegerField())
    steps = found.exclude(bpm=None).annotate(step=step).values_list("step", flat=True)
    for number in sorted(steps.distinct()):
        yield f"{number * BPM_STEP}", f"0~{number * BPM_STEP}"


def _lengths(found: "QuerySet[Sample]") -> Places:
    ends = found.aggregate(low=Min("seconds"), high=Max("seconds"))
    for length in LENGTHS:
        if (ends["low"] or 0) < length <= (ends["high"] or 0):
            yield seconds(length), f"0~{length}"


def _loudnesses(found: "QuerySet[Sample]") -> Places:
    ends = found.aggregate(low=Min("loudness_lufs"), high=Max("loudness_lufs"))
    if ends["low"] is None:
        return
    low, high = int(ends["low"] // LUFS_STEP), int(ends["high"] // LUFS_STEP)
    for step in range(low, high + 1):
        yield (
            f"−{-step * LUFS_STEP}" if step < 0 else f"{step * LUFS_STEP}",
            f"0~{step * LUFS_STEP}",
        )


def _classes(found: "QuerySet[Sample]") -> Places:
    known = found.exclude(sample_class="").values_list("sample_class", flat=True).distinct()
    for value in sorted(known):
        yield CLASS_WORDS[value], f"0~{value}"


def _dates(found: "QuerySet[Sample]", *, is_newest: bool = False) -> Places:
    """Yield months; days where all came in one month, hours where all came on one day.

    Each as the clocks of the installation's time zone have it.
    """
    ends = found.aggregate(first=Min("added_at"), last=Max("added_at"))
    if ends["first"] is None:
        return
    zone = get_default_timezone()
    first, last = (localtime(ends[end], zone).date() for end in ("first", "last"))
    letters, read, said = SPANS[(first.replace(day=1) == last.replace(day=1)) + (first == last)]
    if not _is_utc(zone):  # databases write UTC: minutes are exact in all time zones
        letters, read = MINUTES
    begun = Substr(Cast("added_at", CharField()), 1, letters)  # Trunc would call Python each time
    edge = Max("pk") if is_newest else Min("pk")
    places: dict[str, int] = {}
    for written, number in sorted(found.values_list(begun).annotate(edge=edge), reverse=is_newest):
        moment = datetime.strptime(written, read).replace(tzinfo=UTC).astimezone(zone)
        label = f"{moment:{said}}"
        outer = max if is_newest else min
        places[label] = outer(places.get(label, number), number)
    for label, number in places.items():
        yield label, str(number + 1 if is_newest else max(0, number - 1))


def _is_utc(zone: tzinfo) -> bool:
    return str(zone) in {"UTC", "Etc/UTC"}


_PLACES: dict[str, Callable[["QuerySet[Sample]"], Places]] = {
    "newest": partial(_dates, is_newest=True),
    "oldest": _dates,
    "name": _letters,
    "bpm": _tempos,
    "length": _lengths,
    "loudness": _loudnesses,
    "class": _classes,
}
