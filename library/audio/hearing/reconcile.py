"""Hints held against the audio: who is right, and how sure that is.

Agreement makes surer than either alone. In a conflict the audio is right unless it is in doubt
(confidence below .6) and the hint is possible: a tempo that fills the file with whole beats or that
the audio thought of as well. In between (to .9) a hint wins if both speak for it, or if it
outweighs what the audio prefers. Audio that is clear is never overruled, but for its second key. A
value in conflict is never sure.
"""

from dataclasses import dataclass, replace
from typing import TypeVar, cast

from library import keys
from library.audio.classes import COARSE, DRUMS, SHOWN
from library.audio.hearing.heard import Heard
from library.audio.hearing.hints import NAME, Hint, Hinted, same_tempo

AUDIO = "audio"

CLEAR, DOUBTFUL = 0.9, 0.6
CONTESTED, CONTESTED_KIND = 0.89, 0.69
"""The most that a value in conflict is sure of: it is shown as a guess, a kind is asked for."""

LIKELY = 0.05
"""What the audio gives at least to a tempo that it thought of."""

ROUGH, EXACT = 0.02, 0.005
"""Seconds by which the end of a loop may miss its beat: a codec's delay, a cut by hand; and by
which it does not."""

FEWEST_BEATS, MANY_BEATS = 2, 8
TONAL = 0.6
"""A sound of less tonality has no key that could contradict."""

FILLED, NEAR = 0.3, 0.1
"""How far whole beats speak for a tempo; what is easily mistaken, for a key or a class."""

ROOT_COUNTS = 0.3
"""How far a sampler's root note confirms a key on the same tonic."""

FLIPPED = 0.5
"""The most that a class is sure of that was heard as if it were of the other kind."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Verdict:
    """What is heard with the hints in it.

    heard: the values that hold, confidences included. sources: `audio`, `name` or `chunk` for
    "bpm", "key", "class" and "kind". contested: those of them that hints or audio contradict.
    """

    heard: Heard
    sources: dict[str, str]
    contested: frozenset[str]


@dataclass(frozen=True)
class _Word:
    """Who has it in one question: a value, its confidence and source, whether it was contested."""

    value: object
    confidence: float
    source: str = AUDIO
    contested: bool = False


def reconcile(heard: Heard, hints: Hinted, seconds: float) -> Verdict:
    """Hold the hints against what is heard; seconds: the sound's exact length."""
    kind = _kind(heard, hints, seconds)
    as_kind = _as_kind(heard, is_loop=bool(kind.value))
    words = {
        "kind": kind,
        "bpm": _bpm(as_kind, hints, seconds),
        "key": _key(as_kind, hints),
        "class": _class(as_kind, hints),
    }
    bpm = cast("float | None", words["bpm"].value)
    heard_class = str(words["class"].value)
    return Verdict(
        replace(
            as_kind,
            kind_confidence=kind.confidence,
            bpm=None if bpm is None else float(bpm),
            bpm_confidence=words["bpm"].confidence,
            bpm_octaves=max(as_kind.bpm_octaves, words["bpm"].confidence),
            key=str(words["key"].value),
            key_confidence=words["key"].confidence,
            key_second=_other(heard.key, heard.key_second, words["key"]),
            heard_class=heard_class,
            class_confidence=words["class"].confidence,
            class_second=_other(as_kind.heard_class, as_kind.class_second, words["class"]),
            coarse=COARSE.get(heard_class, as_kind.coarse),
        ),
        {name: word.source for name, word in words.items()},
        frozenset(name for name, word in words.items() if word.contested),
    )


def _other(first: str, second: str, word: _Word) -> str:
    """Return the runner-up: what the audio would have said where a hint won."""
    return second if word.value == first else first


def both(one: float, other: float) -> float:
    """Return how sure two independent witnesses make that say the same."""
    return 1 - (1 - one) * (1 - other)


def fits(bpm: float, seconds: float, within: float = ROUGH) -> bool:
    """Tell whether a sound of this length holds a whole number of beats, at least two.

    within: seconds that may be too many or too few.
    """
    beats = bpm * seconds / 60
    whole = round(beats)
    return whole >= FEWEST_BEATS and abs(beats - whole) * 60 / bpm <= within


def _ruled(value: object, sure: float, hint: Hint[Value], support: float, *, wins: bool) -> _Word:
    """Return who has it in a conflict; support 0..1: how far the audio speaks for the hint.

    wins: whether the hint may; it still has to be trusted more than the audio is sure.
    """
    if not wins or hint.confidence <= sure:
        return _Word(value, min(sure, CONTESTED), contested=True)
    contested = sure >= DOUBTFUL or not support
    confidence = both(hint.confidence, support)
    return _Word(
        hint.value, min(confidence, CONTESTED) if contested else confidence, hint.source, contested
    )


def _kind(heard: Heard, hints: Hinted, seconds: float) -> _Word:
    """A name that states a tempo which fits the length speaks for a loop twice."""
    hint, sure = hints.is_loop, heard.kind_confidence
    if hint is None:
        return _Word(heard.is_loop, sure)
    if hint.value == heard.is_loop:
        return _Word(hint.value, both(sure, hint.confidence))
    tempo = hints.bpm
    filled = hint.value and tempo is not None and fits(tempo.value, seconds)
    wins = sure < (CLEAR if filled else DOUBTFUL)
    word = _ruled(heard.is_loop, sure, hint, 1 - sure, wins=wins)
    return replace(word, confidence=min(word.confidence, CONTESTED_KIND))


def _as_kind(heard: Heard, *, is_loop: bool) -> Heard:
    """Say the class in the words of the other kind where hints say that it is that."""
    if is_loop == heard.is_loop:
        return heard
    heard_class = _class_as_kind(heard.heard_class, is_loop=is_loop)
    sure = min(heard.class_confidence, FLIPPED) if heard_class else 0.0
    return replace(
        heard,
        is_loop=is_loop,
        heard_class=heard_class,
        class_confidence=sure,
        class_second=_class_as_kind(heard.class_second, is_loop=is_loop),
    )


def _class_as_kind(heard_class: str, *, is_loop: bool) -> str:
    if is_loop:
        return "drums" if heard_class in DRUMS else heard_class
    return "" if heard_class == "drums" else heard_class


def _bpm(heard: Heard, hints: Hinted, seconds: float) -> _Word:
    hint, sure = hints.bpm, heard.bpm_confidence
    if hint is None:
        return _Word(heard.bpm, sure)
    if heard.bpm is None:
        return _Word(hint.value, hint.confidence, hint.source)
    if same_tempo(hint.value, heard.bpm):
        value = hint.value if _is_exact(hint, heard.bpm, hints, seconds) else heard.bpm
        source = AUDIO if value == heard.bpm else hint.source
        return _Word(value, both(sure, hint.confidence), source)
    filled = fits(hint.value, seconds)
    thought_of = max(
        (mass for bpm, mass in heard.bpm_alternatives if same_tempo(hint.value, bpm)), default=0.0
    )
    is_octave = any(same_tempo(hint.value, heard.bpm * octave) for octave in (0.5, 2.0))
    is_possible = is_octave or thought_of >= LIKELY
    outweighs = thought_of * hint.confidence > sure * (1 - hint.confidence)  # Bayes
    enough = any if sure < DOUBTFUL else all
    wins = sure < CLEAR and (outweighs or enough((filled, is_possible)))
    return _ruled(heard.bpm, sure, hint, both(thought_of, FILLED * filled), wins=wins)


def _is_exact(hint: Hint[float], heard: float, hints: Hinted, seconds: float) -> bool:
    """Tell which of two ways to write one tempo holds: the hint's, or else the heard one.

    A name that says BPM is taken at its word, for its maker knew, unless a whole number is heard
    that eight beats or more confirm. What else is said holds where it fills the file exactly.
    """
    if hints.states_bpm and hint.source == NAME:
        is_long = heard * seconds / 60 > MANY_BEATS - 0.5
        is_sure = is_long and heard.is_integer() and fits(heard, seconds, EXACT)
        return not is_sure or fits(hint.value, seconds)
    return fits(hint.value, seconds, EXACT)


def _key(heard: Heard, hints: Hinted) -> _Word:
    """No length speaks for a key: the audio counts as far as it is tonal.

    Its runner-up wins also where the hint is trusted more than the audio is sure: keys of the same
    notes differ by little.
    """
    sure = heard.key_confidence
    if heard.key and keys.tonic(heard.key) == hints.root:
        sure = both(sure, ROOT_COUNTS)
    hint = hints.key
    if hint is None:
        return _Word(heard.key, sure)
    if not heard.key or (heard.tonality < TONAL and sure < CLEAR):
        return _Word(hint.value, hint.confidence, hint.source)
    if hint.value == heard.key:
        return _Word(hint.value, both(sure, hint.confidence))
    is_second = hint.value == heard.key_second
    is_near = is_second or hint.value in keys.related(heard.key)
    wins = sure < DOUBTFUL or (is_near and sure < CLEAR) or is_second
    return _ruled(heard.key, sure, hint, NEAR * is_near, wins=wins)


def _class(heard: Heard, hints: Hinted) -> _Word:
    """Compare as the interface shows them; of two that look alike the finer one is kept."""
    hint, sure = hints.heard_class, heard.class_confidence
    value = "" if hint is None else _class_as_kind(hint.value, is_loop=heard.is_loop)
    if hint is None or not value:
        return _Word(heard.heard_class, sure)
    hint = replace(hint, value=value)
    if not heard.heard_class:
        return _Word(hint.value, hint.confidence, hint.source)
    if SHOWN[hint.value] == SHOWN[heard.heard_class]:
        is_finer = hint.value != SHOWN[hint.value] or sure < DOUBTFUL
        return _Word(hint.value if is_finer else heard.heard_class, both(sure, hint.confidence))
    is_near = COARSE[hint.value] == COARSE[heard.heard_class] or hint.value == heard.class_second
    wins = sure < DOUBTFUL or (is_near and sure < CLEAR)
    return _ruled(heard.heard_class, sure, hint, NEAR * is_near, wins=wins)
