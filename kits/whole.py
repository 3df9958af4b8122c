"""A whole kit at once: what it shall hold, and the one step that makes it so."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from kits.assign import Pads
from kits.grid import pads_of
from kits.hardware.pads import PadAddress
from kits.models import Kit, KitChangedError, KitEdit, Pad
from library.models import Sample


class UnknownSampleError(Exception):
    """A sound that is asked for is not there, or not this person's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class EmptyPadError(Exception):
    """A pad without a sound is asked for where none stands."""


@dataclass(frozen=True)
class Wanted:
    """What a kit shall be: its name, and the id of the sound on each pad.

    None keeps a pad whose sound is gone.
    """

    name: str
    pads: Mapping[PadAddress, int | None]


@transaction.atomic
def write(kit: Kit, wanted: Wanted, *, seen: int) -> KitEdit | None:
    """Make the kit so, in one step that can be undone; None when its pads are so already.

    Pads that keep their sound keep all their settings. KitChangedError when `seen` is not the
    newest version; UnknownSampleError and EmptyPadError say what makes no sense.
    """
    changes = _changes(kit, wanted.pads)
    rows = Kit.objects.filter(pk=kit.pk, version=seen)
    # A new name alone counts as a version too, so that of two callers only one gives it.
    step = 0 if changes or wanted.name == kit.name else 1
    if not rows.update(name=wanted.name, version=F("version") + step):
        raise KitChangedError
    kit.refresh_from_db(fields=["name", "version"])
    return kit.change(_label(changes), changes, seen=seen) if changes else None


def _changes(kit: Kit, wanted: Mapping[PadAddress, int | None]) -> dict[PadAddress, Pad | None]:
    """Return the pads that differ from what stands there."""
    standing = pads_of(kit)
    changes: dict[PadAddress, Pad | None] = {at: None for at in standing if at not in wanted}
    new: dict[PadAddress, int] = {}
    for at, number in wanted.items():
        if at in standing and standing[at].sample_id == number:
            continue
        if number is None:
            raise EmptyPadError(f"There is no pad without a sound on {at} to keep")
        new[at] = number
    return changes | _new_pads(kit, new, standing)


def _new_pads(kit: Kit, new: Mapping[PadAddress, int], standing: Pads) -> dict[PadAddress, Pad]:
    """Return pads for sounds that come; from the trash only those that the kit holds already."""
    held = {pad.sample_id for pad in standing.values()}
    known = {
        sample.pk: sample
        for sample in Sample.objects.filter(owner=kit.owner_id, pk__in=set(new.values()))
        if sample.deleted_at is None or sample.pk in held
    }
    for number in new.values():
        if number not in known:
            raise UnknownSampleError(number)
    return {at: Pad.holding(known[number]) for at, number in new.items()}


def _label(changes: Mapping[PadAddress, Pad | None]) -> str:
    """Name the step for undo: `changed 3 pads by program`."""
    count = len(changes)
    return f"changed {count} pad{'s' * (count != 1)} by program"
