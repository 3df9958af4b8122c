"""The settings of a pad, in one table: what each is called, its range, and what can carry it.

Ranges and defaults are those of the machine's pad record (docs/hardware.md). The model's
constraints, the forms, the inspector's marks and the exporter all read this table.
"""

from dataclasses import dataclass
from typing import Literal

from library.audio.baked import FULL_LEVEL, MONO_LEFT, MONO_RIGHT

Carrier = Literal["audio", "card", ""]


@dataclass(frozen=True, slots=True)
class Setting:
    """One number that a pad keeps.

    low and high belong to the range. carrier says where it ends up: "audio" where a plain file can
    carry it (the sound is changed), "card" where only a native project can, nothing where it is
    ours alone. unit follows the number on the page.
    """

    name: str
    label: str
    low: float
    high: float
    default: float
    carrier: Carrier = "card"
    unit: str = ""
    step: float = 1


NUMBERS = (
    Setting("level", "Volume", 0, FULL_LEVEL, FULL_LEVEL, "audio"),
    Setting("pan", "Pan", MONO_LEFT, MONO_RIGHT, 0, "audio"),  # the ends are MONO (L) and MONO (R)
    Setting("pitch", "Pitch", -12, 12, 0, "audio", "st"),
    Setting("fine", "Fine", -100, 100, 0, "audio", "ct"),
    Setting("speed", "Speed", 50, 150, 100, "card", "%", 0.1),
    Setting("bpm", "BPM", 40, 200, 90, "card", "BPM", 0.1),
    Setting("attack", "Attack", 0, 127, 0),
    Setting("hold", "Hold", 1, 100, 100),
    Setting("release", "Release", 0, 127, 0),
    Setting("roll", "Roll", 0, 10, 2),
    Setting("link", "Pad link", 0, 10, 0),
    Setting("bus", "Bus", 0, 2, 1),
)
BY_NAME = {setting.name: setting for setting in NUMBERS}

SWITCHES = {
    "vinyl": "Vinyl mode",
    "sync": "BPM sync",
    "fixed_velocity": "Fixed velocity",
}
"""What is on or off in the machine's record; only a native project carries it."""

CARRIERS: dict[str, Carrier] = {setting.name: setting.carrier for setting in NUMBERS} | {
    **dict.fromkeys(SWITCHES, "card"),
    "play": "card",
    "direction": "audio",
    "mute_group": "card",
    "voicing": "card",
    "start": "audio",
    "end": "audio",
    "fades": "audio",
    "loop_top": "card",
    "chops": "card",
    "locked": "",
    "muted": "",
}
"""Where every setting ends up, by its name; reverse is sound, ping-pong only a machine can play."""

MOST_CHOPS = 16
MOST_FRAMES = 2**31 - 1  # of a start, an end, a loop top, a chop: what the database keeps

SIDES = {"L": -1, "R": 1}

ROLLS = (
    "Off", "1/2", "1/4", "1/8", "1/16", "1/32", "1/64", "3/8", "3/16", "3/32", "3/64",
)  # fmt: skip
BUSES = ("Dry", "Bus 1", "Bus 2")
TEMPO = BY_NAME["bpm"]  # the same range holds for banks and whole kits
VOLUME = BY_NAME["level"]  # and for banks


def pan_said(pan: int) -> str:
    """Return a pan as the machine shows it: `L8`, `R50`, `C`, `MONO L`."""
    if pan in {MONO_LEFT, MONO_RIGHT}:
        return "MONO L" if pan == MONO_LEFT else "MONO R"
    return f"{'L' if pan < 0 else 'R'}{abs(pan)}" if pan else "C"


def pan_read(text: str) -> int:
    """Return the pan that a person means by `L8`, `r 50`, `C`, `mono l` or `-8` (ValueError)."""
    words = "".join(text.upper().split())
    if words in {"C", "CENTRE", "CENTER"}:
        return 0
    if words.startswith("MONO") and words[4:] in SIDES:
        return MONO_LEFT if words[4:] == "L" else MONO_RIGHT
    if words[:1] in SIDES:
        if not (words.isascii() and words[1:].isdigit() and int(words[1:]) < MONO_RIGHT):
            raise ValueError(text)
        return SIDES[words[0]] * int(words[1:])
    return int(words.replace("\N{MINUS SIGN}", "-"))
