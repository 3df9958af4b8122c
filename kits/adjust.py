"""Settings of pads, one or many, as one step."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from kits.grid import pads_of
from kits.hardware.pads import PadAddress
from kits.hardware.settings import BY_NAME, CARRIERS, SWITCHES, pan_said
from kits.models import Direction, Kit, KitEdit, Pad, Play, Voicing
from kits.moves import CannotMoveError
from library.audio.units import RATE

OWN = frozenset({"start", "end", "loop_top", "chops", "slice"})
"""What belongs to one sound and cannot be given to another."""

LENT = tuple(name for name in CARRIERS if name not in OWN | {"bpm", "locked", "muted"})
"""What is pasted as settings: neither the tempo of a sound nor the state of a pad."""

WORDS = {
    "play": "play mode",
    "direction": "direction",
    "mute_group": "mute group",
    "start": "start",
    "end": "end",
    "loop_top": "loop top",
    "fades": "short fades",
    "chops": "chops",
    "fixed_velocity": "fixed velocity",
    "voicing": "voicing",
    "locked": "lock",
    "muted": "mute",
}

STATES = {"locked": ("unlocked", "locked"), "muted": ("unmuted", "muted")}
CHOICES = {"play": Play, "direction": Direction, "voicing": Voicing}
ENDS = {"start": "the start", "end": "the end of its sound", "loop_top": "the start"}  # for None
MOST_NAMED = 3  # settings that a step names one by one


class UnchangedError(CannotMoveError):
    """All is so already."""


def adjust(
    kit: Kit, places: Iterable[PadAddress], values: Mapping[str, Any], *, seen: int | None = None
) -> KitEdit:
    """Give these pads these values (names of Pad's fields) as one step.

    CannotMoveError with a sentence where there is no pad, nothing to change, a place outside of
    the sound, or one sound's places for several.
    """
    pads = _filled(kit, places)
    if len(pads) > 1 and OWN & values.keys():
        raise CannotMoveError("Start, end, loop and chops belong to one pad each.")
    changes = {at: _changed(at, pad, values) for at, pad in pads.items()}
    return _step(kit, _label(pads, changes, values), pads, changes, seen)


def paste(
    kit: Kit, source: PadAddress, places: Iterable[PadAddress], *, seen: int | None = None
) -> KitEdit:
    """Give these pads the settings of another one as one step; each keeps its sound and region.

    CannotMoveError as `adjust`.
    """
    lender = _filled(kit, [source])[source]
    pads = _filled(kit, places)
    values = {name: getattr(lender, name) for name in LENT}
    changes = {at: _changed(at, pad, values) for at, pad in pads.items()}
    return _step(kit, f"pasted settings of {source} onto {_whom(pads)}", pads, changes, seen)


def give_levels(
    kit: Kit, wanted: Mapping[PadAddress, int], label: str, *, seen: int | None = None
) -> KitEdit:
    """Give each pad its own level (0 to 127) as one step; UnchangedError when all are so."""
    pads = _filled(kit, wanted)
    changes = {at: _changed(at, pad, {"level": wanted[at]}) for at, pad in pads.items()}
    return _step(kit, label, pads, changes, seen)


def words(name: str) -> str:
    """Return what a setting is called within a sentence."""
    if name in WORDS:
        return WORDS[name]
    label = BY_NAME[name].label if name in BY_NAME else SWITCHES[name]
    return label if label.isupper() or label.startswith("BPM") else label.lower()


def _filled(kit: Kit, places: Iterable[PadAddress]) -> dict[PadAddress, Pad]:
    wanted = sorted(set(places))
    standing = pads_of(kit, {at.bank for at in wanted})
    pads = {at: standing[at] for at in wanted if at in standing}
    if not pads:
        raise CannotMoveError("There is no sound on this pad.")
    return pads


def _step(
    kit: Kit,
    label: str,
    pads: Mapping[PadAddress, Pad],
    changes: Mapping[PadAddress, Pad],
    seen: int | None,
) -> KitEdit:
    different = {at: pad for at, pad in changes.items() if pad.fields() != pads[at].fields()}
    if not different:
        raise UnchangedError("It is so already.")
    return kit.change(label, dict(different), seen=seen)


def _changed(at: PadAddress, pad: Pad, values: Mapping[str, Any]) -> Pad:
    try:
        return pad.with_settings(values)
    except ValidationError as error:
        raise CannotMoveError(f"{at}: {error.messages[0]}") from error


def _whom(pads: Mapping[PadAddress, Pad]) -> str:
    return str(next(iter(pads))) if len(pads) == 1 else f"{len(pads)} pads"


def _label(
    pads: Mapping[PadAddress, Pad], changes: Mapping[PadAddress, Pad], asked: Iterable[str]
) -> str:
    """Name the step for undo by what is not as before: a form sends settings that stayed as well.

    `set volume of A9 to 100`, `set volume and pan of 5 pads`, `set 4 settings of A9`.
    """
    at = _whom(pads)
    new = {
        name: getattr(after, name)
        for name in asked
        for place, after in changes.items()
        if getattr(after, name) != getattr(pads[place], name)
    }
    if len(new) > MOST_NAMED:
        return f"set {len(new)} settings of {at}"
    if not new:
        return ""  # no step will follow
    *others, last = (words(name) for name in new)
    return f"set {', '.join(others)} and {last} of {at}" if others else _one(at, *new.popitem())


def _one(at: str, name: str, value: Any) -> str:
    if name in STATES:
        return f"{STATES[name][value]} {at}"
    if isinstance(value, bool):
        return f"turned {words(name)} of {at} {'on' if value else 'off'}"
    if name == "mute_group":
        return f"put {at} in mute group {value}" if value else f"took {at} out of its mute group"
    if name == "chops" and not value:
        return f"cleared the chops of {at}"
    return f"set {words(name)} of {at}{_to(name, value)}"


def _to(name: str, value: Any) -> str:
    """Return ` to 100`, ` to L8`, ` to gate`, ` to 0.076 s`; nothing for what is no plain value."""
    if name in CHOICES:
        return f" to {CHOICES[name](value).label.lower()}"
    if name in ENDS:
        return f" to {ENDS[name]}" if value is None else f" to {value / RATE:.3f} s"
    if name not in BY_NAME or value is None:
        return ""
    return f" to {pan_said(value) if name == 'pan' else format(value, 'g')}"
