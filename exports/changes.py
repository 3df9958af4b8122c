"""What conversions changed, in words: which of it is ordinary, and how much of what there is.

The sentences are those of `library.audio.recipe.planned_changes`; a test holds the two together.
"""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Protocol

from library.audio.recipe import ONE_OF_TWO

RATE = re.compile(r"([\d.]+) to 48 kHz")
WORDS = re.compile(r"(.+) to (16-bit(?: PCM)?)")
PEAK = re.compile(r"Peak lowered ([\d.]+) dB")
MATCHED = re.compile(r"Loudness (matched to .+ LUFS)")
TRIMMED = re.compile(r"\d+ ms of silence trimmed")
FOLDED = re.compile(r"\d+ channels folded down to stereo")
PART = re.compile(r"Part from [\d:]+ to [\d:]+ of [\d:]+")
SHORTENED = re.compile(r"Shortened from [\d:]+ to ([\d:]+), with a short fade")
BAKED = re.compile(
    r"Trimmed to [\d.]+–[\d.]+ s|Reversed|Pitched (?:up|down) [\d.]+ semitones"
    r"|Volume \d+, [\d.]+ dB lower|Silent at volume 0|(?:Left|Right) channel alone"
    r"|Panned \d+ to the (?:left|right)|3 ms of fade at both edges"
)
ORDINARY_WORDS = re.compile(r"(?!.*float).+ to 16-bit(?: PCM)?")
HIGHEST_ORDINARY_RATE = 48.0  # kHz; from above it, what lies beyond 24 kHz is lost

ASKED = (MATCHED, TRIMMED, PART, BAKED)

MONO = "Stereo folded down to mono"
COPIED = "Copied as is"
LOWERED = "with the peak lowered"

KINDS = (
    (RATE, r"converted from \1 kHz"),
    (WORDS, r"from \1 to \2"),
    (PEAK, LOWERED),
    (MATCHED, r"\1"),
    (TRIMMED, "with silence trimmed"),
    (FOLDED, "folded down to stereo"),
    (PART, "parts of longer sounds"),
    (SHORTENED, r"shortened to \1"),
)


class Change(Protocol):
    """What `summary` reads of a planned item."""

    @property
    def changes(self) -> tuple[str, ...]: ...
    @property
    def is_shortened(self) -> bool: ...
    @property
    def is_numbered(self) -> bool: ...
    @property
    def problem(self) -> str: ...


def is_ordinary(change: str) -> bool:
    """Tell whether a change is what every export does, to 48 kHz and 16 bits, or was asked for.

    What became of a loudness that could not be reached is neither.
    """
    if rate := RATE.fullmatch(change):
        return float(rate[1]) <= HIGHEST_ORDINARY_RATE
    asked = change in {MONO, ONE_OF_TWO} or any(kind.fullmatch(change) for kind in ASKED)
    return asked or bool(ORDINARY_WORDS.fullmatch(change))


def is_notable(changes: Iterable[str]) -> bool:
    """Tell whether somebody should look: these files carry the amber mark."""
    return any(not is_ordinary(change) for change in changes)


def sentence(changes: Iterable[str]) -> str:
    """Return the changes of one file as one sentence: `44.1 to 48 kHz, peak lowered 1.4 dB`."""
    first, *rest = list(changes) or [COPIED]
    return ", ".join([first, *(part[:1].lower() + part[1:] for part in rest)])


def summary(items: Iterable[Change]) -> list[str]:
    """Return lines such as `9 converted from 44.1 kHz` and `2 names shortened`, most first.

    What becomes of pad settings is told by `settings_told`.
    """
    included = [item for item in items if not item.problem]
    told = [[line for line in item.changes if not BAKED.fullmatch(line)] for item in included]
    counts = Counter(kind for lines in told for kind in {_kind(line) for line in lines})
    loudest = max((_lowered(change) for item in included for change in item.changes), default=0)
    lines = [
        f"{count} {kind}" + (f", by up to {loudest:g} dB" if kind == LOWERED else "")
        for kind, count in sorted(counts.items(), key=_most_first)
    ]
    shortened = sum(item.is_shortened for item in included)
    numbered = sum(item.is_numbered for item in included)
    return lines + [
        f"{count} {'name' if count == 1 else 'names'} {done}"
        for count, done in ((shortened, "shortened"), (numbered, "numbered"))
        if count
    ]


def _most_first(entry: tuple[str, int]) -> tuple[int, str]:
    return -entry[1], entry[0]


def _lowered(change: str) -> float:
    found = PEAK.fullmatch(change)
    return float(found[1]) if found else 0.0


def _kind(change: str) -> str:
    """Return the words that follow a count."""
    for pattern, words in KINDS:
        if found := pattern.fullmatch(change):
            return found.expand(words)
    return change[:1].lower() + change[1:]
