"""What the inspector shows: one pad, or what several have in common."""

from typing import Any

from django.http import QueryDict

from kits.grid import Grid, Slot, grid
from kits.hardware.errors import HardwareError
from kits.hardware.pads import PadAddress
from kits.hardware.settings import CARRIERS
from kits.models import Kit

MIXED = "–"


def inspector(kit: Kit, at: PadAddress, asked: QueryDict) -> dict[str, Any]:
    """Return the context of the inspector: the pad at `at` and those that `also` names beside it.

    `settings` has the value that all of them share, or MIXED.
    """
    drawn = grid(kit, at.bank)
    return {"kit": kit, "grid": drawn, "slot": drawn.at(at)} | _together(drawn, at, asked)


def _together(drawn: Grid, at: PadAddress, asked: QueryDict) -> dict[str, Any]:
    slots = [drawn.at(place) for place in (at, *_also(asked)) if drawn.at(place).pad]
    return {"slots": slots, "settings": _shared(slots)}


def _also(asked: QueryDict) -> list[PadAddress]:
    places = []
    for text in asked.getlist("also"):
        try:
            places.append(PadAddress.parse(text))
        except HardwareError:
            continue
    return list(dict.fromkeys(places))


def _shared(slots: list[Slot]) -> dict[str, Any]:
    shared: dict[str, Any] = {}
    for slot in slots:
        for name in CARRIERS:
            value = getattr(slot.pad, name)
            shared[name] = value if shared.get(name, value) == value else MIXED
    return shared
