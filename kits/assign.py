"""Several sounds onto pads: where each goes, what makes room, and how to say it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kits.blueprints import Want, dressed, usual_classes, wants_of
from kits.hardware.pads import ALL, BANKS, PADS_PER_BANK, PadAddress, place_from_name
from kits.models import Kit, KitEdit, Pad
from library.models import Sample

Pads = dict[PadAddress, Pad]
Classes = Mapping[PadAddress, str]  # the class that each pad is for

LAYOUTS = {
    "fill": "Fill empty pads",
    "from": "From this pad on",
    "shift": "Shift the others down",
    "name": "By name",
    "class": "By class",
}
LAYOUT_NOTES = {
    "fill": "Free pads in order; nothing is replaced.",
    "from": "One pad after the other; what stands there is replaced, but for locked pads.",
    "shift": "What stands there moves down as far as needed; locked pads stay.",
    "name": "Names such as “C05 Kick” or “bank_A/pad_05” say where; others take free pads.",
    "class": "Each class has its pads, as your preferences or the kit's template say.",
}


class NoRoomError(Exception):
    """There are more sounds than pads for them; the message is a sentence for people."""


@dataclass
class Plan:
    """What will be on which pad; nothing is written yet."""

    placed: dict[PadAddress, Sample] = field(default_factory=dict)
    moved: Pads = field(default_factory=dict)  # what makes room, at its new places
    replaced: Pads = field(default_factory=dict)  # what goes
    keeps_settings: bool = False  # of what goes, for what comes in its place
    locked: int = 0  # pads that were passed over

    @property
    def span(self) -> str:
        """Return where the sounds go: `A1`, or `A1 to B8`."""
        first, last = min(self.placed), max(self.placed)
        return str(first) if first == last else f"{first} to {last}"

    @property
    def forecast(self) -> str:
        """Say what will happen: `24 sounds: 16 in bank A, 8 in bank B. 2 are replaced.`"""
        counts = [(bank, sum(at.bank == bank for at in self.placed)) for bank in BANKS]
        where = ", ".join(f"{count} in bank {bank}" for bank, count in counts if count)
        return f"{_sounds(len(self.placed))}: {where}.{self._aside('is', 'are')}"

    @property
    def label(self) -> str:
        """Name the step for undo: `put kick_dusty_07 on A1`, `swap kick_old for snr on A2`."""
        if self.keeps_settings and self.replaced:
            (gone,) = self.replaced.values()
            return f"swap {title_of(gone)} for {self._what()} on {self.span}"
        return f"put {self._what()} on {self.span}"

    @property
    def said(self) -> str:
        """Say what was done: `kick_dusty_07 is now on A1, replacing kick_old.`"""
        if len(self.placed) > 1:
            return f"{self._what()} are on {self.span}.{self._aside('was', 'were')}"
        if self.replaced:
            (gone,) = self.replaced.values()
            return f"{self._what()} is now on {self.span}, replacing {title_of(gone)}."
        return f"{self._what()} is on {self.span}."

    def _what(self) -> str:
        if len(self.placed) > 1:
            return _sounds(len(self.placed))
        return next(iter(self.placed.values())).title

    def _aside(self, one: str, many: str) -> str:
        words = ""
        if self.replaced:
            verb = one if len(self.replaced) == 1 else many
            words += f" {_sounds(len(self.replaced))} {verb} replaced."
        if self.moved:
            verb = "moves" if len(self.moved) == 1 else "move"
            words += f" {_sounds(len(self.moved))} {verb} down."
        if self.locked:
            words += f" {self.locked} locked pad{' stays' if self.locked == 1 else 's stay'}."
        return words

    def changes(
        self, wants: Mapping[PadAddress, Want] | None = None
    ) -> dict[PadAddress, Pad | None]:
        """Return the pads to write, as `Kit.change` takes them; `wants` is what waits there."""
        pads: dict[PadAddress, Pad | None] = dict(self.moved)
        wants = wants or {}
        return pads | {at: self._holding(at, wants.get(at)) for at in self.placed}

    def _holding(self, at: PadAddress, want: Want | None) -> Pad:
        """Return the new pad, with the settings of the one before where these are kept."""
        if not self.keeps_settings or at not in self.replaced:
            return dressed(Pad.holding(self.placed[at]), want)
        return self.replaced[at].with_sound(self.placed[at])


def plan(
    pads: Pads,
    samples: Sequence[Sample],
    first: PadAddress,
    layout: str,
    classes: Classes | None = None,
) -> Plan:
    """Plan a layout from the pad `first` on; NoRoomError when not all sounds find a pad.

    `pads` are the filled ones; `layout` is a key of LAYOUTS, or `one`: a hand on one pad, or
    `swap`: one sound for another. `classes` is for `class`, by default the usual table. Only `one`
    and `swap` may replace a locked pad; all others pass it over.
    """
    if layout == "class":
        return _by_class(pads, samples, first, classes or usual_classes())
    return PLANNERS[layout](pads, samples, first)


def place(kit: Kit, planned: Plan, *, seen: int | None = None) -> KitEdit:
    """Write a plan as one step (KitChangedError when the kit is no longer the one seen)."""
    return kit.change(planned.label, planned.changes(wants_of(kit)), seen=seen)


def title_of(pad: Pad) -> str:
    """Return the name of a pad's sound, or of the one that is gone."""
    return pad.name


def _fill(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    return Plan(dict(_pairs(samples, _free(pads, first))))


def _one(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    """Put one sound on one pad, whatever stands there; several as `from` does."""
    if len(samples) > 1:
        return _from(pads, samples, first)
    return Plan({first: samples[0]}, replaced={at: pads[at] for at in (first,) if at in pads})


def _from(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    placed = dict(_pairs(samples, _open(pads, first)))
    replaced = {at: pads[at] for at in placed if at in pads}
    return Plan(placed, replaced=replaced, locked=_passed(pads, first, placed))


def _swap(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    """Put one sound in the place of another; the rest of the pad stays as it is."""
    planned = _one(pads, samples[:1], first)
    return Plan(planned.placed, replaced=planned.replaced, keeps_settings=True)


def _shift(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    """Move what stands behind `first` only as far as needed: gaps take up the push."""
    row = _open(pads, first)
    placed = dict(_pairs(samples, row))
    moved: Pads = {}
    free = len(samples)  # the place in the row that the next one moves to
    for place, at in enumerate(row):
        if at not in pads:
            continue
        if place >= free:
            break  # a gap was wide enough: from here on all stay
        if free >= len(row):
            raise NoRoomError(f"There is no room to shift: {at} would fall off the end.")
        moved[row[free]] = pads[at]
        free += 1
    return Plan(placed, moved, locked=_passed(pads, first, {**placed, **moved}))


def _by_name(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    """Follow the places that names carry; the first to ask gets it, the rest take free pads."""
    placed: dict[PadAddress, Sample] = {}
    rest = []
    shut: set[PadAddress] = set()
    for sample in samples:
        wanted = place_from_name(f"{sample.folder}/{sample.original_name}")
        if wanted is not None and wanted in pads and pads[wanted].locked:
            shut.add(wanted)
            wanted = None
        if wanted is None or wanted in placed:
            rest.append(sample)
        else:
            placed[wanted] = sample
    free = [at for at in _free(pads, first) if at not in placed]
    placed |= _pairs(rest, free)
    replaced = {at: pads[at] for at in placed if at in pads}
    return Plan(placed, replaced=replaced, locked=len(shut))


def _by_class(pads: Pads, samples: Sequence[Sample], first: PadAddress, classes: Classes) -> Plan:
    """Fill bank after bank: classes at their pads first, then the others on free pads in order."""
    placed: dict[PadAddress, Sample] = {}
    waiting = list(samples)
    for bank in BANKS[BANKS.index(first.bank) :]:
        if not waiting:
            break
        row = _bank(bank)
        free = [at for at in row if at not in pads]
        at_home = _home(waiting, free, classes)
        waiting = [sample for sample in waiting if sample not in at_home.values()]
        free = [at for at in free if at not in at_home]
        order = list(dict.fromkeys(classes[at] for at in row))
        others = sorted(waiting, key=lambda each: _order(order, each))[: len(free)]
        waiting = [sample for sample in waiting if sample not in others]
        placed |= at_home | dict(zip(free, others, strict=False))
    if waiting:
        raise NoRoomError(_no_room(len(samples), len(placed)))
    return Plan(placed)


def _home(
    samples: Iterable[Sample], free: Sequence[PadAddress], classes: Classes
) -> dict[PadAddress, Sample]:
    """Return the sounds that find one of their class's pads free in this bank."""
    found: dict[PadAddress, Sample] = {}
    for sample in samples:
        own = (at for at in free if classes[at] == sample.sample_class and at not in found)
        at = next(own, None) if sample.sample_class else None
        if at is not None:
            found[at] = sample
    return found


def _order(classes: Sequence[str], sample: Sample) -> int:
    """Sort sounds without a class first, then as the pads; equals keep their order."""
    if not sample.sample_class:
        return -1
    name = sample.sample_class
    return classes.index(name) if name in classes else len(classes)


def _bank(letter: str) -> tuple[PadAddress, ...]:
    start = BANKS.index(letter) * PADS_PER_BANK
    return ALL[start : start + PADS_PER_BANK]


def _free(pads: Pads, first: PadAddress) -> list[PadAddress]:
    return [at for at in ALL[first.index :] if at not in pads]


def _open(pads: Pads, first: PadAddress) -> list[PadAddress]:
    """Return the pads from here on that acts on many may touch."""
    return [at for at in ALL[first.index :] if at not in pads or not pads[at].locked]


def _passed(pads: Pads, first: PadAddress, touched: Iterable[PadAddress]) -> int:
    """Count the locked pads from `first` to the last one touched."""
    last = max(touched, default=first)
    return sum(pad.locked for at, pad in pads.items() if first <= at <= last)


def _pairs(
    samples: Sequence[Sample], places: Sequence[PadAddress]
) -> "zip[tuple[PadAddress, Sample]]":
    if len(samples) > len(places):
        raise NoRoomError(_no_room(len(samples), len(places)))
    return zip(places, samples, strict=False)


def _no_room(sounds: int, room: int) -> str:
    has = "there is room for" if room else "no pad is free"
    return f"{_sounds(sounds)} do not fit: {has}{f' {room}' if room else ''}. Nothing was changed."


def _sounds(count: int) -> str:
    return "1 sound" if count == 1 else f"{count} sounds"


PLANNERS = {
    "one": _one,
    "swap": _swap,
    "fill": _fill,
    "from": _from,
    "shift": _shift,
    "name": _by_name,
}
