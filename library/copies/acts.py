"""Keep one copy of a recording: the others go to the trash, and their pads may play it instead."""

from collections.abc import Callable, Sequence

from django.contrib.auth.models import User
from django.db import transaction

from library import bulk
from library.models import LibraryEdit, Sample

Replace = Callable[[User, Sequence[int], Sample], int]
REPLACED_BY: list[Replace] = []


def register(replace: Replace) -> None:
    """Add somebody who can put a sound in the place of others and tells how often it did."""
    REPLACED_BY.append(replace)


def keep(user: User, kept: dict[int, Sequence[int]], *, on_pads: bool) -> LibraryEdit:
    """Move the copies of each sound that is kept to the trash; one step, which can be taken back.

    kept: the copies to part with, by the id of the one that stays. on_pads: what lies on pads of
    kits is swapped there for the one that is kept; that is a step of each kit's own.
    """
    mine = Sample.objects.owned_by(user).kept().in_bulk(list(kept))
    gone = [pk for best in mine for pk in kept[best] if pk not in mine]
    with transaction.atomic():
        if on_pads:
            for best, sample in mine.items():
                for replace in REPLACED_BY:
                    replace(user, list(kept[best]), sample)
        return bulk.apply(user, bulk.Action.TRASH, bulk.Selection(ids=frozenset(gone)))
