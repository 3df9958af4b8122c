"""Which class of sound each pad of a bank is for: a table that people may change."""

from typing import Any

from django.core.exceptions import ValidationError

from library.audio.classes import SHOWN

USUAL = (
    "kick", "kick", "snare", "snare",
    "hat", "hat", "clap", "perc",
    "bass", "bass", "keys", "keys",
    "vocal", "vocal", "fx", "break",
)  # fmt: skip
"""The class of pads 1 to 16; an empty word is a pad for anything."""


def usual() -> list[str]:
    """Return the table that holds until somebody chooses another."""
    return list(USUAL)


def check(table: Any) -> None:
    """Raise ValidationError unless these are the classes of all pads of a bank, or empty words."""
    if not isinstance(table, list) or len(table) != len(USUAL):
        raise ValidationError(f"One class for each of the {len(USUAL)} pads.")
    known = {"", *SHOWN.values()}
    for number, name in enumerate(table, 1):
        if name not in known:
            raise ValidationError(f"Pad {number}: “{str(name)[:20]}” is no class of sounds.")
