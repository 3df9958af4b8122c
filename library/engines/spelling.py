"""Prompts in other words, before they are understood: keys as they are written, and refusals."""

import re

from library.audio import names

SHARP_OR_FLAT = re.compile(
    r"\b(?:(?P<note>[B-Gb-g])|(?P<a>(?<=\w )A|a(?=[ -](?:sharp|flat)[ -](?:m|ch))"
    r"|(?i:(?<=in )|(?<=key of ))a))[ -]?(?P<sign>sharp|flat)\b"
)
"""F sharp; A needs something beside it, as "a sharp snare" is no key."""

SIGNS = {"sharp": "#", "flat": "b"}
_NOTE = r"(?<![A-Za-z0-9#])(?P<note>[A-G][#b♯♭]?)"
_MINOR_SYMBOL = re.compile(
    r"(?<![A-Za-z0-9#])(?P<note>(?i:[A-G])[#b♯♭]?)(?:mi?n?(?:6|7|9|11|13)|dim7?|m7b5)(?![A-Za-z0-9])"
)
_MAJOR_SYMBOL = re.compile(
    rf"(?:{_NOTE}(?:M7|aug|sus[24]?|add[29]|6|9|11|13)"
    r"|(?<![A-Za-z0-9#])(?P<other>(?i:[A-G])[#b♯♭]?)maj(?:6|7|9|11|13))(?![A-Za-z0-9])"
)
_MODE = re.compile(
    r"(?<![A-Za-z0-9#])(?P<note>[A-Ga-g][#b♯♭]?)[ -]"
    r"(?:(?P<minor>(?i:dorian|phrygian|aeolian|locrian))|(?i:ionian|lydian|mixolydian))\b"
)
_STEEL = re.compile(r"\bsteel[ -]?(?:drum|pan)s?\b", re.IGNORECASE)
_WORD = re.compile(r"w/o|[^\W_]+")
REFUSALS = {"no", "not", "without", "w/o", "minus"}
FILLERS = {"too", "so", "very", "any", "much", "a", "an", "the", "that"}
QUALITIES = {"heavy", "big", "loud", "long", "bright", "dark", "open", "closed", "hi", "pedal"}
"""Words that do not end what is refused: "no open hats" refuses hats."""

NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4, "six": 6, "eight": 8, "sixteen": 16}
_BARS = re.compile(rf"(?<![\w.])(\d{{1,2}}|{'|'.join(NUMBERS)})[ -]?bars?\b", re.IGNORECASE)


def spelled(prompt: str) -> str:
    """Return a prompt with its key as `names` reads it: F sharp is F#, Dm7 and D dorian are Dm.

    The key of a chord or a mode is the major or minor key of its third.
    """
    text = SHARP_OR_FLAT.sub(
        lambda said: (
            (said["note"] or said["a"]).upper() + ("#" if said["sign"] == "sharp" else "b")
        ),
        prompt,
    )
    text = _MINOR_SYMBOL.sub(lambda said: f"{_tonic(said['note'])}m", text)
    text = _MAJOR_SYMBOL.sub(lambda said: f"{_tonic(said['note'] or said['other'])} major", text)
    text = _MODE.sub(
        lambda said: _tonic(said["note"]) + ("m" if said["minor"] else " major"),
        text,
    )
    return _STEEL.sub("steelpan", text)


def refused(text: str) -> tuple[str, tuple[str, ...]]:
    """Return what is left of a prompt without "no kick", and the words that are refused."""
    said = list(_WORD.finditer(text))
    words = [match[0].lower() for match in said]
    kept, refusals, at, done = "", [], 0, 0
    while at < len(words):
        first, at = at, at + 1
        if words[first] not in REFUSALS or at == len(words) or words[at].isdigit():
            continue
        last = _end_of_refusal(words, at)
        refusals += words[at:last]
        kept += text[done : said[first].start()]
        at, done = last, said[last - 1].end()
    return kept + text[done:], tuple(refusals)


def bars(text: str) -> int | None:
    """Return how many bars are asked for, one at least; None where nothing is said."""
    found = _BARS.search(text)
    return max(1, NUMBERS.get(found[1].lower()) or int(found[1])) if found else None


def _end_of_refusal(words: list[str], at: int) -> int:
    """Return where it ends: "no kick", "without too much reverb", "no open hats or claps"."""
    while at < len(words) - 1 and words[at] in FILLERS:
        at += 1
    while at < len(words) - 1 and words[at] in QUALITIES and words[at - 1] != "not":
        at += 1
    at += 1
    if tuple(words[at - 1 : at + 1]) in names.PAIRS:
        at += 1
    if at < len(words) - 1 and words[at] in {"or", "nor"}:
        return _end_of_refusal(words, at + 1)
    return at


def _tonic(note: str) -> str:
    return note[0].upper() + note[1:]
