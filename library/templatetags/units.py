"""Filters that print numbers the way the interface does."""

import math

from django import template

register = template.Library()


@register.filter
def seconds(value: float | None) -> str:
    """Print a duration: `0.41 s`, `2:05` from a minute on, `…` while unknown."""
    if value is None:
        return "…"
    if value >= 60:
        minutes, rest = divmod(round(value), 60)
        return f"{minutes}:{rest:02d}"
    return f"{value:.2f} s"


@register.filter
def tempo(value: float | None) -> str:
    """Print a tempo without needless decimals: `92`, `136.9`, `–` without one."""
    return "–" if value is None else f"{round(value, 1):g}"


@register.filter
def decibels(value: float | None) -> str:
    """Print a linear amplitude in dB full scale with a true minus: `−3.1`."""
    if value is None:
        return "…"
    if value <= 0:
        return "−∞"
    return f"{20 * math.log10(value):.1f}".replace("-", "−")


@register.filter
def grouped(value: int | None) -> str:
    """Group thousands with a narrow space: `1 846`."""
    return "–" if value is None else f"{value:,}".replace(",", "\u202f")


@register.filter
def filesize(value: int | None) -> str:
    """Print bytes as on the card: `19 KB`, `36.9 MB`."""
    if not value:
        return "0"
    if value < 1_000_000:
        return f"{max(1, round(value / 1000))} KB"
    return f"{value / 1_000_000:.1f} MB"
