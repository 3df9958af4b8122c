"""One thing to know before an export starts, and the choices that settle it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from exports.planned import PlannedItem
from kits.hardware.devices import SP404MKII

PAD_GONE = "Source file is gone. Pad left empty."
PATH_TOO_LONG = "Path too long:"
GONE = "Audio file not found:"
NOT_FOUND = "not found"
UNREADABLE = "Failed to load audio:"
TOO_SHORT = "Duration too short:"
TOO_LONG = "Sample too long:"
BEHIND_THE_END = "Its start and end lie behind the end of the sound."

FIXES: dict[str, tuple[str, Mapping[str, str]]] = {
    "lengthen": ("Lengthen with silence", {"pad_short": "on"}),
    "split": ("Split into parts", {"long": "split"}),
    "shorten": (f"Cut at {SP404MKII.longest_seconds // 60} minutes", {"long": "shorten"}),
    "mono": ("Write them as mono", {"channels": "auto"}),
    "letters": ("Use plain letters", {"sanitize": "on"}),
    "names": ("Shorten the names", {"device_names": "on"}),
    "keep-silence": ("Leave their silence", {"trim": ""}),
    "flat": ("All in one folder", {"layout": "flat"}),
    "tempo": ("Sort by tempo", {"layout": "bpm"}),
    "genre": ("Sort by genre", {"layout": "genre"}),
}
"""Buttons: their labels, and the fields of the form that they set; "" unticks a box."""


class Weight(StrEnum):
    """How bad it is."""

    STOPS = "stops"  # these files are left out
    WARNS = "warns"  # written, but the machine may not like it
    OFFER = "offer"  # nothing is wrong, it could be better
    SETTLED = "settled"  # the export sees to it


@dataclass(frozen=True)
class Problem:
    """One thing to know before the start: what, which files, what can be done.

    device: the machine's own words for it, if it has any. fixes: keys of FIXES.
    """

    weight: Weight
    sentence: str
    items: tuple[PlannedItem, ...] = ()
    device: str = ""
    fixes: tuple[str, ...] = ()

    @property
    def is_warning(self) -> bool:
        """Tell whether files are written that the machine may not like."""
        return self.weight == Weight.WARNS

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Value and label of each fix."""
        return [(fix, FIXES[fix][0]) for fix in self.fixes]
