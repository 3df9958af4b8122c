"""What of all that is heard a person gets to see, and what of it with a question mark."""

from dataclasses import dataclass

from library.audio.classes import SHOWN
from library.audio.hearing.heard import Heard
from library.audio.hearing.key import Key
from library.audio.hearing.kind import Kind, rises
from library.audio.hearing.tempo import Tempo

SURE = 0.9
"""A value of less confidence is a guess."""

LIKELY = 0.5
"""A key or a class of less confidence is not shown."""

TONAL = 0.6
"""A sound of less tonality shows no key: confidence alone does not keep keys off drums."""

ASKED = 0.7
"""Below this people are asked whether it is a loop."""

FAMILIES = {"drum": "perc", "tonal": "keys", "vocal": "vocal", "effect": "fx"}
"""What the interface calls a one-shot of which only the family is known."""


@dataclass(frozen=True)
class Shown:
    """Values as rows show them; None and '' for none, `guessed` for a question mark.

    bpm: of loops only. key, key_second: as `library.keys` writes them. sample_class, class_second:
    of the interface's ten; the second is the runner-up.
    """

    bpm: float | None
    bpm_guessed: bool
    key: str
    key_guessed: bool
    key_second: str
    sample_class: str
    class_guessed: bool
    class_second: str
    is_loop: bool
    kind_guessed: bool


def shown(heard: Heard, *, key_is_told: bool = False) -> Shown:
    """Apply the rules of showing; key_is_told: a name or embedded data has it, not the audio."""
    is_keyed = shows_key(heard, is_told=key_is_told)
    sample_class = class_of(heard)
    second = SHOWN.get(heard.class_second, "")
    bpm = heard.bpm if heard.is_loop else None
    return Shown(
        bpm=bpm,
        bpm_guessed=bpm is not None and heard.bpm_confidence < SURE,
        key=heard.key if is_keyed else "",
        key_guessed=is_keyed and heard.key_confidence < SURE,
        key_second=heard.key_second if is_keyed else "",
        sample_class=sample_class,
        class_guessed=bool(sample_class) and heard.class_confidence < SURE,
        class_second=second if second != sample_class else "",
        is_loop=heard.is_loop,
        kind_guessed=heard.kind_confidence < ASKED,
    )


def shows_key(heard: Heard, *, is_told: bool = False) -> bool:
    """Tell whether a key is worth showing; what is told needs no tonality."""
    return _is_shown(heard.key, heard.key_confidence, 1.0 if is_told else heard.tonality)


def shown_key(key: Key) -> str:
    """Return a key that the sound alone tells, as `library.keys` writes it; '' where not shown."""
    return key.name if _is_shown(key.name, key.confidence, key.tonality) else ""


def shown_bpm(kind: Kind, tempo: Tempo, seconds: float) -> float | None:
    """Return a tempo that the sound alone tells without a question mark; None where it does not.

    Tones and hum that go on evenly may pass for loops: their length suits some tempo. But hardly
    anything begins in them.
    """
    is_sure = kind.is_loop and kind.confidence >= ASKED
    begins_often = rises(tempo.guesses.evidence.rises, seconds)["several"]
    return tempo.bpm if is_sure and begins_often else None


def _is_shown(name: str, confidence: float, tonality: float) -> bool:
    return bool(name) and confidence >= LIKELY and tonality >= TONAL


def class_of(heard: Heard) -> str:
    """Return the interface's class, or that of its family where it is not sure enough."""
    if heard.class_confidence >= LIKELY or heard.is_loop:
        return SHOWN.get(heard.heard_class, "")
    return FAMILIES.get(heard.coarse, "")
