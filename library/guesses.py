"""What a sound's name, its data and its audio are asked for, and how a person's word is kept.

Each of these columns has three marks beside it: whether it is a guess, who knows it, how sure that
is. What a person says or confirms is a guess no more and stays: `models.Analysis.write` and
everything else that writes what a program thinks leaves it alone.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from library.audio.names import Hints
from library.models import Hearing, Sample, Source

GUESSES = {"sample_class": "class", "bpm": "bpm", "key": "key", "is_loop": "kind"}
"""Column of a sample: what the names of its marks begin with."""

SURE = 0.9  # less is a guess: `audio.hearing.shown` has the same, which pages do not load

NONE: tuple[Any, ...] = (None, "")


def told(columns: Iterable[str]) -> dict[str, Any]:
    """Return the marks of columns that a person has just set or confirmed."""
    return {
        name: value
        for column in columns
        for name, value in _marks(column, guessed=False, source=Source.PERSON, sure=1.0).items()
    }


def marks(column: str) -> list[str]:
    """Return the names of the three columns that mark one."""
    return list(_marks(column, guessed=False, source="", sure=None))


def _marks(column: str, *, guessed: bool, source: str, sure: float | None) -> dict[str, Any]:
    prefix = GUESSES[column]
    return {
        f"{prefix}_guessed": guessed,
        f"{prefix}_source": source,
        f"{prefix}_confidence": sure,
    }


def tempo_as_kind(sample: Sample) -> dict[str, Any]:
    """Return the tempo and its mark when a person has just said whether this is a loop.

    As `analyse` would write them: a one-shot shows no tempo, a loop shows what was found in it all
    the same, of which the row keeps source and confidence. A person's own tempo stays.
    """
    if sample.bpm_source not in {Source.AUDIO, Source.NAME, Source.CHUNK}:
        return {}
    if sample.is_loop is False:
        return {"bpm": None, "bpm_guessed": False}
    bpm = _found_tempo(sample) if sample.is_loop and sample.bpm is None else None
    if bpm is None:
        return {}
    return {"bpm": float(bpm), "bpm_guessed": (sample.bpm_confidence or 0) < SURE}


def _found_tempo(sample: Sample) -> float | None:
    """Return the tempo (BPM) of whoever the row names as its source."""
    hearing: Hearing | None = getattr(sample, "hearing", None)
    if hearing is None:
        return None
    said = hearing.hinted.get("bpm") or {}
    is_heard = sample.bpm_source == Source.AUDIO
    bpm: float | None = hearing.heard.get("bpm") if is_heard else said.get("value")
    return bpm


def is_guessed(sample: Sample, column: str) -> bool:
    """Tell whether there is a value that nobody has confirmed."""
    value = getattr(sample, column)
    return bool(getattr(sample, f"{GUESSES[column]}_guessed")) and value not in NONE


def describe(sample: Sample, hints: Hints, *, given: bool) -> None:
    """Fill in a new row; given: somebody labelled the sound, else its name was only read."""
    for column in GUESSES:
        value = getattr(hints, column)
        setattr(sample, column, value)
        if value in NONE:
            continue
        source = Source.PERSON if given else Source.NAME
        sure = 1.0 if given else None  # a name alone is not held against anything yet
        for name, mark in _marks(column, guessed=not given, source=source, sure=sure).items():
            setattr(sample, name, mark)


def confirm(samples: "QuerySet[Sample]") -> int:
    """Take what is guessed of these samples for a person's word; return how many values."""
    rows = Sample.objects.filter(pk__in=samples.order_by().values("pk"))
    return sum(
        rows.filter(**{f"{prefix}_guessed": True}).update(**told([column]))
        for column, prefix in GUESSES.items()
    )
