"""What nobody has confirmed of a sound, in words, with the ways to settle it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from library.guesses import GUESSES, NONE, is_guessed
from library.models import CLASS_WORDS, Hearing, Sample, Source

SLOWEST, FASTEST = 20, 400  # BPM, as the column takes them
OCTAVES = ((2, "×2"), (0.5, "÷2"))


@dataclass(frozen=True)
class Way:
    """One answer to a doubt: what its button says, and what it sends: `bpm=184`."""

    words: str
    sent: str


@dataclass(frozen=True)
class Doubt:
    """A guess: its column, the value in words, who says so, and what else it may be."""

    column: str
    words: str
    reason: str
    ways: tuple[Way, ...]


def doubts(sample: Sample) -> list[Doubt]:
    """Return a sound's guesses in the order of the page."""
    return [
        Doubt(
            column,
            in_words(column, getattr(sample, column)),
            _reason(sample, column),
            tuple(_ways(sample, column)),
        )
        for column in GUESSES
        if is_guessed(sample, column)
    ]


def in_words(column: str, value: Any) -> str:
    """Return a value as a person says it: `Kick`, `92 BPM`, `A minor`, `A loop`."""
    if column == "sample_class":
        return CLASS_WORDS[value]
    if column == "bpm":
        return f"{round(value, 1):g} BPM"
    if column == "key":
        return f"{value.removesuffix('m')} {'minor' if value.endswith('m') else 'major'}"
    return "A loop" if value else "A one-shot"


def tooltip(sample: Sample, column: str) -> str:
    """Return what a row says about a guess: who says so, and its runner-up."""
    second = _second(sample, column)
    other = f" Or {in_words(column, second)}." if second else ""
    return f"{_who(sample, column)}.{other} Click to confirm."


def _who(sample: Sample, column: str) -> str:
    """Return who says so, and how sure that is: `Heard, 72 % sure`."""
    prefix = GUESSES[column]
    source = getattr(sample, f"{prefix}_source")
    who = {Source.AUDIO: "Heard", Source.NAME: "From its name", Source.CHUNK: "From data in it"}
    sure = getattr(sample, f"{prefix}_confidence")
    words = who.get(source, "A guess")
    return words if sure is None else f"{words}, {round(100 * sure)} % sure"


def _reason(sample: Sample, column: str) -> str:
    """Return who says so, and what was heard and what names say where they differ."""
    heard, said, source = _heard_and_said(sample, column)
    if heard in NONE or said in NONE or _is_one(column, heard, said):
        return f"{_who(sample, column)}."
    witness = "name says" if source == Source.NAME else "data in it says"
    return (
        f"{_who(sample, column)}: heard {_short(column, heard)}, {witness} {_short(column, said)}."
    )


def _heard_and_said(sample: Sample, column: str) -> tuple[Any, Any, str]:
    """Return what the audio alone says, what the hints say, and whose hint that is."""
    hearing: Hearing | None = getattr(sample, "hearing", None)
    if hearing is None:
        return None, None, ""
    said = hearing.hinted.get(column) or {}
    return hearing.heard.get(column), said.get("value"), said.get("source", "")


def _is_one(column: str, one: Any, other: Any) -> bool:
    return _short(column, one) == _short(column, other)


def _short(column: str, value: Any) -> str:
    """Return a value as it stands inside a sentence."""
    words = in_words(column, value).removesuffix(" BPM")
    return words.lower() if column == "is_loop" else words


def _second(sample: Sample, column: str) -> Any:
    """Return the runner-up that the row itself knows."""
    second = {"sample_class": sample.class_second, "key": sample.key_second}.get(column, "")
    return "" if second == getattr(sample, column) else second


def _ways(sample: Sample, column: str) -> Iterator[Way]:
    """Yield the other answers: octaves of a tempo, runners-up, what was overruled."""
    value = getattr(sample, column)
    if column == "bpm":
        for factor, words in OCTAVES:
            if SLOWEST <= value * factor <= FASTEST:
                yield Way(words, f"bpm={value * factor:.6g}")
    if column == "is_loop":
        yield Way(in_words(column, not value), f"is_loop={str(not value).lower()}")
        return
    heard, said, _ = _heard_and_said(sample, column)
    offered = {in_words(column, value)}
    for other in (_second(sample, column), heard, said):
        if other not in NONE and (words := in_words(column, other)) not in offered:
            offered.add(words)
            yield Way(words, f"{column}={other:.6g}" if column == "bpm" else f"{column}={other}")
