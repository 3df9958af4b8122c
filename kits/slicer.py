"""Slices of one sound onto pads: each a region of it, all of them one step back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kits.assign import NoRoomError
from kits.grid import pads_of
from kits.hardware.pads import ALL, BANKS, PADS_PER_BANK, PadAddress
from kits.hardware.settings import MOST_CHOPS
from kits.models import Kit, KitEdit, Pad, Play
from kits.moves import CannotMoveError, stayed
from library.audio.slices import pieces
from library.models import Sample

Pads = Mapping[PadAddress, Pad]
NAMED = 3  # replaced sounds that are told by name


@dataclass(frozen=True)
class Manner:
    """How all slices play; fades: 3 ms at both edges."""

    play: str = Play.ONE_SHOT
    mute_group: str = ""
    fades: bool = False


@dataclass(frozen=True)
class Slicing:
    """Cuts of a sound (frames at 48 kHz, rising, each before its end), for pads from `first` on.

    locked: pads that are passed over.
    """

    sample: Sample
    cuts: Sequence[int]
    frames: int
    first: PadAddress
    locked: frozenset[PadAddress] = frozenset()

    @property
    def places(self) -> list[PadAddress]:
        """Return one pad a slice, into the next banks (NoRoomError behind the last)."""
        return places(len(self.cuts), self.first, self.locked)

    def changes(self, manner: Manner) -> dict[PadAddress, Pad | None]:
        """Return the pads to write, as `Kit.change` takes them."""
        pads: dict[PadAddress, Pad | None] = {}
        regions = pieces(self.cuts, self.frames)
        for number, (at, (start, end)) in enumerate(zip(self.places, regions, strict=True), 1):
            pad = pads[at] = Pad.holding(self.sample)
            pad.slice, pad.start, pad.end = number, start, end
            pad.play, pad.mute_group, pad.fades = manner.play, manner.mute_group, manner.fades
        return pads

    @property
    def what(self) -> str:
        """Return `16 slices of brk_bluelamp_92`."""
        return f"{counted(len(self.cuts))} of {self.sample.title}"

    @property
    def said(self) -> str:
        """Say what was done: `16 slices of brk_bluelamp_92 are on B1 to B16.`"""
        verb = "is" if len(self.cuts) == 1 else "are"
        return f"{self.what} {verb} on {span(self.places)}{self._rest}."

    @property
    def _rest(self) -> str:
        return stayed(len(_passed(self.locked, self.first, self.places)))

    def put(self, kit: Kit, manner: Manner, *, seen: int | None = None) -> KitEdit:
        """Put them on their pads as one step (NoRoomError, KitChangedError)."""
        label = f"put {self.what} on {span(self.places)}{self._rest}"
        return kit.change(label, self.changes(manner), seen=seen)

    def mark(self, kit: Kit, *, seen: int | None = None) -> KitEdit:
        """Write the cuts as chop markers of the pad `first`, with the whole sound on it.

        A pad that holds the sound keeps its settings. CannotMoveError for more than it keeps.
        """
        chops = sorted({0, *self.cuts})
        if len(chops) > MOST_CHOPS:
            raise CannotMoveError(f"A pad keeps {MOST_CHOPS} chop markers; these are {len(chops)}.")
        standing = pads_of(kit).get(self.first)
        is_same = standing is not None and standing.sample_id == self.sample.pk
        pad = standing.with_sound(self.sample) if standing and is_same else Pad.holding(self.sample)
        pad.chops = chops
        label = f"wrote {len(chops)} chop markers of {self.sample.title} to {self.first}"
        return kit.change(label, {self.first: pad}, seen=seen)


def locked(standing: Pads) -> frozenset[PadAddress]:
    """Return the pads that acts on many leave alone."""
    return frozenset(at for at, pad in standing.items() if pad.locked)


def places(
    count: int, first: PadAddress, locked: frozenset[PadAddress] = frozenset()
) -> list[PadAddress]:
    """Return so many pads from the first one on, but for locked ones (NoRoomError for fewer)."""
    found = [at for at in ALL[first.index :] if at not in locked][:count]
    if len(found) < count:
        raise NoRoomError(
            f"{counted(count)} do not fit behind {first}: there is room for {len(found)}. "
            "Nothing was changed."
        )
    return found


def counted(count: int) -> str:
    """Return `1 slice`, `16 slices`."""
    return "1 slice" if count == 1 else f"{count} slices"


def span(pads: Sequence[PadAddress]) -> str:
    """Return `B1`, or `B1 to B16`."""
    return str(pads[0]) if len(pads) == 1 else f"{pads[0]} to {pads[-1]}"


def target(pads: Sequence[PadAddress]) -> str:
    """Return where a button puts them: `bank B` for pads from its first on, else `B5 to C4`."""
    first, last = pads[0], pads[-1]
    if first.number != 1 or len(pads) == 1:
        return span(pads)
    return f"bank {first.bank}" if first.bank == last.bank else f"banks {first.bank} to {last.bank}"


def _passed(
    locked: frozenset[PadAddress], first: PadAddress, pads: Sequence[PadAddress]
) -> list[PadAddress]:
    return [at for at in sorted(locked) if first <= at <= pads[-1]]


def forecast(standing: Pads, pads: Sequence[PadAddress], first: PadAddress) -> str:
    """Say what becomes of what stands from `first` on: `Bank B is empty. Nothing will be replaced.`

    pads: where slices go.
    """
    shut = _passed(locked(standing), first, pads)
    words = ", ".join(map(str, shut[:NAMED])) + (" and more" if len(shut) > NAMED else "")
    return _replaced(standing, pads) + (f" Locked pads stay: {words}." if shut else "")


def _replaced(standing: Pads, pads: Sequence[PadAddress]) -> str:
    taken = [standing[at] for at in pads if at in standing]
    if not taken:
        banks = [bank for bank in BANKS if any(at.bank == bank for at in pads)]
        used = {at.bank for at in standing}
        if used & {*banks}:
            return f"{_verb(span(pads), len(pads))} free. Nothing will be replaced."
        what = f"Bank {banks[0]}" if len(banks) == 1 else f"Banks {banks[0]} to {banks[-1]}"
        return f"{_verb(what, len(banks))} empty. Nothing will be replaced."
    named = ", ".join(f"{pad.name} on {pad.address}" for pad in taken[:NAMED])
    rest = len(taken) - NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return f"Replaces {named}{more}."


def _verb(what: str, count: int) -> str:
    return f"{what} {'is' if count == 1 else 'are'}"


def free_group(standing: Pads) -> str:
    """Return the first mute group that no pad of the kit uses; nothing when all are taken."""
    used = {pad.mute_group for pad in standing.values()}
    return next((letter for letter in BANKS if letter not in used), "")


def first_place(standing: Pads) -> PadAddress:
    """Return the first pad of the first empty bank; the first pad of all without one."""
    used = {at.bank for at in standing}
    return next((at for at in ALL[::PADS_PER_BANK] if at.bank not in used), ALL[0])
