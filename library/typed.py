"""Filters that are typed among the search words: `bpm:90-100`, `key:8A+`, `-tag:tape`, `is:loop`.

The same language everywhere a search is read: the library page, the API, `export_samples --query`.
What is no filter, or one that nobody understands, is searched for as words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace

from library import keys, search
from library.models import CLASS_WORDS, Pack, Sample

MOST_FILTERS = 12  # of one search; the others are words
WORDS = "q"  # the group of what is no filter
NARROW = {"folder", "pack", "licence"}
OCTAVES = (1.0, 0.5, 2.0)  # a tempo, its half and its double

_PART = re.compile(r'-?"[^"]*"?|(?P<no>-?)(?P<name>[A-Za-z]+):(?P<value>"[^"]*"?|[^\s"]+)|[^\s"]+')
_NUMBER = r"(\d{1,6}(?:\.\d{1,4})?)"
_SPAN = re.compile(rf"{_NUMBER}?(?:-|–|\.\.){_NUMBER}?", re.ASCII)
_LIMIT = re.compile(rf"([<>])=?{_NUMBER}", re.ASCII)
_EXACT = re.compile(_NUMBER, re.ASCII)
_UNIT = re.compile(r"(?<=\d)(ms|s)(?![a-z])", re.ASCII)


@dataclass(frozen=True)
class Part:
    """One part of a search: a filter, or words.

    text: as it was typed. group: which filter of the page it is one of. label: what its chip says.
    test: which rows it lets through; None for words. is_narrow: an index finds those few rows.
    """

    text: str
    group: str = WORDS
    label: str = ""
    test: Q | None = None
    is_narrow: bool = False


@dataclass(frozen=True)
class Meaning:
    """What one value of a filter lets through, and how its chip says that."""

    group: str
    label: str
    test: Q


Reader = Callable[[str], Meaning | None]


def parts(text: str, *, octaves: bool = False) -> list[Part]:
    """Take a search apart, in its order. octaves: tempos match at half and double as well."""
    found: list[Part] = []
    filters = 0
    for match in _PART.finditer(text[: search.LONGEST_QUERY]):
        part = _filter(match, octaves=octaves) if match["name"] else None
        if part is not None and filters < MOST_FILTERS:
            filters += 1
            found.append(part)
        else:
            found.append(Part(match[0]))
    return found


def tempo_test(low: float | None, high: float | None, *, octaves: bool = False) -> Q:
    """Return what lets tempos from `low` to `high` (BPM, both included) through."""
    spans = OCTAVES if octaves else OCTAVES[:1]
    return reduce(or_, (_between("bpm", low, high, scale=scale) for scale in spans))


def _filter(match: re.Match[str], *, octaves: bool) -> Part | None:
    """Read `name:value`; several values with commas between are one or the other."""
    reader = READERS.get(match["name"].lower())
    if reader is None:
        return None
    value = match["value"]
    is_whole = len(value) > 1 and value.startswith('"') and value.endswith('"')
    if reader is _bpm and octaves:
        reader = _bpm_octaves
    if reader is _pack and is_whole:
        reader = _pack_of_name
    values = [value.strip('"').strip()] if value.startswith('"') else value.split(",")
    meanings = [reader(one) if one else None for one in values]
    known = [meaning for meaning in meanings if meaning is not None]
    if len(known) < len(meanings) or len({meaning.group for meaning in known}) != 1:
        return None
    group = known[0].group
    label = ", ".join(meaning.label for meaning in known)
    test = reduce(or_, (meaning.test for meaning in known))
    if match["no"]:
        return Part(match[0], group, f"not {label}", ~test)
    return Part(match[0], group, label, test, is_narrow=group in NARROW)


# Numbers: `92`, `90-100`, `90-`, `-100`, `<100`, `>=90`


@dataclass(frozen=True)
class _Span:
    """From `low` to `high`; a side that is None is open. is_exact: one number was written."""

    low: float | None
    high: float | None
    is_exact: bool = False


def _span(text: str) -> _Span | None:
    if found := _EXACT.fullmatch(text):
        half = 0.5 / 10 ** len(text.partition(".")[2])  # what rounds to the number as written
        return _Span(float(found[1]) - half, float(found[1]) + half, is_exact=True)
    if found := _LIMIT.fullmatch(text):
        number = float(found[2])
        return _Span(None, number) if found[1] == "<" else _Span(number, None)
    found = _SPAN.fullmatch(text)
    if found is None or not any(found.groups()):
        return None
    low, high = (None if end is None else float(end) for end in found.groups())
    return None if low is not None and high is not None and low > high else _Span(low, high)


def _between(column: str, low: float | None, high: float | None, *, scale: float = 1) -> Q:
    test = Q()
    if low is not None:
        test &= Q(**{f"{column}__gte": low * scale})
    if high is not None:
        test &= Q(**{f"{column}__lte": high * scale})
    return test


def _bpm(text: str, *, octaves: bool = False) -> Meaning | None:
    if text.lower() == "none":
        return Meaning("tempo", "no tempo", Q(bpm=None))
    span = _span(text)
    if span is None:
        return None
    return Meaning(
        "tempo",
        f"{_said(text)} BPM" + (" ½× 2×" if octaves else ""),
        tempo_test(span.low, span.high, octaves=octaves),
    )


def _bpm_octaves(text: str) -> Meaning | None:
    return _bpm(text, octaves=True)


def _length(text: str) -> Meaning | None:
    """Read seconds; `300ms` as well."""
    scale = 0.001 if "ms" in text else 1.0
    plain = _UNIT.sub("", text)
    span = _span(plain)
    if span is None:
        return None
    test = _between("seconds", span.low, span.high, scale=scale)
    return Meaning("length", f"{_said(plain)} {'ms' if scale < 1 else 's'}", test)


def _said(text: str) -> str:
    """Return a span as chips write it: `90–100`, `under 1`, `from 90`."""
    low, sign, high = re.sub(r"\.\.|-", "–", text).partition("–")
    if text[0] in "<>":
        return f"{'under' if text[0] == '<' else 'from'} {text.lstrip('<>=')}"
    if not sign:
        return low
    if not low:
        return f"up to {high}"
    return f"{low}–{high}" if high else f"from {low}"


# Words that stand for values


def _key(text: str) -> Meaning | None:
    if text.lower() == "none":
        return Meaning("key", "no key", Q(key=""))
    key = keys.parse(text.rstrip("+"))
    if key is None:
        return None
    fits = text.endswith("+")
    wanted = sorted(keys.fits(key)) if fits else [key]
    return Meaning("key", keys.CAMELOT[key] + (" + fits" if fits else ""), Q(key__in=wanted))


def _class(text: str) -> Meaning | None:
    word = text.lower()
    group = search.synonyms(word) | {word, word.removesuffix("s")}
    known = [value for value, said in CLASS_WORDS.items() if group & {value, said.lower()}]
    if word == "none":
        return Meaning("cls", "no class", Q(sample_class=""))
    if len(known) != 1:
        return None
    return Meaning("cls", CLASS_WORDS[known[0]], Q(sample_class=known[0]))


def _tag(text: str) -> Meaning | None:
    name = text.removeprefix("#")
    hung = Sample.tags.through.objects.filter(tag__name__iexact=name)
    return Meaning("tag", f"#{name}", Q(pk__in=hung.values("sample_id"))) if name else None


def _folder(text: str) -> Meaning | None:
    """Read a folder, `Drums/Tape` or one of them alone: wherever it lies, and all below it."""
    name = text.strip("/")
    if not name:
        return None
    test = Q(folder__iexact=name) | Q(folder__istartswith=f"{name}/")
    test |= Q(folder__iendswith=f"/{name}") | Q(folder__icontains=f"/{name}/")
    return Meaning("folder", f"in {name}", search.in_a_row(name) & test)


def _format(text: str) -> Meaning | None:
    value = FORMAT_NAMES.get(text.lower().removeprefix("."))
    return Meaning("fmt", value.upper(), Q(format=value)) if value else None


def _pack(text: str) -> Meaning:
    """Read a part of a pack's name."""
    return _in_packs(text, Pack.objects.filter(name__icontains=text))


def _pack_of_name(text: str) -> Meaning:
    """Read the whole name, as it stood between quotes: without those that it has itself."""
    plain = Replace(F("name"), Value('"'), Value(""))
    return _in_packs(text, Pack.objects.alias(plain=plain).filter(plain__iexact=text))


def _in_packs(text: str, packs: "QuerySet[Pack]") -> Meaning:
    return Meaning("pack", f"pack {text}", _among(Sample.objects.filter(pack__in=packs)))


def _licence(text: str) -> Meaning:
    """Read a part of a licence: of the sound's own, or of its pack's where it has none."""
    own = Sample.objects.filter(licence__gt="", licence__icontains=text)
    packs = Pack.objects.filter(licence__icontains=text)
    test = _among(own) | _among(Sample.objects.filter(licence="", pack__in=packs))
    return Meaning("licence", f"licence {text}", test)


def _among(samples: "QuerySet[Sample]") -> Q:
    return Q(pk__in=samples.order_by().values("pk"))


def _is(text: str) -> Meaning | None:
    word = text.lower().replace("-", "").replace("_", "")
    if word in {"used", "unused"}:
        on_pads = _among(Sample.objects.filter(pads__isnull=False))
        is_used = word == "used"
        return Meaning(
            "kit", "On a pad" if is_used else "Not on a pad", on_pads if is_used else ~on_pads
        )
    return STATES.get(word) or _class(text)


_ONE_SHOT = Meaning("kind", "One-shots", Q(is_loop=False))
_FAVOURITE = Meaning("fav", "Favourites", Q(is_favourite=True))
_GUESS = reduce(or_, (Q(**{f"{value}_guessed": True}) for value in ("class", "bpm", "key", "kind")))
STATES = {
    "loop": Meaning("kind", "Loops", Q(is_loop=True)),
    "oneshot": _ONE_SHOT,
    "shot": _ONE_SHOT,
    "favourite": _FAVOURITE,
    "favorite": _FAVOURITE,
    "fav": _FAVOURITE,
    "guess": Meaning("state", "With a guess", _GUESS),
    "missing": Meaning("state", "File missing", Q(is_missing=True)),
    "mono": Meaning("state", "Mono", Q(channels=1)),
    "stereo": Meaning("state", "Stereo", Q(channels=2)),
}
FORMAT_NAMES = {
    "wav": "wav", "wave": "wav", "aiff": "aiff", "aif": "aiff", "mp3": "mp3", "flac": "flac",
    "m4a": "m4a", "mp4": "m4a", "aac": "m4a", "ogg": "ogg", "oga": "ogg",
}  # fmt: skip
READERS: dict[str, Reader] = {
    "bpm": _bpm,
    "key": _key,
    "len": _length,
    "length": _length,
    "tag": _tag,
    "cls": _class,
    "class": _class,
    "is": _is,
    "folder": _folder,
    "fmt": _format,
    "format": _format,
    "pack": _pack,
    "licence": _licence,
    "license": _licence,
}
