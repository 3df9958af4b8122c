"""What names and embedded data say of a sound, as witnesses: a value, how far to trust it, whose.

How far was measured on 743 real files with names (`tests/hearing/test_reconciled.py`); embedded
data is trusted less, for programs write defaults and keep them when a file is cut.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from library.audio import names
from library.audio.chunks.embedded import FASTEST, NOTHING, SLOWEST, Embedded

NAME, CHUNK = "name", "chunk"
"""Whose word it is; `models.Source` has the same."""

STATED_BPM, WRITTEN_BPM, POSSIBLE_BPM = 0.95, 0.8, 0.5
"""A name that says BPM; a number in the name of a loop; a number in that of anything."""

CHUNK_BPM, COUNTED_BPM, CUT_BPM = 0.85, 0.7, 0.4
"""A tempo that beats and length confirm or that has none; beats alone; a tempo they contradict."""

NAME_KEY, CHUNK_KEY = 0.95, 0.85
NAME_CLASS, VAGUE_CLASS, FOLDER_CLASS, CHUNK_CLASS = 0.9, 0.5, 0.6, 0.75
"""A word that names a class, one that may mean others (`hit`, `pad`, `noise`), one of a folder."""

PLAIN = 3 * names.NAME
"""What the word of a class weighs in a name if it means hardly anything else."""

NAME_KIND, CHUNK_KIND = 0.95, 0.85

SAME = 0.02
"""Tempos no further apart than this part of them are one."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Hint(Generic[Value]):
    """One claim; confidence 0..1: how likely it is where nothing else is known."""

    value: Value
    confidence: float
    source: str


@dataclass(frozen=True)
class Hinted:
    """What is said of tempo (BPM), key (as `keys` writes it), class (as heard) and kind.

    root: pitch class 0..11 of the note that a sampler plays it at. states_bpm: the name says "BPM".
    """

    bpm: Hint[float] | None = None
    key: Hint[str] | None = None
    heard_class: Hint[str] | None = None
    is_loop: Hint[bool] | None = None
    root: int | None = None
    states_bpm: bool = False


def same_tempo(one: float, other: float) -> bool:
    """Tell whether two tempos are one."""
    return abs(one / other - 1) <= SAME


def hinted(
    name: str, folder: str = "", embedded: Embedded = NOTHING, seconds: float = 0.0
) -> Hinted:
    """Gather what is said of a file: its name, the folders above it, what is embedded in it.

    seconds: its exact length, to hold a number of beats against.
    """
    said = names.guess(name, folder)
    return Hinted(
        bpm=_agreed(_tempos(said, embedded, seconds), same_tempo),
        key=_agreed(
            [*_claim(said.key, NAME_KEY, NAME), *_claim(embedded.key, CHUNK_KEY, CHUNK)],
            str.__eq__,
        ),
        heard_class=_agreed(
            [
                *_class_of(said),
                *_claim(embedded.heard_class, CHUNK_CLASS, CHUNK),
            ],
            str.__eq__,
        ),
        is_loop=_agreed(
            [
                Hint(is_loop, confidence, source)
                for is_loop, confidence, source in (
                    (said.is_loop, NAME_KIND, NAME),
                    (embedded.is_loop, CHUNK_KIND, CHUNK),
                )
                if is_loop is not None
            ],
            bool.__eq__,
        ),
        root=None if embedded.root is None else embedded.root % 12,
        states_bpm=said.states_bpm,
    )


def _class_of(said: names.Hints) -> list[Hint[str]]:
    if not said.class_weight:
        return []
    if said.class_weight >= PLAIN:
        return [Hint(said.heard_class, NAME_CLASS, NAME)]
    is_named = said.class_weight >= names.NAME
    return [Hint(said.heard_class, VAGUE_CLASS if is_named else FOLDER_CLASS, NAME)]


def _claim(value: str, confidence: float, source: str) -> list[Hint[str]]:
    return [Hint(value, confidence, source)] if value else []


def _tempos(said: names.Hints, embedded: Embedded, seconds: float) -> list[Hint[float]]:
    found: list[Hint[float]] = []
    if said.bpm is not None:
        trust = STATED_BPM if said.states_bpm else WRITTEN_BPM
        found.append(Hint(said.bpm, trust, NAME))
    elif said.number is not None:
        found.append(Hint(said.number, POSSIBLE_BPM, NAME))
    counted = _counted(embedded, seconds)
    if embedded.bpm is not None:
        is_cut = counted is not None and not same_tempo(counted, embedded.bpm)
        found.append(Hint(embedded.bpm, CUT_BPM if is_cut else CHUNK_BPM, CHUNK))
    elif counted is not None:
        found.append(Hint(counted, COUNTED_BPM, CHUNK))
    return found


def _counted(embedded: Embedded, seconds: float) -> float | None:
    """Return the tempo at which the beats that are counted fill the file."""
    if embedded.beats is None or seconds <= 0:
        return None
    bpm = 60 * embedded.beats / seconds
    return bpm if SLOWEST <= bpm <= FASTEST else None


def _agreed(
    claims: Iterable[Hint[Value]], are_same: Callable[[Value, Value], bool]
) -> Hint[Value] | None:
    """Return the most trusted claim; witnesses that say the same raise its confidence."""
    ranked = sorted(claims, key=lambda claim: -claim.confidence)
    if not ranked:
        return None
    first, *others = ranked
    doubt = 1 - first.confidence
    for other in others:
        if are_same(first.value, other.value):
            doubt *= 1 - other.confidence
    return replace(first, confidence=1 - doubt)
