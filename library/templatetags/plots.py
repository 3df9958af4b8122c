"""Figures of the filter panel: where the bars of the histogram and the keys of the wheel lie."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from django import template

from library import keys
from library.facets import BAR_BPM, SLOWEST, Choice

register = template.Library()

HEIGHT = 54  # of the histogram's view box
RINGS = {"B": (69, 97), "A": (40, 68)}  # inner and outer radius: major keys outside, minor inside
CENTRE = 100


@dataclass(frozen=True)
class Bar:
    """One bar of the tempo histogram: place and size in its view box, and its lowest BPM."""

    x: int
    y: float
    height: float
    bpm: int
    is_in: bool


@register.simple_tag
def tempo_bars(counts: Sequence[int], low: float | None, high: float | None) -> list[Bar]:
    """Return the bars, 3 units apart; those that hold tempos from `low` to `high` (BPM) are in."""
    most = max(counts, default=0) or 1
    bars = []
    for place, count in enumerate(counts):
        height = round(count / most * HEIGHT, 1) if count else 0
        bpm = SLOWEST + place * BAR_BPM
        limited = low is not None or high is not None
        is_in = limited and bpm + BAR_BPM > (low or 0) and bpm <= (high or bpm)
        bars.append(Bar(place * 3, HEIGHT - height, height, bpm, is_in))
    return bars


@dataclass(frozen=True)
class Segment:
    """One of the 24 keys on the wheel: its outline, the place of its text, how it is drawn."""

    choice: Choice
    code: str
    path: str
    x: float
    y: float
    look: str

    @property
    def spoken(self) -> str:
        """Return what a screen reader says: `8A, A minor, 31 sounds`."""
        return f"{self.code}, {self.choice.label}, {self.choice.count} sounds"


@register.simple_tag
def wheel(choices: Iterable[Choice], chosen: Iterable[str]) -> list[Segment]:
    """Return the segments, 1 at one o'clock; `chosen` are keys asked for and those that fit."""
    near = set(chosen)
    return [_segment(choice, near) for choice in choices]


@register.simple_tag
def shade(levels: dict[str, int], key: str) -> int:
    """Return how strongly a key's segment is drawn."""
    return levels[key]


def _segment(choice: Choice, near: set[str]) -> Segment:
    code = keys.CAMELOT[choice.value]
    inner, outer = RINGS[code[-1]]
    middle = int(code[:-1]) * 30 - 90
    start, end = middle - 15, middle + 15
    path = (
        f"M{_point(inner, start)}L{_point(outer, start)}A{outer} {outer} 0 0 1 {_point(outer, end)}"
        f"L{_point(inner, end)}A{inner} {inner} 0 0 0 {_point(inner, start)}Z"
    )
    radius = (inner + outer) / 2
    look = "has" if choice.count else ""
    if choice.is_chosen:
        look = "on"
    elif choice.value in near:
        look = "fit"
    x, y = (round(part, 1) for part in _place(radius, middle))
    return Segment(choice, code, path, x, y, look)


def _place(radius: float, degrees: float) -> tuple[float, float]:
    angle = radians(degrees)
    return CENTRE + radius * cos(angle), CENTRE + radius * sin(angle)


def _point(radius: float, degrees: float) -> str:
    x, y = _place(radius, degrees)
    return f"{x:.1f} {y:.1f}"
