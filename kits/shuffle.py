"""Sounds of one class trade places: the bank stays what it is and sounds new."""

import random
from collections import defaultdict

from kits.grid import pads_of
from kits.hardware.pads import PadAddress
from kits.models import Kit, KitEdit, Pad
from kits.moves import CannotMoveError, stayed


def shuffle(kit: Kit, letter: str, seed: int, *, seen: int | None = None) -> KitEdit:
    """Let the pads of each class in a bank trade places, with all their settings, as one step.

    Locked pads and those whose sound is gone stay. The same seed on the same bank does the same.
    CannotMoveError where no class has two pads that may move.
    """
    standing = pads_of(kit)
    classes: defaultdict[str, list[PadAddress]] = defaultdict(list)
    for at in sorted(standing):
        pad = standing[at]
        if at.bank == letter and not pad.locked and pad.sample is not None:
            classes[pad.sample.sample_class].append(at)
    dice = random.Random(f"{letter} {seed}")  # noqa: S311 - no secret
    changes: dict[PadAddress, Pad | None] = {}
    for name in sorted(classes):
        places = classes[name]
        for at, other in zip(places, _mixed(places, dice), strict=True):
            if at != other:
                changes[at] = standing[other]
    if not changes:
        raise CannotMoveError(
            f"Bank {letter} has no two sounds of one class that may move: nothing to shuffle."
        )
    locked = sum(pad.locked for at, pad in standing.items() if at.bank == letter)
    label = f"shuffled bank {letter} within classes{stayed(locked)}"
    return kit.change(label, changes, seen=seen)


def _mixed(places: list[PadAddress], dice: random.Random) -> list[PadAddress]:
    """Return the places in another order, if there is one."""
    mixed = dice.sample(places, len(places))
    return mixed if mixed != places else [*places[1:], *places[:1]]
