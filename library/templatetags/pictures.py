"""Tags that draw: icons from the sprite and waveforms as SVG paths."""

import math
from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

FLAT = SafeString(
    '<svg class="wave flat" viewBox="0 0 192 24" preserveAspectRatio="none" aria-hidden="true">'
    '<path d="M0 12h192"/></svg>'
)


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """Draw one icon of the sprite; it is decoration, the control around it carries the name."""
    return format_html(
        '<svg class="ico" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("icons.svg"),
        name,
    )


def wave_path(bars: bytes) -> str:
    """Return the SVG path of amplitude bars (0–255): vertical strokes 3 units apart, 24 high.

    Heights are whole units: a row is no taller in pixels, and few different strokes pack well.
    """
    strokes = []
    for place, bar in enumerate(bars):
        height = max(1, round(bar * 24 / 255))
        strokes.append(f"M{place * 3 + 1} {12 - height / 2:g}v{height}")
    return "".join(strokes)


@register.simple_tag
def wave(bars: bytes | memoryview | None, part: tuple[float, float] = (0.0, 1.0)) -> SafeString:
    """Draw a row's waveform, or a part of it (0 to 1); a flat line while it is not measured."""
    if not bars:
        return FLAT
    start, end = part
    first = min(int(start * len(bars)), len(bars) - 1)
    bars = bytes(bars)[first : max(math.ceil(end * len(bars)), first + 1)]
    return format_html(
        '<svg class="wave" viewBox="0 0 {} 24" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="{}"/></svg>',
        len(bars) * 3,
        wave_path(bars),
    )
