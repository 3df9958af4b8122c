"""Filters that print numbers the way the interface does."""

import math

from django import template

from library import doubts
from library.models import Sample

register = template.Library()

MINUTE = 60  # seconds
MEGABYTE = 1_000_000
GIGABYTE = 1_000_000_000


@register.filter
def seconds(value: float | None) -> str:
    """Print a duration: `0.41 s`, `2:05` from a minute on, `…` while unknown."""
    if value is None:
        return "…"
    if value >= MINUTE:
        minutes, rest = divmod(round(value), MINUTE)
        return f"{minutes}:{rest:02d}"
    return f"{value:.2f} s"


@register.filter
def tempo(value: float | None) -> str:
    """Print a tempo without needless decimals: `92`, `136.9`, `–` without one."""
    return "–" if value is None else f"{round(value, 1):g}"


@register.filter
def doubt(sample: Sample, column: str) -> str:
    """Print who guesses a value, how sure that is, and the runner-up."""
    return doubts.tooltip(sample, column)


@register.filter
def decibels(value: float | None) -> str:
    """Print a linear amplitude in dB full scale with a true minus: `−3.1`."""
    if value is None:
        return "…"
    if value <= 0:
        return "−∞"
    return f"{20 * math.log10(value):.1f}".replace("-", "−")


@register.filter
def lufs(value: float | None) -> str:
    """Print a loudness with a true minus: `−16.3`, `–` for what has none."""
    return "–" if value is None else f"{value:.1f}".replace("-", "−")


@register.filter
def grouped(value: int | None) -> str:
    """Group thousands with a narrow space: `1 846`."""
    return "–" if value is None else f"{value:,}".replace(",", "\u202f")


@register.filter
def filesize(value: int | None) -> str:
    """Print bytes as on the card: `19 KB`, `36.9 MB`, `1.2 GB`."""
    if not value:
        return "0"
    if value < MEGABYTE:
        return f"{max(1, round(value / 1000))} KB"
    if value < GIGABYTE:
        return f"{value / MEGABYTE:.1f} MB"
    return f"{value / GIGABYTE:.1f} GB"


@register.filter
def crumbs(folder: str) -> str:
    """Print a folder's way down: `Packs / Tape Hats`."""
    return folder.replace("/", " / ")


@register.filter
def material(sample: Sample) -> str:
    """Print what a file is made of: `44.1 kHz 24-bit stereo`; nothing while unknown."""
    channels = {1: "mono", 2: "stereo"}.get(sample.channels or 0, f"{sample.channels} channels")
    parts = [
        f"{sample.sample_rate / 1000:g} kHz" if sample.sample_rate else "",
        f"{sample.bit_depth}-bit" if sample.bit_depth else "",
        channels if sample.channels else "",
    ]
    return " ".join(filter(None, parts))
