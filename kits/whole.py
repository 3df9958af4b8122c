"""A whole kit at once: what it shall hold, and the one step that makes it so."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from kits.assign import Pads
from kits.grid import pads_of
from kits.hardware.pads import PadAddress
from kits.models import Kit, KitBank, KitChangedError, KitEdit, Pad
from kits.models.ranges import Fields
from library.models import Sample


class UnknownSampleError(Exception):
    """A sound that is asked for is not there, or not this person's."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class EmptyPadError(Exception):
    """A pad without a sound is asked for where none stands."""


class SettingError(Exception):
    """Settings of a pad contradict each other or its sound; the message says which pad."""


@dataclass(frozen=True)
class WantedPad:
    """The sound of a pad (None keeps one whose sound is gone) and those settings that were told."""

    sample_id: int | None
    settings: Fields = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What a kit shall be: its name, its pads, and what was told of banks and of the kit itself.

    banks: letter -> `tempo` and `volume`. whole: `tempo` and `has_one_tempo`. What was not told
    stays as it stands.
    """

    name: str
    pads: Mapping[PadAddress, WantedPad]
    banks: Mapping[str, Fields] = field(default_factory=dict)
    whole: Fields = field(default_factory=dict)


@transaction.atomic
def write(kit: Kit, wanted: Wanted, *, seen: int) -> KitEdit | None:
    """Make the kit so, in one step that can be undone; None when all but its name is so already.

    Pads that keep their sound keep the settings that were not told. KitChangedError when `seen` is
    not the newest version; UnknownSampleError, EmptyPadError and SettingError say what makes no
    sense.
    """
    pads, banks = _changes(kit, wanted.pads), _banks(kit, wanted.banks)
    whole = {name: value for name, value in wanted.whole.items() if getattr(kit, name) != value}
    is_step = bool(pads or banks or whole)
    rows = Kit.objects.filter(pk=kit.pk, version=seen)
    # A new name alone counts as a version too, so that of two callers only one gives it.
    step = 0 if is_step or wanted.name == kit.name else 1
    if not rows.update(name=wanted.name, version=F("version") + step):
        raise KitChangedError
    kit.refresh_from_db(fields=["name", "version"])
    if not is_step:
        return None
    return kit.change(_label(pads), pads, seen=seen, banks=banks, whole=whole or None)


def _changes(kit: Kit, wanted: Mapping[PadAddress, WantedPad]) -> dict[PadAddress, Pad | None]:
    """Return the pads that differ from what stands there."""
    standing = pads_of(kit)
    changes: dict[PadAddress, Pad | None] = {at: None for at in standing if at not in wanted}
    new: dict[PadAddress, WantedPad] = {}
    for at, each in wanted.items():
        stands = standing.get(at)
        if stands is None or stands.sample_id != each.sample_id:
            if each.sample_id is None:
                raise EmptyPadError(f"There is no pad without a sound on {at} to keep")
            new[at] = each
        elif (pad := _set(at, stands, each.settings)).fields() != stands.fields():
            changes[at] = pad
    return changes | _new_pads(kit, new, standing)


def _new_pads(
    kit: Kit, new: Mapping[PadAddress, WantedPad], standing: Pads
) -> dict[PadAddress, Pad]:
    """Return pads for sounds that come; from the trash only those that the kit holds already."""
    held = {pad.sample_id for pad in standing.values()}
    ids = {each.sample_id or 0 for each in new.values()}
    known = {
        sample.pk: sample
        for sample in Sample.objects.filter(owner=kit.owner_id, pk__in=ids)
        if sample.deleted_at is None or sample.pk in held
    }
    pads = {}
    for at, each in new.items():
        if each.sample_id not in known:
            raise UnknownSampleError(each.sample_id or 0)
        pads[at] = _set(at, Pad.holding(known[each.sample_id]), each.settings)
    return pads


def _set(at: PadAddress, pad: Pad, settings: Fields) -> Pad:
    """Return the pad with these settings; SettingError where they make no sense with its sound."""
    try:
        return pad.with_settings(settings)
    except ValidationError as error:
        raise SettingError(f"{at}: {error.messages[0]}") from error


def _banks(kit: Kit, wanted: Mapping[str, Fields]) -> list[KitBank]:
    """Return the banks that differ from what stands there."""
    if not wanted:
        return []
    standing = {bank.letter: bank.fields() for bank in kit.banks.all()}
    usual = KitBank().fields()
    found = {}
    for letter, told in wanted.items():
        now_ = standing.get(letter, usual)
        if now_ | told != now_:
            found[letter] = now_ | told
    return [KitBank(letter=letter, **fields) for letter, fields in found.items()]


def _label(pads: Mapping[PadAddress, Pad | None]) -> str:
    """Name the step for undo: `changed 3 pads by program`."""
    count = len(pads)
    if not count:
        return "changed tempo and volume by program"
    return f"changed {count} pad{'s' * (count != 1)} by program"
