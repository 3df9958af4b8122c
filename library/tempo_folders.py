"""Tempo ranges that people sort their sounds by: rising bounds, so that none can overlap."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

USUAL = (70, 90, 110, 130, 150)  # BPM
SLOWEST, FASTEST = 20, 400  # BPM of any sound
MOST = 24  # bounds; more are no order any more

SLOW, FAST, UNKNOWN = "slow", "fast", "unknown_bpm"


def usual() -> list[int]:
    """Return the bounds that hold until somebody chooses others."""
    return list(USUAL)


def parse(text: str) -> list[int]:
    """Return the bounds of `70, 90, 110`; ValidationError in words. Empty: the usual ones."""
    parts = text.replace(",", " ").replace(";", " ").split()
    if not all(part.isascii() and part.isdigit() and len(part) <= len("400") for part in parts):
        raise ValidationError("Whole numbers between commas, such as 70, 90, 110.")
    bounds = [int(part) for part in parts] or usual()
    check(bounds)
    return bounds


def check(bounds: Any) -> None:
    """Raise ValidationError unless these are whole numbers from 20 to 400 in rising order."""
    if not isinstance(bounds, list) or not all(type(bound) is int for bound in bounds):
        raise ValidationError("Whole numbers only.")
    if not 1 <= len(bounds) <= MOST:
        raise ValidationError(f"From 1 to {MOST} numbers.")
    for bound in bounds:
        if not SLOWEST <= bound <= FASTEST:
            raise ValidationError(f"{bound} lies outside {SLOWEST} to {FASTEST} BPM.")
    for low, high in pairwise(bounds):
        if low >= high:
            raise ValidationError(f"In rising order, each once: {high} stands behind {low}.")


def folder(bpm: float | None, bounds: Sequence[int] = USUAL) -> str:
    """Return the folder of a tempo; lower bounds are included, upper ones are not."""
    if bpm is None:
        return UNKNOWN
    if bpm < bounds[0]:
        return SLOW
    for low, high in pairwise(bounds):
        if bpm < high:
            return f"{low}-{high}"
    return FAST


def folders(bounds: Sequence[int]) -> list[str]:
    """Return the names of all folders but that of unknown tempos, slowest first."""
    return [SLOW, *(f"{low}-{high}" for low, high in pairwise(bounds)), FAST]


def in_words(bounds: Sequence[int]) -> str:
    """Return what the folders are: `slow (under 70), 70-90, 90-110, fast (from 110)`."""
    slow, *between, fast = folders(bounds)
    return ", ".join([f"{slow} (under {bounds[0]})", *between, f"{fast} (from {bounds[-1]})"])
