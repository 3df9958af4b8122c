"""One sound in the place of others on all pads of a person's kits."""

from collections import defaultdict
from collections.abc import Sequence

from django.contrib.auth.models import User

from kits.hardware.pads import PadAddress
from kits.models import Kit, Pad
from library.models import Sample


def replace(user: User, gone: Sequence[int], new: Sample) -> int:
    """Put a sound where these lie, with the settings of each pad; one step a kit.

    Returns how many pads that were.
    """
    held: defaultdict[Kit, dict[PadAddress, Pad | None]] = defaultdict(dict)
    pads = Pad.objects.filter(kit__owner=user, sample__in=gone).select_related("kit")
    for pad in pads:
        fields = {**pad.fields(), "sample_id": new.pk, "title": new.title}
        held[pad.kit][pad.address] = Pad(**fields)
    for kit, changes in held.items():
        where = ", ".join(str(at) for at in sorted(changes))
        kit.change(f"swap copies of {new.title} for it on {where}"[:300], changes)
    return sum(len(changes) for changes in held.values())
