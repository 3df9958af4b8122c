"""What a library is made of: tempos, keys, lengths, loudness, classes by month, as figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import floor, log2
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, F, IntegerField, QuerySet
from django.db.models.functions import Cast, Floor

from library import keys
from library.facets import BAR_BPM, BARS, SLOWEST, Choice
from library.models import CLASS_WORDS, Sample
from library.months import Month, months
from library.templatetags.units import grouped

WIDTH, HEIGHT = 480, 120
"""Of a plot's view box."""

GAP = 2

SHORTEST, LENGTHS = -5, 24
"""The first bar of lengths begins at 2^-5 s; so many bars of half an octave each."""

QUIETEST, LOUDEST, STEP_DB = -40, 0, 2
"""LUFS."""

LEVELS = 4
"""Shades of the key wheel."""


@dataclass(frozen=True)
class Bar:
    """One column: what it counts, and its place in the plot (view box units)."""

    label: str
    count: int
    x: float
    y: float
    width: float
    height: float
    name: str = ""  # the class of a part


@dataclass(frozen=True)
class Plot:
    """Columns over an axis. sentence: what there is to see. ticks: words below, evenly spread."""

    slug: str
    title: str
    sentence: str
    head: str
    bars: tuple[Bar, ...] = ()
    ticks: tuple[str, ...] = ()

    @property
    def rows(self) -> list[Bar]:
        """Return what the table of numbers lists."""
        return [bar for bar in self.bars if bar.count]


@dataclass(frozen=True)
class Wheel:
    """The keys and how many sounds each has; levels: its shade by key, 0 to LEVELS."""

    sentence: str
    choices: list[Choice]
    levels: dict[str, int]
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Growth:
    """The months; parts: the stacked columns; classes: those that occur, with their words."""

    sentence: str
    months: list[Month]
    parts: list[Bar]
    classes: list[tuple[str, str]]

    @property
    def table(self) -> list[tuple[str, list[int], int]]:
        """Return a row for each month: its name, a count for each class, all of them."""
        return [
            (month.label, [month.classes.get(name, 0) for name, _ in self.classes], month.count)
            for month in self.months
        ]


@dataclass(frozen=True)
class Stats:
    """All figures of the page."""

    count: int
    plots: list[Plot]
    wheel: Wheel
    growth: Growth


def stats(user: User) -> Stats:
    """Count all of it; every query is answered by an index."""
    kept = Sample.objects.owned_by(user).kept().order_by()
    tempos = _counts(kept, Cast(Floor("bpm"), IntegerField()))
    count = sum(tempos.values())
    plots = [
        _tempo(tempos),
        _length(_counts(kept, Cast(Floor(F("seconds") * 100), IntegerField()))),
        _loudness(_counts(kept, Cast(Floor("loudness_lufs"), IntegerField()))),
    ]
    return Stats(count, plots, _wheel(_counts(kept, "key")), _growth(months(user)))


def _counts(kept: "QuerySet[Sample]", column: Any) -> Counter[Any]:
    return Counter(dict(kept.values_list(column).annotate(rows=Count("pk"))))


def _tempo(found: Counter[int | None]) -> Plot:
    timeless = found.pop(None, 0)
    counts = [0] * BARS
    for bpm, rows in found.items():
        counts[min(max(0, (bpm or 0) - SLOWEST) // BAR_BPM, BARS - 1)] += rows
    labels = [f"{low}–{low + BAR_BPM} BPM" for low in _steps(SLOWEST, BAR_BPM, BARS)]
    labels[0], labels[-1] = f"under {SLOWEST + BAR_BPM} BPM", f"from {_last(SLOWEST, BAR_BPM)} BPM"
    sentence = _sentence("have a tempo", counts, labels)
    without = f" {grouped(timeless)} {_has(timeless)} none." if timeless else ""
    return Plot(
        "tempo", "Tempo", sentence + without, "Tempo", _bars(counts, labels), _ticks(40, 200, 40)
    )


def _last(start: int, step: int) -> int:
    return start + step * (BARS - 1)


def _length(found: Counter[int | None]) -> Plot:
    """Draw lengths on an axis on which every octave is as wide: two bars."""
    found.pop(None, 0)
    counts = [0] * LENGTHS
    for hundredths, rows in found.items():
        place = floor(2 * (log2(((hundredths or 0) + 0.5) / 100) - SHORTEST))
        counts[min(max(0, place), LENGTHS - 1)] += rows
    edges = [2 ** (SHORTEST + place / 2) for place in range(LENGTHS + 1)]
    labels = [f"{low:.2g}–{high:.2g} s" for low, high in pairwise(edges)]
    labels[0], labels[-1] = f"under {edges[1]:.2g} s", f"from {edges[-2]:.2g} s"
    sentence = _sentence("are measured", counts, labels)
    if sum(counts):
        sentence += f" Half are shorter than {edges[_middle(counts) + 1]:.2g} s."
    ticks = ("0.03", "0.13", "0.5", "2", "8", "32", "128 s")
    return Plot("length", "Length", sentence, "Length", _bars(counts, labels), ticks)


def _loudness(found: Counter[int | None]) -> Plot:
    found.pop(None, 0)
    bars = (LOUDEST - QUIETEST) // STEP_DB
    counts = [0] * bars
    for lufs, rows in found.items():
        counts[min(max(0, ((lufs or 0) - QUIETEST) // STEP_DB), bars - 1)] += rows
    labels = [
        f"{low} to {low + STEP_DB} LUFS".replace("-", "−")
        for low in _steps(QUIETEST, STEP_DB, bars)
    ]
    sentence = _sentence("have a loudness", counts, labels)
    ticks = tuple(tick.replace("-", "−") for tick in _ticks(QUIETEST, LOUDEST, 10))
    return Plot("loudness", "Loudness", sentence, "Loudness", _bars(counts, labels), ticks)


def _wheel(found: Counter[str]) -> Wheel:
    counts = {key: found[key] for key in keys.CAMELOT}
    total, most = sum(counts.values()), max(counts.values())
    labels = dict(keys.CHOICES)
    sentence = "No sound has a key yet."
    if total:
        best = max(counts, key=lambda key: counts[key])
        sentence = f"{_sounds(total)} {_has(total)} a key, most often {labels[best]} "
        sentence += f"({keys.CAMELOT[best]}): {grouped(counts[best])}."
    return Wheel(
        sentence,
        [Choice(key, labels[key], count, is_chosen=False) for key, count in counts.items()],
        {key: -(-LEVELS * count // most) if most else 0 for key, count in counts.items()},
    )


def _growth(found: list[Month]) -> Growth:
    names = [name for name in [*CLASS_WORDS, ""] if any(name in each.classes for each in found)]
    most = max((month.count for month in found), default=0)
    parts = [
        part
        for place, month in enumerate(found)
        for part in _stack(month, names, place * WIDTH / len(found), WIDTH / len(found), most)
    ]
    sentence = "Nothing has been added yet."
    if found:
        sentence = _came(found)
    words = [(name, CLASS_WORDS.get(name, "No class")) for name in names]
    return Growth(sentence, found, parts, words)


def _came(found: Sequence[Month]) -> str:
    """Say how much came since when, and when the most."""
    best = max(found, key=lambda month: month.count)
    total = sum(month.count for month in found)
    first = next(month for month in found if month.count)
    if best.count == total:
        return f"{_sounds(total)}, all of {'it' if total == 1 else 'them'} {_when(best)}."
    since = f", some of them {first.label}" if first.is_earlier else f" since {first.label}"
    return f"{_sounds(total)}{since}, most {_when(best)}: {grouped(best.count)}."


def _when(month: Month) -> str:
    return month.label if month.is_earlier else f"in {month.label}"


def _stack(month: Month, names: Iterable[str], x: float, width: float, most: int) -> list[Bar]:
    """Return a month's classes, one on the other."""
    sizes = [(name, month.classes.get(name, 0)) for name in names]
    tops = accumulate(count for _, count in sizes)
    return [
        Bar(
            f"{month.label}: {CLASS_WORDS.get(name, 'no class')}",
            count,
            round(x + GAP / 2, 1),
            round(HEIGHT - top / most * HEIGHT, 1),
            round(width - GAP, 1),
            round(count / most * HEIGHT, 1),
            name,
        )
        for (name, count), top in zip(sizes, tops, strict=True)
        if count
    ]


def _bars(counts: Sequence[int], labels: Sequence[str]) -> tuple[Bar, ...]:
    most, width = max(counts, default=0) or 1, WIDTH / len(counts)

    def bar(place: int, label: str, count: int) -> Bar:
        height = round(count / most * HEIGHT, 1)
        x = round(place * width + GAP / 2, 1)
        return Bar(label, count, x, round(HEIGHT - height, 1), round(width - GAP, 1), height)

    pairs = zip(labels, counts, strict=True)
    return tuple(bar(place, *pair) for place, pair in enumerate(pairs))


def _sentence(what: str, counts: Sequence[int], labels: Sequence[str]) -> str:
    total = sum(counts)
    if not total:
        return f"No sounds {what} yet."
    best = max(range(len(counts)), key=lambda place: counts[place])
    if total == 1:
        what = what.replace("have", "has").replace("are", "is")
    return f"{_sounds(total)} {what}, most often {labels[best]}: {grouped(counts[best])}."


def _middle(counts: Sequence[int]) -> int:
    """Return the bar in which the sound in the middle lies."""
    half = sum(counts) / 2
    return next(place for place, upto in enumerate(accumulate(counts)) if upto >= half)


def _sounds(count: int) -> str:
    return f"{grouped(count)} sound{'' if count == 1 else 's'}"


def _has(count: int) -> str:
    return "has" if count == 1 else "have"


def _steps(start: int, step: int, count: int) -> range:
    return range(start, start + step * count, step)


def _ticks(start: int, end: int, step: int) -> tuple[str, ...]:
    return tuple(str(value) for value in range(start, end + 1, step))
