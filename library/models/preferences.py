"""What a person likes by default."""

from django.contrib.auth.models import User
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from library import class_pads, offered, tempo_folders
from library.keys import CAMELOT

LONGEST_RETENTION = 3650  # days
TRASH_DAYS = 30
QUIETEST_TARGET, LOUDEST_TARGET = -40, -6  # LUFS


class Preferences(models.Model):
    """One person's defaults."""

    class Format(models.TextChoices):
        """What an export writes."""

        WAV = "wav", "WAV"
        AIFF = "aiff", "AIFF"

    class Layout(models.TextChoices):
        """How an export of samples is laid out; a kit has its own."""

        FLAT = "flat", "All in one folder"
        FOLDERS = "folders", "My folders"
        GENRE = "genre", "By genre"
        BPM = "bpm", "By tempo"

    class Loudness(models.TextChoices):
        """What an export does about loudness."""

        LEAVE = "leave", "Leave"
        MATCH = "match", "Match to"

    class Notation(models.TextChoices):
        """How keys are written."""

        CAMELOT = "camelot", "8A"
        MUSICAL = "musical", "Am"

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="preferences")
    export_format = models.CharField(max_length=4, choices=Format, default=Format.WAV)
    layout = models.CharField(max_length=8, choices=Layout, default=Layout.FLAT)
    bpm_bounds = models.JSONField(
        "tempos at which folders begin",
        default=tempo_folders.usual,
        validators=[tempo_folders.check],
    )
    sanitize_filenames = models.BooleanField("clean file names", default=True)
    lower_case = models.BooleanField("lower-case file names", default=True)
    include_metadata = models.BooleanField("text file beside each sample", default=False)
    loudness = models.CharField(max_length=5, choices=Loudness, default=Loudness.LEAVE)
    loudness_lufs = models.FloatField(
        "loudness to match",
        default=-16.0,
        validators=[MinValueValidator(QUIETEST_TARGET), MaxValueValidator(LOUDEST_TARGET)],
    )
    pad_short = models.BooleanField("pad sounds under 100 ms with silence", default=True)
    export_folder = models.CharField(  # what the shell writes to; for staff alone
        "folder that the shell exports to",
        max_length=1000,
        blank=True,
        validators=[offered.check],
    )
    retention_days = models.PositiveSmallIntegerField(
        "days that files of exports are kept",
        default=30,
        validators=[MaxValueValidator(LONGEST_RETENTION)],
    )
    trash_days = models.PositiveSmallIntegerField(
        "days that deleted sounds stay in the trash",
        default=TRASH_DAYS,
        validators=[MaxValueValidator(LONGEST_RETENTION)],
    )
    class_pads = models.JSONField(
        "pads of each class", default=class_pads.usual, validators=[class_pads.check]
    )
    key_notation = models.CharField(max_length=8, choices=Notation, default=Notation.CAMELOT)
    single_keys = models.BooleanField("single-letter keys", default=True)

    class Meta:
        """One row for each person."""

        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        """Return whose preferences these are."""
        return f"Preferences of {self.user}"

    @classmethod
    def of(cls, user: User) -> "Preferences":
        """Return this person's row, made at the first look."""
        return cls.objects.get_or_create(user=user)[0]

    def written(self, key: str) -> str:
        """Return a key (`Am`) as its owner writes keys: `8A` or `Am`."""
        is_camelot = self.key_notation == self.Notation.CAMELOT
        return CAMELOT.get(key, "") if is_camelot else key
