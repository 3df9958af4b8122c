"""The steps of a kit, each of which can be taken back."""

from django.db import models
from django.utils.timezone import now

from kits.hardware.pads import PadAddress
from kits.models.ranges import Fields

WHOLE = "kit"  # what a snapshot calls the settings of the kit itself
Snapshot = dict[str, Fields | None]  # pad address, bank letter or WHOLE -> fields, None = empty


def is_place(name: str) -> bool:
    """Tell whether a name in a snapshot is a pad's address."""
    return name != WHOLE and len(name) > 1


class KitEdit(models.Model):
    """One step: the pads it touched, before and after."""

    kit = models.ForeignKey("Kit", on_delete=models.CASCADE, related_name="edits")
    label = models.CharField(max_length=300)
    before = models.JSONField()
    after = models.JSONField()
    undone = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    class Meta:
        """Oldest first; undone steps stand at the end."""

        ordering = ["pk"]

    def __str__(self) -> str:
        """Return what was done, as undo names it."""
        return self.label

    @property
    def places(self) -> list[PadAddress]:
        """Return the pads it touched, in the machine's order."""
        return sorted(PadAddress.parse(name) for name in self.before if is_place(name))

    @property
    def banks(self) -> set[str]:
        """Return the letters of the banks it touched."""
        letters = {name for name in self.before if not is_place(name) and name != WHOLE}
        return letters | {at.bank for at in self.places}
