"""Several sounds onto pads: where each goes, what makes room, and how to say it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from kits.hardware.pads import ALL, BANKS, PADS_PER_BANK, PadAddress, place_from_name
from kits.models import Kit, KitEdit, Pad
from library.models import Sample

Pads = dict[PadAddress, Pad]

LAYOUTS = {
    "fill": "Fill empty pads",
    "from": "From this pad on",
    "shift": "Shift the others down",
    "name": "By name",
    "class": "By class",
}
LAYOUT_NOTES = {
    "fill": "Free pads in order; nothing is replaced.",
    "from": "One pad after the other; what stands there is replaced.",
    "shift": "What stands there moves down as far as needed.",
    "name": "Names such as “C05 Kick” or “bank_A/pad_05” say where; others take free pads.",
    "class": "Kicks on 1 and 2, snares on 3 and 4, hats on 5 and 6, and so on.",
}
# Where sounds of a class go in every bank; what finds no room there takes free pads.
CLASS_PADS = {
    "kick": (1, 2),
    "snare": (3, 4),
    "hat": (5, 6),
    "clap": (7,),
    "perc": (8,),
    "bass": (9, 10),
    "keys": (11, 12),
    "vocal": (13, 14),
    "fx": (15,),
    "break": (16,),
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
        return words

    def changes(self) -> dict[PadAddress, Pad | None]:
        """Return the pads to write, as `Kit.change` takes them."""
        pads: dict[PadAddress, Pad | None] = dict(self.moved)
        return pads | {at: self._holding(at, sample) for at, sample in self.placed.items()}

    def _holding(self, at: PadAddress, sample: Sample) -> Pad:
        """Return the new pad, with the settings of the one before where these are kept."""
        if not self.keeps_settings or at not in self.replaced:
            return Pad.holding(sample)
        return self.replaced[at].with_sound(sample)


def plan(pads: Pads, samples: Sequence[Sample], first: PadAddress, layout: str) -> Plan:
    """Plan a layout from the pad `first` on; NoRoomError when not all sounds find a pad.

    `pads` are the filled ones; `layout` is a key of LAYOUTS, or `one`, which is `from`,
    or `swap`: one sound for another.
    """
    return PLANNERS[layout](pads, samples, first)


def place(kit: Kit, planned: Plan, *, seen: int | None = None) -> KitEdit:
    """Write a plan as one step (KitChangedError when the kit is no longer the one seen)."""
    return kit.change(planned.label, planned.changes(), seen=seen)


def title_of(pad: Pad) -> str:
    """Return the name of a pad's sound, or of the one that is gone."""
    return pad.name


def _fill(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    return Plan(dict(_pairs(samples, _free(pads, first))))


def _from(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    placed = dict(_pairs(samples, ALL[first.index :]))
    return Plan(placed, replaced={at: pads[at] for at in placed if at in pads})


def _swap(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    """Put one sound in the place of another; the rest of the pad stays as it is."""
    planned = _from(pads, samples[:1], first)
    return Plan(planned.placed, replaced=planned.replaced, keeps_settings=True)


def _shift(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    """Move what stands behind `first` only as far as needed: gaps take up the push."""
    placed = dict(_pairs(samples, ALL[first.index :]))
    moved: Pads = {}
    free = first.index + len(samples)
    for at in sorted(at for at in pads if at >= first):
        if at.index >= free:
            break  # a gap was wide enough: from here on all stay
        if free >= len(ALL):
            raise NoRoomError(f"There is no room to shift: {at} would fall off the end.")
        moved[ALL[free]] = pads[at]
        free += 1
    return Plan(placed, moved)


def _by_name(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    """Follow the places that names carry; the first to ask gets it, the rest take free pads."""
    placed: dict[PadAddress, Sample] = {}
    rest = []
    for sample in samples:
        wanted = place_from_name(f"{sample.folder}/{sample.original_name}")
        if wanted is None or wanted in placed:
            rest.append(sample)
        else:
            placed[wanted] = sample
    free = [at for at in _free(pads, first) if at not in placed]
    placed |= _pairs(rest, free)
    return Plan(placed, replaced={at: pads[at] for at in placed if at in pads})


def _by_class(pads: Pads, samples: Sequence[Sample], first: PadAddress) -> Plan:
    """Fill bank after bank: classes at their pads first, then the others on free pads in order."""
    placed: dict[PadAddress, Sample] = {}
    waiting = list(samples)
    for bank in BANKS[BANKS.index(first.bank) :]:
        if not waiting:
            break
        free = [at for at in _bank(bank) if at not in pads]
        at_home = _home(waiting, free)
        waiting = [sample for sample in waiting if sample not in at_home.values()]
        free = [at for at in free if at not in at_home]
        others = sorted(waiting, key=_class_order)[: len(free)]
        waiting = [sample for sample in waiting if sample not in others]
        placed |= at_home | dict(zip(free, others, strict=False))
    if waiting:
        raise NoRoomError(_no_room(len(samples), len(placed)))
    return Plan(placed)


def _home(samples: Iterable[Sample], free: Sequence[PadAddress]) -> dict[PadAddress, Sample]:
    """Return the sounds that find one of their class's pads free in this bank."""
    found: dict[PadAddress, Sample] = {}
    homes = {at.number: at for at in free}
    for sample in samples:
        own = (homes.pop(number, None) for number in CLASS_PADS.get(sample.sample_class, ()))
        at = next(filter(None, own), None)
        if at is not None:
            found[at] = sample
    return found


def _class_order(sample: Sample) -> int:
    """Sort sounds without a class first, then by the table; equals keep their order."""
    return list(CLASS_PADS).index(sample.sample_class) if sample.sample_class else -1


def _bank(letter: str) -> tuple[PadAddress, ...]:
    start = BANKS.index(letter) * PADS_PER_BANK
    return ALL[start : start + PADS_PER_BANK]


def _free(pads: Pads, first: PadAddress) -> list[PadAddress]:
    return [at for at in ALL[first.index :] if at not in pads]


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


PLANNERS: dict[str, Callable[[Pads, Sequence[Sample], PadAddress], Plan]] = {
    "one": _from,
    "swap": _swap,
    "fill": _fill,
    "from": _from,
    "shift": _shift,
    "name": _by_name,
    "class": _by_class,
}
