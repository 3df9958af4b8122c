"""What listening to a sound left behind besides the facts that its row shows."""

from django.db import models

from library.models.samples import Sample


class Hearing(models.Model):
    """What the analyser made of one sound: for search by likeness, slicing and second thoughts.

    descriptor: 64 float16, standardised (character). rhythm: float16 onset pattern over one bar,
    empty for one-shots. onsets: float32 seconds; strengths: float32, as many. fingerprint: what
    near-duplicates share. heard: what the audio alone says, with alternatives and confidences;
    hinted: what names and embedded chunks say.
    """

    sample = models.OneToOneField(Sample, on_delete=models.CASCADE, related_name="hearing")
    version = models.PositiveSmallIntegerField(default=0)
    descriptor = models.BinaryField(default=bytes)
    rhythm = models.BinaryField(default=bytes)
    onsets = models.BinaryField(default=bytes)
    strengths = models.BinaryField(default=bytes)
    fingerprint = models.BinaryField(default=bytes)
    heard = models.JSONField(default=dict)
    hinted = models.JSONField(default=dict)

    class Meta:
        """One row a sample."""

        ordering = ["pk"]

    def __str__(self) -> str:
        """Return whose ears these are."""
        return f"{self.sample_id}, version {self.version}"
