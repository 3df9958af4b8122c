"""Decibels and gains, frames and seconds."""

import math

RATE = 48_000
"""The rate of everything that leaves the product, in Hz."""

SHORTEST_MS = 100
"""The shortest sound that is offered to the device (docs/hardware.md), in milliseconds."""


def gain_to_db(gain: float) -> float:
    """Decibels of a linear gain; minus infinity for nothing at all."""
    return 20 * math.log10(gain) if gain > 0 else -math.inf


def db_to_gain(db: float) -> float:
    """Linear gain of so many decibels."""
    return float(10 ** (db / 20))


def resampled_frames(frames: int, rate: int, to_rate: int = RATE) -> int:
    """Return the exact length after resampling: ceil(frames * to_rate / rate), in whole numbers."""
    return -(-frames * to_rate // rate)


def is_short(frames: int, rate: int) -> bool:
    """Tell whether a sound lasts less than 100 ms, without rounding anything."""
    return frames * 1000 < SHORTEST_MS * rate


def signed(value: float) -> str:
    """Return a figure for people: a true minus sign and no needless decimals (`-16`, `-18.4`)."""
    return f"{value:.1f}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")
