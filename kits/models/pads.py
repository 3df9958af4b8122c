"""Which sample sits on which pad, and how it plays."""

import itertools
from collections.abc import Mapping
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from kits.hardware.devices import SP404MKII
from kits.hardware.pads import PadAddress
from kits.hardware.settings import MOST_CHOPS, MOST_FRAMES, NUMBERS, TEMPO
from kits.models.ranges import BANKS, Fields, within
from library.audio.units import RATE, resampled_frames
from library.models import Sample

PLACES = frozenset({"start", "end", "loop_top", "chops"})
"""Fields that name frames of the sound."""


class PadQuerySet(models.QuerySet["Pad"]):
    """Filled pads."""

    def at(self, *addresses: PadAddress) -> Self:
        """Return the pads at these addresses."""
        places = Q(pk__in=[])
        for bank in sorted({address.bank for address in addresses}):
            numbers = [address.number for address in addresses if address.bank == bank]
            places |= Q(bank=bank, number__in=numbers)
        return self.filter(places)

    def drawn(self) -> Self:
        """Return the pads with their samples, without the texts that no grid shows."""
        return self.select_related("sample").defer("sample__notes", "sample__search_text")

    def lost(self) -> Self:
        """Return those whose sound is gone, waits in the trash, or has no file."""
        gone = Q(sample=None) | Q(sample__is_missing=True) | Q(sample__deleted_at__isnull=False)
        return self.filter(gone)


class Play(models.TextChoices):
    """What press and release do; the machine's Gate, Loop and One-shot in their five uses."""

    ONE_SHOT = "one-shot", "One-shot"
    GATE = "gate", "Gate"
    LOOP = "loop", "Loop"
    HELD_LOOP = "held-loop", "Loop while held"
    TOGGLE = "toggle", "Start and stop"


class Direction(models.IntegerChoices):
    """Which way a sound plays; the machine's own numbers."""

    FORWARD = 0, "Forward"
    REVERSE = 1, "Reverse"
    PING_PONG = 2, "Ping-pong"
    REVERSE_PING_PONG = 3, "Reverse ping-pong"


class Voicing(models.TextChoices):
    """How notes of one pad meet."""

    MONO = "mono", "Mono"
    LEGATO = "legato", "Legato"
    POLY = "poly", "Poly"


class Pad(models.Model):
    """A sample placed, with its settings; an empty pad has no row.

    Ranges are those of `kits.hardware.settings`. start, end, loop_top and chops count frames of the
    sound at 48 kHz, end is exclusive and None up to where the sound ends; loop_top None is start.
    """

    kit = models.ForeignKey("Kit", on_delete=models.CASCADE, related_name="pads")
    bank = models.CharField(max_length=1, choices=BANKS)
    number = models.PositiveSmallIntegerField()
    sample = models.ForeignKey(Sample, null=True, on_delete=models.SET_NULL, related_name="pads")
    title = models.CharField(max_length=200)  # what stood here, should the sample be gone
    slice = models.PositiveSmallIntegerField(null=True, blank=True)  # which one of its sample's

    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(null=True, blank=True)
    loop_top = models.PositiveIntegerField(null=True, blank=True)
    chops = models.JSONField(default=list, blank=True)  # up to 16, ascending, the first one 0
    fades = models.BooleanField(default=False)  # 3 ms at both edges of the region
    play = models.CharField(max_length=10, choices=Play.choices, default=Play.ONE_SHOT)
    direction = models.PositiveSmallIntegerField(
        choices=Direction.choices, default=Direction.FORWARD
    )
    level = models.PositiveSmallIntegerField(default=127)
    pan = models.SmallIntegerField(default=0)
    pitch = models.SmallIntegerField(default=0)  # semitones
    fine = models.SmallIntegerField(default=0)  # cents
    speed = models.FloatField(default=100)  # percent
    vinyl = models.BooleanField(default=True)
    bpm = models.FloatField(null=True, blank=True)  # of the sound; None: not known
    sync = models.BooleanField(default=False)
    mute_group = models.CharField(max_length=1, choices=BANKS, blank=True, default="")
    link = models.PositiveSmallIntegerField(default=0)
    bus = models.PositiveSmallIntegerField(default=1)
    roll = models.PositiveSmallIntegerField(default=2)
    attack = models.PositiveSmallIntegerField(default=0)
    hold = models.PositiveSmallIntegerField(default=100)
    release = models.PositiveSmallIntegerField(default=0)
    fixed_velocity = models.BooleanField(default=False)
    voicing = models.CharField(max_length=6, choices=Voicing.choices, default=Voicing.MONO)
    locked = models.BooleanField(default=False)  # shuffling and filling leave it alone
    muted = models.BooleanField(default=False)  # silent here; exported all the same

    objects = PadQuerySet.as_manager()

    class Meta:
        """One pad per address, in the machine's order."""

        ordering = ["bank", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["kit", "bank", "number"], name="kits_pad_one_per_address"
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, 16)) & Q(bank__in=list(SP404MKII.banks)),
                name="kits_pad_address",
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gt=F("start")),
                name="kits_pad_region",
                violation_error_message="The end comes behind the start.",
            ),
            models.CheckConstraint(
                condition=Q(loop_top=None)
                | Q(loop_top__gte=F("start")) & (Q(end=None) | Q(loop_top__lt=F("end"))),
                name="kits_pad_loop_top",
                violation_error_message="The loop top lies between start and end.",
            ),
            models.CheckConstraint(
                condition=Q(
                    play__in=Play.values,
                    direction__in=Direction.values,
                    voicing__in=Voicing.values,
                    mute_group__in=["", *SP404MKII.banks],
                ),
                name="kits_pad_choices",
            ),
            *(within(setting, "kits_pad") for setting in NUMBERS),
        ]

    def __str__(self) -> str:
        """Return address and title."""
        return f"{self.address} {self.title}"

    @property
    def address(self) -> PadAddress:
        """Return the place."""
        return PadAddress(self.bank, self.number)

    @property
    def is_missing(self) -> bool:
        """Tell whether the sound behind the pad is gone."""
        return self.sample is None or self.sample.is_missing or self.sample.deleted_at is not None

    @property
    def frames(self) -> int | None:
        """Return how long the whole sound is at 48 kHz; None before it is measured."""
        sample = self.sample
        if sample is None or not sample.frames or not sample.sample_rate:
            return None
        return resampled_frames(sample.frames, sample.sample_rate)

    @property
    def region(self) -> tuple[int, int] | None:
        """Return the frames that play, first and behind the last; None before it is measured."""
        if self.frames is None:
            return None
        end = self.frames if self.end is None else min(self.end, self.frames)
        return min(self.start, end), end

    @property
    def seconds(self) -> float | None:
        """Return how long the region is at its own pitch and speed."""
        if self.region is None:
            return None
        start, end = self.region
        return (end - start) / RATE

    @property
    def rate(self) -> float:
        """Return how fast it plays: 2 is an octave up in half the time."""
        return float(2 ** ((self.pitch + self.fine / 100) / 12) * self.speed / 100)

    @property
    def name(self) -> str:
        """Return what it is called: the sample's title, with a number where it is a slice of it."""
        title = self.title if self.sample is None else self.sample.title
        return title if self.slice is None else f"{title} {self.slice:02}"

    def clean(self) -> None:
        """Refuse chops that are no ascending frames from 0 on, or too many (ValidationError)."""
        chops = self.chops
        is_row = isinstance(chops, list) and all(type(frame) is int for frame in chops)
        if not is_row or len(chops) > MOST_CHOPS or (chops and chops[0] != 0):
            raise ValidationError(f"Chops are at most {MOST_CHOPS} frames, the first one 0.")
        if any(one >= next_ for one, next_ in itertools.pairwise(chops)):
            raise ValidationError("Chops come one after the other.")
        if chops and chops[-1] > MOST_FRAMES:
            raise ValidationError(f"A chop is frame {MOST_FRAMES} at most.")

    def with_settings(self, values: Mapping[str, Any]) -> "Pad":
        """Return an unsaved pad with these values (names of its fields) and else its own.

        An end where the sound ends, a loop top at the start, and one that the region moved away
        from become None. ValidationError where a place that changes makes no sense with the sound;
        places that stay are not asked: their sound may have become shorter.
        """
        new = Pad(**{**self.fields(), **values})
        new.sample = self.sample
        moved = {name for name in PLACES & values.keys() if values[name] != getattr(self, name)}
        if not moved:
            return new
        end = new.frames if new.end is None else new.end
        if end is not None and new.start >= end:
            raise ValidationError("That is outside of the sound.")
        top = new.loop_top
        is_inside = top is None or new.start <= top < (end or top + 1)
        if "loop_top" in moved and not is_inside:
            raise ValidationError("The loop top lies between start and end.")
        if not is_inside or top == new.start:
            new.loop_top = None
        if not new.fits:
            raise ValidationError("That is outside of the sound.")
        if new.end is not None and new.end == new.frames:
            new.end = None  # all that follows
        new.clean()
        return new

    def with_sound(self, sample: Sample) -> "Pad":
        """Return an unsaved pad with this one's settings and another sound, of which all plays."""
        whole: Fields = {"slice": None, "start": 0, "end": None, "loop_top": None, "chops": []}
        new: Fields = {"sample_id": sample.pk, "title": sample.title, "bpm": _taken(sample.bpm)}
        return Pad(**{**self.fields(), **whole, **new})

    def with_copy(self, sample: Sample) -> "Pad":
        """Return an unsaved pad with a copy of its sound; the region stays where that holds it."""
        pad = Pad(**{**self.fields(), "sample_id": sample.pk, "title": sample.title})
        pad.sample = sample
        return pad if pad.fits else self.with_sound(sample)

    @property
    def fits(self) -> bool:
        """Tell whether every place it names lies inside its sound."""
        frames = self.frames
        inside = [self.start, self.loop_top or 0, *self.chops]
        return frames is None or (max(inside) < max(frames, 1) and (self.end or 0) <= frames)

    def fields(self) -> Fields:
        """Return all that moves with the pad, as plain values: everything but place and key."""
        return {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if field.name not in {"id", "kit", "bank", "number"}
        }

    @classmethod
    def holding(cls, sample: Sample) -> Self:
        """Return a new pad for this sample: a loop loops, all else plays to its end."""
        play = Play.LOOP if sample.is_loop else Play.ONE_SHOT
        return cls(sample=sample, title=sample.title, play=play, bpm=_taken(sample.bpm))


def _taken(bpm: float | None) -> float | None:
    """Return a tempo as the machine keeps it: tenths, in its range; None outside of it."""
    inside = bpm is not None and TEMPO.low <= bpm <= TEMPO.high
    return round(bpm, 1) if inside and bpm is not None else None
