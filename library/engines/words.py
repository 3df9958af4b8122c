"""What somebody asks for in words: which sound, in which key and tempo, and what it is like."""

import hashlib
import re
from dataclasses import dataclass, replace
from itertools import pairwise

from library import keys
from library.audio import names
from library.engines import spelling
from library.engines.vocabulary import (
    BASSES,
    DRUMS,
    KIT,
    LINES,
    OF_CLASS,
    ROLLS,
    SINGLES,
    SOUNDS,
    STYLES,
    TRAITS,
    UNSAID,
)  # fmt: skip

_MEANT = {
    word: (weight, sound)
    for weight, sounds in SOUNDS.items()
    for sound, words in sounds.items()
    for word in words.split()
}
_TRAIT = {word: trait for trait, words in TRAITS.items() for word in words.split()}
_NO_SOUNDS = frozenset({*_TRAIT, "key", "t", "hit"})
_STYLE = {name: re.compile(rf"(?<![a-z])(?:{said})(?![a-z])") for name, said in STYLES.items()}
_IN_KEY = re.compile(
    r"(?i:\b(?:in|key of|key) +)(?P<note>[A-G]|[b-g](?![a-z])|a(?=[#♯♭b]|m\b))"
    r"(?P<sign>[#♯♭b]|[ -]?sharp\b|[ -]?flat\b)?(?P<minor> *(?:minor|min|m))?(?![A-Za-z])"
)
_NOTE = re.compile(r"(?<![A-Za-z0-9#])([A-G][#b]?)[0-7](?![0-9A-Za-z])")


@dataclass(frozen=True)
class Wish:
    """What was asked for.

    sound: of `SOUNDS`, or `drums`, a kit. parts: the drums of a loop, empty for all of them. bpm:
    None unless it is stated. key: as `keys` writes it, '' unless it is stated. is_minor: where
    the words say no more than that. is_note: one note, no chord. style: of `STYLES` or ''.
    without: drums that are not wanted. bars: how many, None unless it is said. is_roll: drums that
    roll. is_known: it names a sound, which is not there by chance.
    """

    words: tuple[str, ...]
    sound: str
    parts: frozenset[str]
    is_loop: bool
    bpm: float | None
    key: str
    is_minor: bool | None
    is_note: bool
    style: str
    traits: frozenset[str]
    without: frozenset[str]
    bars: int | None
    is_roll: bool
    is_known: bool

    def digest(self) -> int:
        """Return a number that depends on the words alone."""
        text = " ".join(self.words)
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def wish(prompt: str) -> Wish:
    """Understand a prompt; one that says nothing gets a sound that its digest chooses."""
    prompt, refused = spelling.refused(spelling.spelled(prompt))
    said = names.guess(f"{prompt} ")  # the space: no end of a sentence is taken for a file's
    bpm = said.bpm or said.number
    bars = spelling.bars(prompt)
    style, rest = _style(prompt)
    words = tuple(names.tokens(rest))
    traits = _traits(words, refused)
    if style == "lofi":
        traits |= {"dusty"}
    named = _named(words)
    key = _key(prompt, said.key)
    sound = _heaviest(named) or ("tines" if key and KIT.isdisjoint(words) and not style else "")
    drums = _drums(named, traits)
    is_roll = not ROLLS.isdisjoint(words) and (bool(drums) or not named)
    if is_roll and not drums:
        sound, drums = "snare", frozenset({"snare"})
    is_kit = not is_roll and (
        not KIT.isdisjoint(words) or (not sound and (bool(style) or "drum" in words))
    )
    is_single = not SINGLES.isdisjoint(words) or not names.SINGLE_PAIRS.isdisjoint(pairwise(words))
    is_loop = not is_single and (
        is_kit or is_roll or bool(bpm or bars or said.is_loop) or _is_line(words)
    )
    if is_loop and (not sound or (is_kit and (sound in DRUMS or not named))):
        sound = "drums"
    wished = Wish(
        words=tuple(names.tokens(prompt)),
        sound=_finer(sound, traits),
        parts=frozenset() if is_kit else drums,
        is_loop=is_loop,
        bpm=bpm,
        key=key,
        is_minor=False if "major" in traits else True if "minor" in traits else None,
        is_note="note" in traits,
        style=style,
        traits=traits,
        without=_drums(_named(refused), frozenset()),
        bars=bars,
        is_roll=is_roll,
        is_known=bool(sound and (named or style or key or is_kit or is_roll)) or "loop" in words,
    )
    return wished if sound else _supposed(wished)


def trait_of(word: str) -> str:
    """Return the trait that a word stands for; '' for none."""
    return _TRAIT.get(word, "")


def _supposed(wished: Wish) -> Wish:
    """Return the same wish with a sound that its words choose by chance."""
    return replace(wished, sound=UNSAID[wished.digest() % len(UNSAID)])


def _traits(words: tuple[str, ...], refused: tuple[str, ...]) -> frozenset[str]:
    """Return what adjectives say; who wants no reverb wants it dry."""
    traits = frozenset(_TRAIT[word] for word in words if word in _TRAIT)
    refusals = {trait_of(word) for word in refused}
    return traits - {"wide"} | {"dry"} if "wide" in refusals else traits


def _drums(named: list[tuple[int, str]], traits: frozenset[str]) -> frozenset[str]:
    return frozenset(_finer(name, traits) for _, name in named) & DRUMS


def _is_line(words: tuple[str, ...]) -> bool:
    """Tell whether something plays: a line needs to be one of something, as "line two" is none."""
    if not LINES.isdisjoint(words):
        return True
    return any(
        last in {"line", "lines"} and (first in _MEANT or first in names.MEANS)
        for first, last in pairwise(words)
    )


def _style(prompt: str) -> tuple[str, str]:
    """Return the style that is named, and the prompt without its words: drum & bass is no bass."""
    lower = prompt.lower()
    for name, said in _STYLE.items():
        if said.search(lower):
            return name, said.sub(" ", lower)
    return "", prompt


def _named(words: tuple[str, ...]) -> list[tuple[int, str]]:
    """Return every sound that words name, with how much each counts."""
    found = []
    for pair in pairwise([*words, ""]):
        if pair in names.PAIRS:
            found.append((names.PAIR_WEIGHT, OF_CLASS[names.PAIRS[pair]]))
        elif pair[0] in _MEANT:
            found.append(_MEANT[pair[0]])
        elif pair[0] in names.MEANS and pair[0] not in _NO_SOUNDS:
            heard_class, weight = names.MEANS[pair[0]]
            found.append((weight, OF_CLASS[heard_class]))
    return found


def _heaviest(named: list[tuple[int, str]]) -> str:
    """Return the sound that counts most, the later one between equals; '' for none.

    A bass with a name of its own stays it: a reese bass is a reese.
    """
    named = [(weight, sound) for weight, sound in named if sound != "swell"] or named  # reversed
    best = max((weight for weight, _ in named), default=0)
    sounds = [sound for weight, sound in named if weight == best]
    if not sounds:
        return ""
    finer = [sound for sound in sounds if sound in BASSES - {"bass"}]
    if sounds[-1] == "bass" and finer:
        return finer[-1]
    if sounds[-1] == "bass" and (2, "808") in named:
        return "808"
    if sounds[-1] == "perc" and len(sounds) > 1:
        return sounds[-2]
    if sounds[-1] == "voice" and len(sounds) > 1:
        return sounds[-2]
    return sounds[-1]


def _finer(sound: str, traits: frozenset[str]) -> str:
    """Return the drum that a word beside it means: an open hat, a floor tom."""
    for trait in ("open", "pedal", "low", "high"):
        if trait in traits and f"{trait} {sound}" in DRUMS:
            return f"{trait} {sound}"
    return sound


def _key(prompt: str, stated: str) -> str:
    """Return the key; words after "in" and a note with its octave count besides what names do."""
    if stated:
        return stated
    if match := _IN_KEY.search(prompt):
        sign = (match["sign"] or "").strip(" -").lower()
        sign = {"sharp": "#", "flat": "b"}.get(sign, sign)
        return keys.parse(match["note"] + sign + ("m" if match["minor"] else "")) or ""
    if match := _NOTE.search(prompt):
        return keys.parse(match[1]) or ""
    return ""
