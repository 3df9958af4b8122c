"""Where a sound is cut: by hits, by beats, in equal parts, at marks of its file.

All places are frames at 48 kHz. static/js/slices.js has the same rules for the page that shows
them at once; tests/audio/slice_cases.json holds both to the same answers, so that all arithmetic
is done in whole numbers, or in the same order of operations on doubles.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import Protocol

from library.audio.units import RATE

MOST = 64
"""Slices that one sound can be cut into: four banks."""

STRONGEST = 1000
"""What strengths of hits are counted in."""

WEAK = 200
"""A hit that is no stronger is a guess, and drawn as one."""

LEAST = RATE // 50
"""The shortest piece that a rule leaves, in frames: 20 ms. By hand pieces may be shorter."""

SNAP = 3 * RATE // 1000
"""How far a cut moves to a zero crossing, in frames: 3 ms."""

LEAD = RATE // 1000
"""How far it moves back before one behind the place is considered: 1 ms."""

GRIDS = (4, 8, 16)
"""Notes to cut at: quarters, eighths, sixteenths."""

Hit = tuple[int, int]  # frame, strength 0..STRONGEST


class Line(Protocol):
    """A waveform: whole or real numbers, of which only the signs count."""

    def __len__(self) -> int:
        """Return how many frames there are."""

    def __getitem__(self, frame: int, /) -> float:
        """Return the value of a frame."""


def hits(
    found: Iterable[Hit], frames: int, *, sensitivity: int, shortest: int, most: int, head: bool
) -> list[int]:
    """Return cuts at hits: of those that are closer than `shortest` frames the stronger one counts.

    sensitivity: 0 takes only the strongest, 100 all. most: how many cuts there are, 1..64; the
    strongest stay. head: whether the first piece begins with the sound, else with its first hit.
    """
    quiet = 100 - sensitivity
    loud = [hit for hit in found if hit[1] * 10 >= quiet * quiet]
    kept = [0] if head else []
    for frame, _ in sorted(loud, key=lambda hit: (-hit[1], hit[0])):
        if len(kept) >= most:
            break
        if frame + shortest <= frames and all(abs(frame - cut) >= shortest for cut in kept):
            kept.append(frame)
    return sorted(kept) or [0]


def beats(frames: int, *, bpm: float, offset: int, grid: int, head: bool) -> list[int]:
    """Return cuts at the notes of a grid (4: quarters, 8, 16) from `offset` frames on."""
    step = RATE * 240 / (bpm * grid)
    count = min(MOST, math.ceil(frames / step))
    marks = [math.floor(offset + step * number + 0.5) for number in range(count)]
    return settled(marks, frames, head=head)


def equal(frames: int, parts: int) -> list[int]:
    """Return the cuts that make so many parts of one length, to the frame."""
    return settled([number * frames // parts for number in range(parts)], frames, head=True)


def settled(marks: Iterable[int], frames: int, *, head: bool) -> list[int]:
    """Return marks as cuts: in order, 20 ms apart and before the end, the first 64 of them.

    head: the first piece begins with the sound; else with the first mark.
    """
    kept = [0] if head else []
    for mark in sorted(marks):
        fits = 0 <= mark <= frames - LEAST
        if fits and (not kept or mark - kept[-1] >= LEAST) and len(kept) < MOST:
            kept.append(mark)
    return kept or [0]


def at_rate(marks: Iterable[int], rate: int) -> list[int]:
    """Return marks of a file at `rate` as places at 48 kHz."""
    return [(2 * mark * RATE + rate) // (2 * rate) for mark in marks]


def pieces(cuts: Sequence[int], frames: int) -> list[tuple[int, int]]:
    """Return first frames and first ones behind, without gap or overlap up to the end."""
    return list(pairwise([*cuts, frames]))


def snapped(line: Line, place: int) -> int:
    """Return the zero crossing near a place of a waveform; the place itself without any.

    The last one of the millisecond before it, so that no attack is cut off; else the nearest, no
    more than 3 ms away, and of two that are as near the earlier one.
    """
    before = range(place, place - LEAD - 1, -1)
    around = (place + side * far for far in range(SNAP + 1) for side in (-1, 1))
    for frame in chain(before, around):
        if 0 < frame < len(line) and line[frame - 1] * line[frame] <= 0:
            return frame
    return place
