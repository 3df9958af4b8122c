"""Sounds in the place of others on all pads of a person's kits."""

from collections import defaultdict
from collections.abc import Mapping

from django.contrib.auth.models import User

from kits.hardware.pads import PadAddress
from kits.models import Kit, Pad
from library.models import Sample

BATCH = 500  # sounds in one statement


def replace(user: User, swaps: Mapping[int, Sample]) -> list[str]:
    """Put sounds where others lie, with the settings of each pad; one step a kit.

    swaps: the sound that comes, by the id of the one that goes. Returns the names of the kits.
    """
    held: defaultdict[Kit, dict[PadAddress, Pad | None]] = defaultdict(dict)
    gone = list(swaps)
    for start in range(0, len(gone), BATCH):
        pads = Pad.objects.filter(kit__owner=user, sample__in=gone[start : start + BATCH])
        for pad in pads.select_related("kit"):
            new = swaps[pad.sample_id or 0]  # none is not among those asked for
            held[pad.kit][pad.address] = pad.with_copy(new)
    for kit, changes in held.items():
        titles = {pad.title for pad in changes.values() if pad is not None}
        what = f"copies of {titles.pop()} for it" if len(titles) == 1 else "copies for what is kept"
        where = ", ".join(str(at) for at in sorted(changes))
        kit.change(f"swap {what} on {where}"[:300], changes)
    return sorted((kit.name for kit in held), key=str.casefold)
