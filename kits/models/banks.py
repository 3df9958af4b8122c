"""What a bank has to itself: its tempo and its volume."""

from django.db import models

from kits.hardware.settings import TEMPO, VOLUME
from kits.models.ranges import BANKS, Fields, within


class KitBank(models.Model):
    """What a bank has to itself; one that was never touched has no row."""

    kit = models.ForeignKey("Kit", on_delete=models.CASCADE, related_name="banks")
    letter = models.CharField(max_length=1, choices=BANKS)
    tempo = models.FloatField(default=TEMPO.default)  # BPM
    volume = models.PositiveSmallIntegerField(default=int(VOLUME.default))

    class Meta:
        """One row a bank."""

        ordering = ["letter"]
        constraints = [
            models.UniqueConstraint(fields=["kit", "letter"], name="kits_bank_one_per_letter"),
            within(TEMPO, "kits_bank", "tempo"),
            within(VOLUME, "kits_bank", "volume"),
        ]

    def __str__(self) -> str:
        """Return the letter."""
        return f"Bank {self.letter}"

    def fields(self) -> Fields:
        """Return what can be set, as plain values."""
        return {"tempo": self.tempo, "volume": self.volume}
