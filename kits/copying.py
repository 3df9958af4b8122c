"""Copies of whole kits and banks, with every setting; mute groups and links stay apart."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count

from kits.assign import Pads
from kits.grid import pads_of
from kits.hardware.pads import ALL, BANKS, PadAddress
from kits.hardware.settings import BY_NAME
from kits.models import Kit, KitBank, KitEdit, Pad
from kits.moves import CannotMoveError

LONGEST = Kit.name.field.max_length or 0


@dataclass(frozen=True)
class Tie:
    """What ties pads of a kit together: a field, its word, and its values; `none` ties nothing."""

    field: str
    word: str
    values: Sequence[Any]
    none: Any


# The machine has ten of each in a project, not in a bank (docs/hardware.md).
TIES = (
    Tie("mute_group", "Mute group", BANKS, ""),
    Tie("link", "Pad link", range(1, int(BY_NAME["link"].high) + 1), 0),
)


@transaction.atomic
def duplicate(kit: Kit) -> Kit:
    """Return a second kit with the same pads, banks and tempo, and with no steps yet."""
    pads, banks = list(kit.pads.all()), list(kit.banks.all())
    made = Kit(owner=kit.owner, name=_copy_name(kit))
    made.tempo, made.has_one_tempo, made.wants = kit.tempo, kit.has_one_tempo, kit.wants
    made.save()
    Pad.objects.bulk_create(
        Pad(**pad.fields(), kit=made, bank=pad.bank, number=pad.number) for pad in pads
    )
    KitBank.objects.bulk_create(
        KitBank(**bank.fields(), kit=made, letter=bank.letter) for bank in banks
    )
    return made


def copy_bank(
    source: Kit, letter: str, target: Kit, to: str, *, seen: int | None = None
) -> tuple[KitEdit, str]:
    """Make bank `to` of the target what a bank of this or another kit is, as one step.

    Returns the step and what to say. Locked pads of the target stay. Mute groups and links that
    other pads of the target use become free ones; where none is free they are dropped.
    CannotMoveError where there is nothing to copy.
    """
    if source.pk == target.pk and letter == to:
        raise CannotMoveError(f"Bank {letter} is there already. Choose another bank.")
    coming = _moved(pads_of(source), letter, to)
    if not coming:
        raise CannotMoveError(f"Bank {letter} of {source.name} is empty.")
    standing = pads_of(target)
    locked = {at for at, pad in standing.items() if at.bank == to and pad.locked}
    coming = {at: pad for at, pad in coming.items() if at not in locked}
    gone = [at for at in standing if at.bank == to and at not in locked]
    others = [pad for at, pad in standing.items() if at.bank != to or at in locked]
    coming, notes = untied(coming, others)
    bank = KitBank(letter=to, tempo=source.tempo_of(letter), volume=source.bank(letter).volume)
    changes: dict[PadAddress, Pad | None] = {**dict.fromkeys(gone), **coming}
    label = _label(source, letter, target, to)
    edit = target.change(label, changes, seen=seen, banks=[bank])
    if target.has_one_tempo and bank.tempo != target.tempo:
        notes.append(f"The kit keeps its one tempo of {target.tempo:g} BPM.")
    return edit, _said(edit.label, replaced=len(gone), locked=len(locked), notes=notes)


def untied(coming: Pads, others: Iterable[Pad]) -> tuple[Pads, list[str]]:
    """Return the pads with groups and links that no other pad uses, and what became of which."""
    others = list(others)
    fields = {at: pad.fields() for at, pad in coming.items()}
    notes: list[str] = []
    for tie in TIES:
        renamed = _renamed(tie, coming.values(), others)
        for old, new in renamed.items():
            became = f"became {new}" if new != tie.none else "was dropped: all ten are in use"
            notes.append(f"{tie.word} {old} {became}.")
        for own in fields.values():
            own[tie.field] = renamed.get(own[tie.field], own[tie.field])
    return {at: Pad(**own) for at, own in fields.items()}, notes


def _renamed(tie: Tie, coming: Iterable[Pad], others: Iterable[Pad]) -> dict[Any, Any]:
    """Return what each value that clashes becomes; `none` where nothing is free."""
    own = {getattr(pad, tie.field) for pad in coming} - {tie.none}
    taken = {getattr(pad, tie.field) for pad in others} - {tie.none}
    free = [value for value in tie.values if value not in own | taken]
    pairs = itertools.zip_longest(sorted(own & taken), free, fillvalue=tie.none)
    return {old: new for old, new in pairs if old != tie.none}


def _moved(pads: Pads, letter: str, to: str) -> Pads:
    return {PadAddress(to, at.number): pad for at, pad in pads.items() if at.bank == letter}


def _label(source: Kit, letter: str, target: Kit, to: str) -> str:
    if source.pk == target.pk:
        return f"copied bank {letter} to {to}"
    return f"put bank {letter} of {source.name} on {to}"


def _said(label: str, *, replaced: int, locked: int, notes: Iterable[str]) -> str:
    """Say what was done: `Copied bank A to B. Mute group A became C.`"""
    words = [f"{label[0].upper()}{label[1:]}."]
    if replaced:
        words.append(f"{replaced} pad{'s were' if replaced > 1 else ' was'} replaced.")
    if locked:
        words.append(f"{locked} locked pad{'s stay' if locked > 1 else ' stays'}.")
    return " ".join([*words, *notes])


def _copy_name(kit: Kit) -> str:
    """Return a name that none of the owner's kits has: `Night Market copy`, `… copy 2`."""
    taken = set(Kit.objects.owned_by(kit.owner).values_list("name", flat=True))
    ends = itertools.chain([" copy"], (f" copy {count}" for count in itertools.count(2)))
    names = (f"{kit.name[: LONGEST - len(end)]}{end}" for end in ends)
    return next(name for name in names if name not in taken)


def filled_banks(kits: Iterable[Kit]) -> list[tuple[Kit, list[tuple[str, int]]]]:
    """Return for each of these kits its banks that hold something, with how many pads."""
    found = {kit.pk: (kit, list[tuple[str, int]]()) for kit in kits}
    counts = Pad.objects.filter(kit__in=found).order_by("bank").values_list("kit_id", "bank")
    for number, letter, count in counts.annotate(Count("pk")):
        found[number][1].append((letter, count))
    return [(kit, banks) for kit, banks in found.values() if banks]


def free_bank(pads: Pads) -> str:
    """Return the first bank without a pad, the last one where all hold something."""
    held = {at.bank for at in pads}
    return next((letter for letter in BANKS if letter not in held), ALL[-1].bank)
