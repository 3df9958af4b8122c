"""Pads whose sound is gone: why, and how it can come back."""

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import transaction

from kits.grid import Grid, Slot, grid
from kits.hardware.pads import PadAddress
from kits.models import Kit, KitChangedError, Pad
from library import bulk
from library.models import Sample


@dataclass(frozen=True)
class Lost:
    """A pad without its sound, and one of the same name that could stand in."""

    slot: Slot
    twin: Sample | None

    @property
    def is_in_trash(self) -> bool:
        """Tell whether the sound only waits in the trash."""
        return self.slot.sample is not None and self.slot.sample.deleted_at is not None

    @property
    def reason(self) -> str:
        """Say what became of the sound."""
        if self.slot.sample is None:
            return "Deleted for good"
        return "In the trash" if self.is_in_trash else "Its file is gone"


@dataclass(frozen=True)
class Found:
    """What a search brought back: sounds from the trash, files, and pads with a twin instead."""

    restored: int = 0
    files: int = 0
    twins: int = 0

    @property
    def said(self) -> str:
        """Say it in a sentence or two; nothing when there is nothing to say."""
        told = [
            _count(self.restored, "sound is", "sounds are", "back from the trash"),
            _count(self.files, "file is", "files are", "there again"),
            _count(self.twins, "pad has", "pads have", "a sound of the same name"),
        ]
        return " ".join(f"{words}." for words in told if words)


def lost(kit: Kit) -> list[Lost]:
    """Return the pads of a kit that lost their sound, in the machine's order."""
    return _lost(kit, grid(kit))


@transaction.atomic
def find(kit: Kit, *, seen: int | None = None) -> Found:
    """Bring back what can be: from the trash, from the disk, or by another sound of its name.

    Twins take the place of what is gone with the settings of each pad, as one step of the kit; a
    region stays where the twin holds it. KitChangedError before anything is written where `seen`
    is not the newest version.
    """
    newest = Kit.objects.select_for_update().values_list("version", flat=True).get(pk=kit.pk)
    if seen not in {None, newest}:
        raise KitChangedError
    gone = lost(kit)
    trashed = {each.slot.sample.pk for each in gone if each.is_in_trash and each.slot.sample}
    if trashed:
        selection = bulk.Selection(ids=frozenset(trashed))
        bulk.apply(kit.owner, bulk.Action.RESTORE, selection)
    files = _look_again(gone)
    still = [each for each in lost(kit) if each.twin is not None]
    changes: dict[PadAddress, Pad | None] = {
        each.slot.address: each.slot.pad.with_copy(each.twin)
        for each in still
        if each.slot.pad is not None and each.twin is not None
    }
    if changes:
        kit.change(_label(still), changes, seen=seen)
    return Found(len(trashed), files, len(changes))


def _look_again(gone: list[Lost]) -> int:
    """Clear the mark of sounds whose file is there again, as after a lost mount; count them."""
    samples = {each.slot.sample for each in gone if each.slot.sample is not None}
    back = [
        sample.pk for sample in samples if sample.is_missing and default_storage.exists(sample.blob)
    ]
    return Sample.objects.filter(pk__in=back).update(is_missing=False)


def _lost(kit: Kit, drawn: Grid) -> list[Lost]:
    slots = [slot for bank in drawn.banks for slot in bank.slots if slot.is_missing]
    titles = {slot.pad.title for slot in slots if slot.pad is not None}
    here = Sample.objects.owned_by(kit.owner).kept().filter(title__in=titles, is_missing=False)
    twins = {sample.title: sample for sample in here.order_by("-pk")}
    return [Lost(slot, twins.get(slot.pad.title)) for slot in slots if slot.pad is not None]


def _label(found: list[Lost]) -> str:
    if len(found) == 1:
        return f"found {found[0].slot.title} for {found[0].slot.address}"
    return f"found the sounds of {len(found)} pads"


def _count(number: int, one: str, many: str, rest: str) -> str:
    return f"{number} {one if number == 1 else many} {rest}" if number else ""
