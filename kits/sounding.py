"""How a pad sounds, for the page that plays it and for the few letters on its face."""

from typing import Any

from kits.hardware.settings import BUSES
from kits.models import Direction, Pad, Play
from library.audio.baked import FULL_LEVEL, MONO_LEFT, MONO_RIGHT
from library.audio.units import RATE

LONG_SECONDS = 60
"""A longer sound is not decoded whole in a browser, but streamed when it is played."""

FACES = {
    Play.GATE: "GATE",
    Play.LOOP: "LOOP",
    Play.HELD_LOOP: "HELD",
    Play.TOGGLE: "TOGGLE",
}
WAYS = {
    Direction.REVERSE: "REV",
    Direction.PING_PONG: "PING",
    Direction.REVERSE_PING_PONG: "REV PING",
}


def marks(pad: Pad) -> list[str]:
    """Return what a pad's face tells of its settings, the most important first."""
    usual_bus = Pad._meta.get_field("bus").default
    pitch = _signed(pad.pitch + pad.fine / 100)
    found = [
        "MUTED" if pad.muted else "",
        f"MUTE {pad.mute_group}" if pad.mute_group else "",
        FACES.get(Play(pad.play), ""),
        WAYS.get(Direction(pad.direction), ""),
        f"{pitch} st" if pad.pitch or pad.fine else "",
        BUSES[pad.bus].upper() if pad.bus != usual_bus else "",
        "LOCKED" if pad.locked else "",
    ]
    return list(filter(None, found))


def voice(pad: Pad) -> dict[str, Any]:
    """Return what the sound engine needs (static/js/pads.js): only what is not as usual.

    start, end, top: seconds at 48 kHz. rate: 1 as recorded. level: 0 to 127. pan: -50 to 50, or
    "L" and "R" for one channel alone. way: the machine's number of the direction. group: mute
    group. Levels and pans sound as an export bakes them.
    """
    found = {
        "play": pad.play if pad.play != Play.ONE_SHOT else None,
        "start": pad.start / RATE or None,
        "end": pad.end / RATE if pad.end is not None else None,
        "top": pad.loop_top / RATE if pad.loop_top is not None else None,
        "rate": pad.rate if pad.rate != 1 else None,
        "level": pad.level if pad.level != FULL_LEVEL else None,
        "pan": {MONO_LEFT: "L", MONO_RIGHT: "R"}.get(pad.pan, pad.pan) or None,
        "way": int(pad.direction) or None,
        "group": pad.mute_group or None,
        "link": pad.link or None,
        "fades": pad.fades or None,
        "fixed": pad.fixed_velocity or None,
        "muted": pad.muted or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _signed(value: float) -> str:
    """Return `−2`, `+3.5`."""
    return f"{value:+g}".replace("-", "\N{MINUS SIGN}")
