"""Settings of pads, one or many, as one step."""

from collections.abc import Iterable, Mapping
from typing import Any

from kits.grid import pads_of
from kits.hardware.pads import PadAddress
from kits.hardware.settings import BY_NAME
from kits.models import Kit, KitEdit, Pad
from kits.moves import CannotMoveError

OWN = frozenset({"start", "end", "loop_top", "chops", "slice"})
"""What belongs to one sound and cannot be given to another."""

WORDS = {
    "play": "play mode",
    "direction": "direction",
    "mute_group": "mute group",
    "start": "start",
    "end": "end",
    "loop_top": "loop top",
    "fades": "short fades",
    "chops": "chops",
    "vinyl": "vinyl mode",
    "sync": "BPM sync",
    "fixed_velocity": "fixed velocity",
    "voicing": "voicing",
    "locked": "lock",
    "muted": "mute",
}


def adjust(
    kit: Kit, places: Iterable[PadAddress], values: Mapping[str, Any], *, seen: int | None = None
) -> KitEdit:
    """Give these pads these values (names of Pad's fields) as one step.

    CannotMoveError with a sentence where there is no pad, nothing to change, a place outside of
    the sound, or one sound's places for several.
    """
    standing = pads_of(kit)
    pads = {at: standing[at] for at in sorted(set(places)) if at in standing}
    if not pads:
        raise CannotMoveError("There is no sound on this pad.")
    if len(pads) > 1 and OWN & values.keys():
        raise CannotMoveError("Start, end, loop and chops belong to one pad each.")
    changes = {at: _changed(at, pad, values) for at, pad in pads.items()}
    different = {at: pad for at, pad in changes.items() if pad.fields() != pads[at].fields()}
    if not different:
        raise CannotMoveError("It is so already.")
    return kit.change(_label(pads, values), dict(different), seen=seen)


def _changed(at: PadAddress, pad: Pad, values: Mapping[str, Any]) -> Pad:
    new = Pad(**{**pad.fields(), **values})
    new.sample = pad.sample
    end = new.frames if new.end is None else new.end
    if not new.fits or (end is not None and new.start >= end):
        raise CannotMoveError(f"That is outside of the sound on {at}.")
    if new.loop_top is not None and not new.start <= new.loop_top < (end or new.loop_top + 1):
        new.loop_top = None  # the region moved away from it
    return new


def _label(pads: Mapping[PadAddress, Pad], values: Mapping[str, Any]) -> str:
    """Name the step for undo: `set volume of A9 to 100`, `set 3 settings of 5 pads`."""
    at = str(next(iter(pads))) if len(pads) == 1 else f"{len(pads)} pads"
    if len(values) > 1:
        return f"set {len(values)} settings of {at}"
    ((name, value),) = values.items()
    words = BY_NAME[name].label.lower() if name in BY_NAME else WORDS.get(name, name)
    if name in BY_NAME:
        return f"set {words} of {at} to {value:g}"
    if isinstance(value, bool):
        return f"turned {words} of {at} {'on' if value else 'off'}"
    return f"set {words} of {at}"
