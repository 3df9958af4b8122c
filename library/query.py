"""What a person is looking for, as the address of the library page holds it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import isfinite
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from library import branches, keys, search, typed
from library.models import Sample, SampleClass
from library.templatetags.units import seconds, tempo

SORTS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "name": "Name",
    "bpm": "Tempo",
    "length": "Length",
    "loudness": "Loudness",
    "class": "Class",
}
FORMATS = {
    "wav": "WAV", "aiff": "AIFF", "mp3": "MP3", "flac": "FLAC", "m4a": "M4A", "ogg": "OGG",
}  # fmt: skip
KIT_USE = {"used": "On a pad", "unused": "Not on a pad"}
KINDS = {"loop": "Loops", "oneshot": "One-shots"}
LONGEST_VALUE = 500
MOST_VALUES = 50  # of one filter


# Filter groups and the fields of a query that make them up; each can be typed into `q` as well.
GROUPS: dict[str, tuple[str, ...]] = {
    typed.WORDS: (),
    "fav": ("fav",),
    "cls": ("classes",),
    "kind": ("kinds",),
    "key": ("keys", "fit"),
    "tempo": ("lo", "hi", "nobpm", "octaves"),
    "length": ("dmin", "dmax"),
    "genre": ("genres",),
    "tag": ("tags",),
    "folder": ("folder",),
    "fmt": ("formats",),
    "kit": ("kit",),
    "pack": (),
    "licence": (),
    "state": (),
}


@dataclass(frozen=True)
class Chip:
    """One active filter: what it says, and the address (a query string) without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Query:
    """What a person is looking at, as the query string holds it.

    q: search words and typed filters. classes, kinds, genres, tags, formats: any of them. fav:
    favourites alone. keys: as `keys` writes them, with `fit` also those that mix with them. lo, hi:
    BPM; with `nobpm` sounds without a tempo stay, with `octaves` half and double tempos come. dmin,
    dmax: seconds. folder: it and all below. kit: '', 'used' or 'unused'. after: a cursor.
    """

    q: str = ""
    fav: bool = False
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    fit: bool = False
    lo: float | None = None
    hi: float | None = None
    nobpm: bool = False
    octaves: bool = False
    dmin: float | None = None
    dmax: float | None = None
    genres: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    folder: str = ""
    formats: tuple[str, ...] = ()
    kit: str = ""
    sort: str = "newest"
    after: str = ""

    @classmethod
    def parse(cls, data: QueryDict) -> "Query":
        """Read a query string; what makes no sense in it is passed over."""
        return cls(
            q=_text(data, "q")[: search.LONGEST_QUERY],
            fav=_is_on(data, "fav"),
            classes=_chosen(data, "cls", SampleClass.values),
            kinds=_chosen(data, "kind", KINDS),
            keys=tuple(dict.fromkeys(filter(None, map(keys.parse, _values(data, "key"))))),
            fit=_is_on(data, "fit"),
            lo=_number(data, "lo"),
            hi=_number(data, "hi"),
            nobpm=_is_on(data, "nobpm"),
            octaves=_is_on(data, "oct"),
            dmin=_number(data, "dmin"),
            dmax=_number(data, "dmax"),
            genres=_values(data, "genre"),
            tags=_values(data, "tag"),
            folder=_text(data, "folder").strip("/"),
            formats=_chosen(data, "fmt", FORMATS),
            kit=_text(data, "kit") if _text(data, "kit") in KIT_USE else "",
            sort=_text(data, "sort") if _text(data, "sort") in SORTS else "newest",
            after=_text(data, "after"),
        )

    @classmethod
    def from_string(cls, text: str) -> "Query":
        """Read a query string that a page has sent along."""
        return cls.parse(QueryDict(text[:10_000]))

    @classmethod
    def from_words(cls, text: str) -> "Query":
        """Read what might be typed into the search field."""
        return cls.from_string(urlencode({"q": text}))

    def as_querystring(self) -> str:
        """Return the shortest query string that means the same list, without a cursor."""
        pairs: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        for name, several in (
            ("cls", self.classes),
            ("kind", self.kinds),
            ("key", self.keys),
            ("genre", self.genres),
            ("tag", self.tags),
            ("fmt", self.formats),
        ):
            pairs += [(name, value) for value in several]
        for name in ("lo", "hi", "dmin", "dmax"):
            if (number := getattr(self, name)) is not None:
                pairs.append((name, f"{number:g}"))
        switches = {"fav": self.fav, "fit": self.fit, "nobpm": self.nobpm, "oct": self.octaves}
        pairs += [(name, "1") for name, is_on in switches.items() if is_on]
        pairs += [(name, text) for name in ("folder", "kit") if (text := getattr(self, name))]
        if self.sort != "newest":
            pairs.append(("sort", self.sort))
        return urlencode(pairs)

    @property
    def has_tempo(self) -> bool:
        """Tell whether the tempo is limited."""
        return self.lo is not None or self.hi is not None

    @property
    def is_filtered(self) -> bool:
        """Tell whether anything is left out of the list."""
        return any(self.is_active(group) for group in GROUPS)

    @cached_property
    def parts(self) -> list[typed.Part]:
        """Return what is typed: filters and words, in their order."""
        return typed.parts(self.q, octaves=self.octaves)

    @property
    def words(self) -> str:
        """Return what is searched for as words."""
        return _joined(part for part in self.parts if part.group == typed.WORDS)

    @property
    def is_narrow(self) -> bool:
        """Tell whether an index can find the few rows that are asked for."""
        return search.is_narrow(self.words) or any(part.is_narrow for part in self.parts)

    def is_active(self, group: str) -> bool:
        """Tell whether this group of filters leaves anything out."""
        if any(part.group == group for part in self.parts):
            return True
        if group == "tempo":
            return self.has_tempo
        if group == "key":
            return bool(self.keys)
        return any(getattr(self, name) not in {"", (), None, False} for name in GROUPS[group])

    def without(self, group: str) -> "Query":
        """Return the query with one group of filters open."""
        blank = Query()
        left: dict[str, Any] = {name: getattr(blank, name) for name in GROUPS[group]}
        q = _joined(part for part in self.parts if part.group != group)
        return replace(self, after="", q=q, **left)

    def all_keys(self) -> set[str]:
        """Return the keys asked for, those that fit among them."""
        if not self.fit:
            return set(self.keys)
        return {near for key in self.keys for near in keys.fits(key)}

    def filter(self, samples: "QuerySet[Sample]") -> "QuerySet[Sample]":
        """Return those of the samples that the query lets through, in no order."""
        samples = search.matching(samples, self.words) if self.words else samples
        for part in self.parts:
            if part.test is not None:
                samples = samples.filter(part.test)
        for test in self._tests():
            samples = samples.filter(test)
        return samples

    def _tests(self) -> Iterator[Q]:
        for name, values in (
            ("sample_class", self.classes),
            ("genre", self.genres),
            ("format", self.formats),
            ("key", self.all_keys()),
        ):
            if values:
                yield Q(**{f"{name}__in": values})
        if self.fav:
            yield Q(is_favourite=True)
        if self.kinds:
            yield Q(is_loop__in=[kind == "loop" for kind in self.kinds])
        if self.has_tempo:
            test = typed.tempo_test(self.lo, self.hi, octaves=self.octaves)
            yield test | Q(bpm=None) if self.nobpm else test
        for name, number in (("seconds__gte", self.dmin), ("seconds__lt", self.dmax)):
            if number is not None:
                yield Q(**{name: number})
        yield from self._place_tests()

    def _place_tests(self) -> Iterator[Q]:
        """Yield what other tables say, and the folder."""
        if self.tags:
            hung = Sample.tags.through.objects.filter(tag__name__in=self.tags)
            yield Q(pk__in=hung.values("sample_id"))
        if self.folder:
            yield Q(folder=self.folder) | branches.inside(self.folder)
        if self.kit:
            on_pads = Sample.objects.filter(pads__isnull=False).values("pk")
            yield Q(pk__in=on_pads) if self.kit == "used" else ~Q(pk__in=on_pads)

    def chips(self) -> list[Chip]:
        """Return the active filters, each with the address without it."""
        chips = [Chip(f"“{self.words}”", self._address(typed.WORDS))] if self.words else []
        chips += [
            Chip(part.label, self._untyped(part)) for part in self.parts if part.test is not None
        ]
        if self.fav:
            chips.append(Chip("Favourites", replace(self, fav=False).as_querystring()))
        chips += self._each("classes", dict(SampleClass.choices)) + self._each("kinds", KINDS)
        if self.keys:
            chips.append(Chip(self._key_label(), self._opened("key")))
        if self.has_tempo:
            chips.append(Chip(self._tempo_label(), self._opened("tempo")))
        if self.dmin is not None or self.dmax is not None:
            chips.append(Chip(self._length_label(), self._opened("length")))
        chips += self._each("genres", {}) + self._each("tags", {})
        if self.folder:
            chips.append(Chip(f"in {self.folder}", self._opened("folder")))
        chips += self._each("formats", FORMATS)
        if self.kit:
            chips.append(Chip(KIT_USE[self.kit], self._opened("kit")))
        return chips

    def label_of(self, group: str) -> str:
        """Return in words what one group asks for."""
        gone = {chip.label for chip in self.without(group).chips()}
        return ", ".join(chip.label for chip in self.chips() if chip.label not in gone)

    def _address(self, group: str) -> str:
        return self.without(group).as_querystring()

    def _opened(self, group: str) -> str:
        """Return the address without what the panel says of a group; what is typed stays."""
        return replace(self.without(group), q=self.q).as_querystring()

    def _untyped(self, gone: typed.Part) -> str:
        """Return the address without one typed filter."""
        left = _joined(part for part in self.parts if part is not gone)
        return replace(self, q=left, after="").as_querystring()

    def _each(self, name: str, labels: dict[str, str]) -> list[Chip]:
        values: tuple[str, ...] = getattr(self, name)
        prefix = "#" if name == "tags" else ""
        return [
            Chip(prefix + labels.get(value, value), self._less(name, value)) for value in values
        ]

    def _less(self, name: str, value: str) -> str:
        """Return the address with one value less."""
        left: dict[str, Any] = {name: tuple(v for v in getattr(self, name) if v != value)}
        return replace(self, **left).as_querystring()

    def _key_label(self) -> str:
        codes = ", ".join(keys.CAMELOT[key] for key in self.keys)
        return f"{codes} + fits" if self.fit else codes

    def _tempo_label(self) -> str:
        also = (" ½× 2×" if self.octaves else "") + (" or none" if self.nobpm else "")
        return f"{_span(self.lo, self.hi, tempo)} BPM{also}"

    def _length_label(self) -> str:
        return _span(self.dmin, self.dmax, seconds)


def _span(low: float | None, high: float | None, show: Callable[[float], str]) -> str:
    if low is None:
        return f"under {show(high or 0)}"
    return f"from {show(low)}" if high is None else f"{show(low)}–{show(high)}"


def _joined(parts: Iterable[typed.Part]) -> str:
    return " ".join(part.text for part in parts)


def _text(data: QueryDict, name: str) -> str:
    return (data.get(name) or "").replace("\0", "").strip()[:LONGEST_VALUE]


def _values(data: QueryDict, name: str) -> tuple[str, ...]:
    texts = (text.replace("\0", "").strip()[:LONGEST_VALUE] for text in data.getlist(name))
    return tuple(dict.fromkeys(text for text in texts if text))[:MOST_VALUES]


def _chosen(data: QueryDict, name: str, known: Iterable[str]) -> tuple[str, ...]:
    asked = set(_values(data, name))
    return tuple(value for value in known if value in asked)


def _number(data: QueryDict, name: str) -> float | None:
    try:
        number = float(_text(data, name).replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None


def _is_on(data: QueryDict, name: str) -> bool:
    return _text(data, name).lower() in {"1", "on", "true", "yes"}
