"""Keep one copy of a recording: the others go to the trash, and their pads may play it instead."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from library import bulk
from library.models import LibraryEdit, Sample

Replace = Callable[[User, Mapping[int, Sample]], list[str]]
REPLACED_BY: list[Replace] = []
NAMED = 3  # kits


@dataclass(frozen=True)
class Kept:
    """What was done. edit: the way back from the trash; kits: those whose pads play another."""

    edit: LibraryEdit
    kits: tuple[str, ...]

    @property
    def told(self) -> str:
        """Return it in words: what the way back from the trash leaves as it is, too."""
        if not self.kits:
            return f"{self.edit.label}."
        more = len(self.kits) - NAMED
        names = ", ".join(self.kits[:NAMED]) + (f" and {more} more" if more > 0 else "")
        which, own = ("The kit", "has its") if len(self.kits) == 1 else ("The kits", "have their")
        return f"{self.edit.label}. Pads of {names} play what is kept. {which} {own} own undo."


def register(replace: Replace) -> None:
    """Add somebody who can put sounds in the place of others and names where that was."""
    REPLACED_BY.append(replace)


def keep(user: User, kept: dict[int, Sequence[int]], *, on_pads: bool) -> Kept:
    """Move the copies of each sound that is kept to the trash; one step, which can be taken back.

    kept: the copies to part with, by the id of the one that stays. on_pads: what lies on pads of
    kits is swapped there for the one that is kept; that is one step of each kit's own.
    """
    best = _samples(user, list(kept))
    swaps = {pk: best[one] for one in best for pk in kept[one] if pk not in best}
    with transaction.atomic():
        changed = [replace(user, swaps) for replace in REPLACED_BY] if on_pads else []
        edit = bulk.apply(user, bulk.Action.TRASH, bulk.Selection(ids=frozenset(swaps)))
    return Kept(edit, tuple(name for names in changed for name in names))


def _samples(user: User, ids: Sequence[int]) -> dict[int, Sample]:
    mine = Sample.objects.owned_by(user).kept().only("title")
    found: dict[int, Sample] = {}
    for start in range(0, len(ids), bulk.BATCH):
        found |= mine.in_bulk(ids[start : start + bulk.BATCH])
    return found
