"""What a hand does with filled pads: move, swap, copy, clear."""

from collections.abc import Iterable

from kits.assign import Pads, title_of
from kits.grid import pads_of
from kits.hardware.pads import ALL, PadAddress
from kits.models import Kit, KitEdit, Pad


class CannotMoveError(Exception):
    """Nothing to move, or nowhere to go; the message is a sentence for people."""


def move(
    kit: Kit, source: PadAddress, target: PadAddress | None, *, seen: int | None = None
) -> KitEdit:
    """Move a pad; swap when the target is taken. Without a target: to the next free pad."""
    pads = pads_of(kit, None if target is None else {source.bank, target.bank})
    pad, target = _from(pads, source), _target(pads, source, target)
    other = pads.get(target)
    label = f"swapped {source} and {target}"
    if other is None:
        label = f"moved {title_of(pad)} to {target}"
    return kit.change(label, {target: pad, source: other}, seen=seen)


def copy(
    kit: Kit, source: PadAddress, target: PadAddress | None, *, seen: int | None = None
) -> KitEdit:
    """Copy a pad with its settings, replacing the target; without one to the next free pad."""
    pads = pads_of(kit, None if target is None else {source.bank, target.bank})
    pad, target = _from(pads, source), _target(pads, source, target)
    label = f"copied {title_of(pad)} to {target}"
    if target in pads:
        label += f", replacing {title_of(pads[target])}"
    return kit.change(label, {target: pad}, seen=seen)


def clear(
    kit: Kit, places: Iterable[PadAddress], *, seen: int | None = None, spare_locked: bool = False
) -> KitEdit:
    """Empty these pads, with `spare_locked` all but locked ones; CannotMoveError without any."""
    pads = pads_of(kit)
    filled = [at for at in sorted(set(places)) if at in pads]
    going = [at for at in filled if not (spare_locked and pads[at].locked)]
    if not going:
        raise CannotMoveError(
            "All of its pads are locked." if filled else "There is nothing to clear."
        )
    label = f"cleared {len(going)} pads"
    if len(going) == 1:
        label = f"cleared {title_of(pads[going[0]])} from {going[0]}"
    label += stayed(len(filled) - len(going))
    gone: dict[PadAddress, Pad | None] = dict.fromkeys(going)
    return kit.change(label, gone, seen=seen)


def stayed(count: int) -> str:
    """Say how many locked pads an act on many left alone, behind its label; mostly nothing."""
    return f", {count} locked pad{'s' * (count > 1)} stayed" if count else ""


def _from(pads: Pads, source: PadAddress) -> Pad:
    if source not in pads:
        raise CannotMoveError(f"{source} is empty.")
    return pads[source]


def _target(pads: Pads, source: PadAddress, target: PadAddress | None) -> PadAddress:
    """Return where to go: by default the next free pad behind, else the first free one."""
    if target == source:
        raise CannotMoveError(f"It is on {source} already.")
    if target is not None:
        return target
    order = (*ALL[source.index + 1 :], *ALL[: source.index])
    free = next((at for at in order if at not in pads), None)
    if free is None:
        raise CannotMoveError("All pads are taken.")
    return free
