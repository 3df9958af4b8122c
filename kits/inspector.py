"""What the inspector shows: one pad, or what several have in common."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from kits.adjust import words
from kits.grid import Grid, Slot
from kits.hardware.errors import HardwareError
from kits.hardware.pads import PadAddress
from kits.hardware.settings import (
    BUSES,
    CARRIERS,
    NUMBERS,
    ROLLS,
    SWITCHES,
    Carrier,
    Setting,
    pan_said,
)
from kits.models import BANKS, Direction, Play, Voicing
from library.audio.units import RATE

MIXED = "–"
LINKS = ("Off", *(str(number) for number in range(1, 11)))
CHOICES: dict[str, tuple[str, tuple[tuple[int | str, str], ...]]] = {
    "link": ("Pad link", tuple(enumerate(LINKS))),
    "bus": ("Bus", tuple(enumerate(BUSES))),
    "roll": ("Roll", tuple(enumerate(ROLLS))),
    "voicing": ("Voices", tuple(Voicing.choices)),
}
TURNED = {  # beside BPM sync, which stands with its number
    "vinyl": SWITCHES["vinyl"],
    "fixed_velocity": SWITCHES["fixed_velocity"],
    "fades": "Short fades",
    "muted": "Muted here",
    "locked": "Locked against shuffling",
}


@dataclass(frozen=True)
class Fader:
    """A number of the table, as the page draws it: with what all pads have, or as mixed."""

    setting: Setting
    value: Any  # a number, None where nothing is known, or MIXED

    @property
    def is_mixed(self) -> bool:
        """Tell whether the pads differ."""
        return bool(self.value == MIXED)

    @property
    def place(self) -> float:
        """Return where the fader stands: at its default where there is no one value."""
        known = self.value is not None and not self.is_mixed
        return self.value if known else self.setting.default

    @property
    def shown(self) -> str:
        """Return what stands in the field beside it."""
        if self.value is None or self.is_mixed:
            return ""
        return pan_said(self.value) if self.setting.name == "pan" else f"{self.value:g}"


@dataclass(frozen=True)
class Control:
    """A choice or a switch: what all pads have, True, False, one of the options, or MIXED."""

    name: str
    label: str
    value: Any
    options: tuple[tuple[int | str, str], ...] = ()

    @property
    def is_mixed(self) -> bool:
        """Tell whether the pads differ."""
        return bool(self.value == MIXED)

    @property
    def carrier(self) -> Carrier:
        """Return where it ends up."""
        return CARRIERS[self.name]


def inspected(drawn: Grid, at: PadAddress, also: Iterable[PadAddress] = ()) -> dict[str, Any]:
    """Return the context of the inspector: the pad at `at` and those beside it that are filled.

    `settings` has the value that all of them share, or MIXED; an empty pad beside others is passed
    over.
    """
    slots = [drawn.at(place) for place in sorted({at, *also}) if drawn.at(place).pad]
    slot = slots[0] if slots and drawn.at(at).pad is None else drawn.at(at)
    settings = _shared(slots)
    return {
        "slot": slot,
        "slots": slots,
        "settings": settings,
        "faders": {each.name: Fader(each, settings.get(each.name)) for each in NUMBERS},
        "carriers": CARRIERS,
        "travels": travels(),
        "plays": Play.choices,
        "directions": Direction.choices,
        "groups": BANKS,
        "choices": [
            Control(name, label, settings.get(name), options)
            for name, (label, options) in CHOICES.items()
        ],
        "sync": Control("sync", "Sync to it", settings.get("sync")),
        "switches": [Control(name, label, settings.get(name)) for name, label in TURNED.items()],
        "tunes": _tunes(slots),
        "times": _times(slot),
    }


def named(asked: QueryDict) -> list[PadAddress]:
    """Return the pads that a request names beside the first; nonsense is passed over."""
    places = []
    for text in asked.getlist("also"):
        try:
            places.append(PadAddress.parse(text))
        except HardwareError:
            continue
    return places


def travels() -> dict[Carrier, str]:
    """Return what ends up where, each as words with commas: by carrier."""
    found: dict[Carrier, list[str]] = {}
    for name, carrier in CARRIERS.items():
        found.setdefault(carrier, []).append(words(name))
    return {carrier: ", ".join(names) for carrier, names in found.items()}


def _tunes(slots: Iterable[Slot]) -> str:
    """Return pitch, fine and speed of each pad as JSON: the page tunes by one of the three."""
    return json.dumps(
        {str(slot.address): [pad.pitch, pad.fine, pad.speed] for slot in slots if (pad := slot.pad)}
    )


def _times(slot: Slot) -> dict[str, str]:
    """Return where a pad's region begins and ends, and how long it and its sound are: seconds."""
    pad = slot.pad
    if pad is None or pad.region is None or pad.frames is None:
        return {}
    start, end = pad.region
    known = {"start": start, "end": end, "kept": end - start, "all": pad.frames}
    return {name: f"{frames / RATE:.3f}" for name, frames in known.items()}


def _shared(slots: list[Slot]) -> dict[str, Any]:
    shared: dict[str, Any] = {}
    for slot in slots:
        for name in CARRIERS:
            value = getattr(slot.pad, name)
            shared[name] = value if shared.get(name, value) == value else MIXED
    return shared
