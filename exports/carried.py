"""What a plain file carries of a pad's settings, and what only a native project does.

Which is which stands in `kits.hardware.settings.CARRIERS`.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache

from kits.hardware.settings import BY_NAME, CARRIERS, SWITCHES
from kits.models import Direction, Pad
from library.audio.baked import AS_IS, SEMITONE, Baked


@dataclass(frozen=True)
class Cut:
    """One thing that can be cut into the sound: its name on the form, and fields of `Baked`.

    done: what a plan says behind a number of pads. left: what it says where it was not chosen.
    """

    label: str
    hint: str
    fields: tuple[str, ...]
    done: str
    left: str


CUTS = {
    "trim": Cut(
        "Start and end",
        "Only the region of each pad, and its fades. Slices meet to the frame.",
        ("start", "end", "fades"),
        "trimmed",
        "start and end",
    ),
    "reverse": Cut(
        "Reverse",
        "Written backwards. Ping-pong stays with the pad.",
        ("reverse",),
        "reversed",
        "reverse",
    ),
    "pitch": Cut(
        "Pitch",
        "Semitones and cents; the length changes with them, as on tape. Speed stays with the pad.",
        ("cents",),
        "pitched",
        "pitch",
    ),
    "level": Cut(
        "Volume",
        "Of each pad; those of banks stay behind. Full volume leaves a sound as it is.",
        ("level",),
        "with own volume",
        "volume",
    ),
    "pan": Cut(
        "Pan",
        "Turns the far side down. A mono sound becomes stereo and takes 2 voices.",
        ("pan",),
        "panned",
        "pan",
    ),
}
EVERYTHING = tuple(CUTS)

WORDED = ("play", "direction", "voicing")  # settings whose values have names of their own
BOTH_WAYS = (Direction.PING_PONG, Direction.REVERSE_PING_PONG)


def of(pad: Pad) -> Baked:
    """Return all of a pad's settings that a file can carry."""
    return Baked(
        start=pad.start,
        end=pad.end,
        fades=pad.fades,
        reverse=pad.direction == Direction.REVERSE,
        cents=pad.pitch * SEMITONE + pad.fine,
        level=pad.level,
        pan=pad.pan,
    )


def only(baked: Baked, chosen: Collection[str]) -> Baked:
    """Return no more of it than what was chosen of CUTS."""
    others = (cut for name, cut in CUTS.items() if name not in chosen)
    usual = {field: getattr(AS_IS, field) for cut in others for field in cut.fields}
    return replace(baked, **usual)


def cut_into(baked: Baked) -> list[str]:
    """Return the names of CUTS that are not as usual."""
    return [
        name
        for name, cut in CUTS.items()
        if any(getattr(baked, field) != getattr(AS_IS, field) for field in cut.fields)
    ]


def left_behind(pad: Pad) -> tuple[str, ...]:
    """Return what a pad has that no file can carry, as the page calls it."""
    left = [name for name, carrier in CARRIERS.items() if carrier == "card" and _is_set(pad, name)]
    if pad.direction in BOTH_WAYS:
        left.append("direction")
    return tuple(_label(pad, name) for name in left)


def _is_set(pad: Pad, name: str) -> bool:
    """Tell whether a setting is neither the machine's own nor a fact of the sound."""
    value = getattr(pad, name)
    usual = [getattr(_new(), name)]
    if name == "bpm" and pad.sample is not None:
        usual.append(Pad.holding(pad.sample).bpm)
    return value not in usual


@cache
def _new() -> Pad:
    """Return a pad as the machine has it before anything is set."""
    return Pad()


def _label(pad: Pad, name: str) -> str:
    if name in BY_NAME:
        return BY_NAME[name].label
    if name in WORDED:
        return str(getattr(pad, f"get_{name}_display")())
    words = SWITCHES.get(name) or name.replace("_", " ")
    return words[:1].upper() + words[1:]
