"""What is taken over of embedded data, and the checks that any of it has to pass."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from functools import reduce

from library import keys

SLOWEST, FASTEST = 20.0, 400.0
"""BPM; what lies outside is a default, a joke or a fault."""

MOST_BEATS = 4096
HIGHEST_NOTE = 127
MOST_MARKS = 1024
MOST_LOOPS = 16
LONGEST_TEXT = 1024
"""Bytes of a text that are looked at."""

_NUMBER = re.compile(r"\s*(\d{1,3}(?:[.,]\d{1,6})?)\s*(?:bpm)?\s*\Z", re.IGNORECASE)
_OPEN_KEY = re.compile(r"(1[0-2]|[1-9])([md])\Z")


@dataclass(frozen=True)
class Embedded:
    """Claims of one file; None, '' and () where it makes none.

    bpm: 20..400. beats: in the whole file. key: as `keys` writes it. root: MIDI note, 0..127.
    heard_class: of `classes`. marks: frames, ascending; loops: (first frame, first one behind).
    """

    bpm: float | None = None
    beats: int | None = None
    key: str = ""
    root: int | None = None
    is_loop: bool | None = None
    heard_class: str = ""
    genre: str = ""
    marks: tuple[int, ...] = ()
    loops: tuple[tuple[int, int], ...] = ()

    def __or__(self, other: "Embedded") -> "Embedded":
        """Return these claims, with those of another where there are none."""
        own = {field.name: getattr(self, field.name) for field in fields(self)}
        known = {name: value for name, value in own.items() if value not in {None, "", ()}}
        return replace(other, **known)


NOTHING = Embedded()


def together(claims: Iterable[Embedded]) -> Embedded:
    """Return all claims; where several say something the first one counts."""
    return reduce(lambda known, more: known | more, claims, NOTHING)


def tempo(value: float) -> float | None:
    """Return a tempo that can be one, rounded to what 32 bits hold; None for NaN and the like."""
    if not math.isfinite(value) or not SLOWEST <= value <= FASTEST:
        return None
    return round(float(value), 3)


def tempo_in(text: str) -> float | None:
    """Return the tempo that a text is: `92`, `92.5`, `92,00 BPM`."""
    found = _NUMBER.match(text)
    return tempo(float(found[1].replace(",", "."))) if found else None


def key_in(text: str) -> str:
    """Return the key that a text is: `Am`, `A minor`, `8A`, Open Key's `1m`; '' for none."""
    text = text.strip()
    if found := _OPEN_KEY.match(text):
        number = (int(found[1]) + 6) % 12 + 1  # 1m is 8A, 6m is 1A
        return keys.FROM_CAMELOT[f"{number}{'A' if found[2] == 'm' else 'B'}"]
    return keys.parse(text) or ""


def beats(count: int) -> int | None:
    """Return a number of beats that can be one."""
    return count if 0 < count <= MOST_BEATS else None


def note(number: int) -> int | None:
    """Return a MIDI note that can be one; 0 is what programs write that know none."""
    return number if 0 < number <= HIGHEST_NOTE else None


def text_of(raw: bytes) -> str:
    """Return a text of unknown code up to its first null byte."""
    raw = raw[:LONGEST_TEXT].split(b"\0", 1)[0]
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


TEMPO_NAMES = {"bpm", "tempo", "tbpm", "tmpo"}
KEY_NAMES = {"key", "initialkey", "initial_key", "initial key", "tkey"}


def named(name: str, text: str) -> Embedded:
    """Return what a comment says whose name tells what it is: `BPM`, `INITIALKEY`, `GENRE`."""
    name = name.strip().casefold()
    if name in TEMPO_NAMES:
        return Embedded(bpm=tempo_in(text))
    if name in KEY_NAMES:
        return Embedded(key=key_in(text))
    return Embedded(genre=" ".join(text.split())) if name == "genre" else NOTHING
