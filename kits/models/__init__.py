"""Kits: their pads, banks and steps."""

from kits.models.banks import KitBank
from kits.models.deleted import DeletedKit
from kits.models.kits import Kit, KitChangedError, KitQuerySet
from kits.models.pads import Direction, Pad, PadQuerySet, Play, Voicing
from kits.models.ranges import BANKS
from kits.models.steps import WHOLE, KitEdit, Snapshot
from kits.models.templates import KitTemplate

__all__ = [
    "BANKS",
    "WHOLE",
    "DeletedKit",
    "Direction",
    "Kit",
    "KitBank",
    "KitChangedError",
    "KitEdit",
    "KitQuerySet",
    "KitTemplate",
    "Pad",
    "PadQuerySet",
    "Play",
    "Snapshot",
    "Voicing",
]
