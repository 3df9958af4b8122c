"""Sounds that people own, their tags, and the measuring of them."""

from collections.abc import Iterable, Iterator
from typing import Self

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.timezone import now

from library import keys
from library.audio.units import RATE, SHORTEST_MS, db_to_gain, is_short
from library.models.packs import Pack


class SampleClass(models.TextChoices):
    """What kind of sound it is; the ten colours of the interface."""

    BREAK = "break", "Breaks & loops"
    KICK = "kick", "Kicks"
    SNARE = "snare", "Snares"
    CLAP = "clap", "Claps"
    HAT = "hat", "Hats"
    PERC = "perc", "Percussion"
    BASS = "bass", "Bass"
    KEYS = "keys", "Keys & chords"
    VOCAL = "vocal", "Vocals"
    FX = "fx", "Effects"


class Source(models.TextChoices):
    """Who knows a tempo, a key, a class or whether it is a loop."""

    AUDIO = "audio", "heard"
    NAME = "name", "from its name"
    CHUNK = "chunk", "from data in the file"
    PERSON = "person", "set by you"


WORD_LENGTH = 16  # bits that the machine plays
STEREO = 2
TOO_QUIET = db_to_gain(-40)  # a peak below it drowns in the hiss of a mix
FLOAT_WORDS = {"FLOAT": "32-bit float", "DOUBLE": "64-bit float"}

# One sound of a class, as rows and pads name it.
CLASS_WORDS = {
    "break": "Break",
    "kick": "Kick",
    "snare": "Snare",
    "clap": "Clap",
    "hat": "Hat",
    "perc": "Perc",
    "bass": "Bass",
    "keys": "Keys",
    "vocal": "Vocal",
    "fx": "Effect",
}


class TagQuerySet(models.QuerySet["Tag"]):
    """Tags of one person."""

    def owned_by(self, user: User) -> Self:
        """Return this person's tags."""
        return self.filter(owner=user)

    def named(self, user: User, words: Iterable[str]) -> "list[Tag]":
        """Return this person's tags of these names, whatever their case; new ones are made."""
        names = {name.casefold(): name for word in words if (name := " ".join(word.split())[:50])}
        return [self._named(user, name) for name in names.values()]

    def _named(self, user: User, name: str) -> "Tag":
        known = self.filter(owner=user, name__iexact=name)
        if (tag := known.first()) is not None:
            return tag
        try:
            with transaction.atomic():
                return self.create(owner=user, name=name)
        except IntegrityError:  # another request made it in this moment
            return known.get()


class Tag(models.Model):
    """A word that a person hangs on samples."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=50)

    objects = TagQuerySet.as_manager()

    class Meta:
        """One tag of a name for each person, whatever its case."""

        ordering = ["name"]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="library_tag_once")]

    def __str__(self) -> str:
        """Return the word."""
        return self.name


class SampleQuerySet(models.QuerySet["Sample"]):
    """Samples, by whose they are and what can be done with them."""

    def owned_by(self, user: User) -> Self:
        """Return this person's samples, the trash included."""
        return self.filter(owner=user)

    def kept(self) -> Self:
        """Return samples that are not in the trash."""
        return self.filter(deleted_at=None)

    def trashed(self) -> Self:
        """Return samples in the trash."""
        return self.exclude(deleted_at=None)


class Sample(models.Model):
    """One sound that a user brought; its original file is never changed."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="samples")
    title = models.CharField(max_length=200)
    original_name = models.CharField(max_length=255, editable=False)
    folder = models.CharField(max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    size_bytes = models.PositiveBigIntegerField(editable=False)
    added_at = models.DateTimeField(default=now, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_missing = models.BooleanField(default=False, editable=False)

    # Facts: from the header when it arrives, from the audio when it is analysed.
    format = models.CharField(max_length=8, editable=False)
    codec = models.CharField(max_length=20, blank=True, editable=False)
    sample_rate = models.PositiveIntegerField(null=True, editable=False)
    channels = models.PositiveSmallIntegerField(null=True, editable=False)
    channels_equal = models.BooleanField(null=True, editable=False)  # two, and bit for bit the same
    bit_depth = models.PositiveSmallIntegerField(null=True, editable=False)
    frames = models.PositiveBigIntegerField(null=True, editable=False)
    seconds = models.FloatField(null=True, editable=False)
    peak_amplitude = models.FloatField(null=True, editable=False)  # linear, 1.0 = full scale
    peak_48k = models.FloatField(null=True, editable=False)  # linear, after resampling to 48 kHz
    peak_48k_mono = models.FloatField(null=True, editable=False)  # the same, folded down to mono
    decode_warnings = models.JSONField(default=list, editable=False)  # what a decoder put right
    rms_energy = models.FloatField(null=True, editable=False)  # linear
    dynamic_range_db = models.FloatField(null=True, editable=False)
    loudness_lufs = models.FloatField(null=True, editable=False)  # integrated; None: too quiet
    true_peak_dbtp = models.FloatField(null=True, editable=False)
    sound_start = models.PositiveBigIntegerField(null=True, editable=False)  # frame trimming keeps
    sound_end = models.PositiveBigIntegerField(null=True, editable=False)  # first one behind it
    waveform = models.BinaryField(null=True, editable=False)  # 64 bars, 0–255

    # What a person may know better; a guess shows a question mark until somebody confirms it.
    # Confidences lie in 0..1; a source says who knows it, and a person's word stays for good.
    sample_class = models.CharField("class", max_length=8, choices=SampleClass, blank=True)
    class_guessed = models.BooleanField(default=False)
    class_source = models.CharField(max_length=6, choices=Source, blank=True, editable=False)
    class_confidence = models.FloatField(null=True, editable=False)
    class_second = models.CharField(
        max_length=8, choices=SampleClass, blank=True, editable=False
    )  # the runner-up
    heard_class = models.CharField(max_length=8, blank=True, editable=False)  # finer: rim, tom, …
    bpm = models.FloatField("BPM", null=True, blank=True)
    bpm_guessed = models.BooleanField(default=False)
    bpm_source = models.CharField(max_length=6, choices=Source, blank=True, editable=False)
    bpm_confidence = models.FloatField(null=True, editable=False)
    key = models.CharField(max_length=4, choices=keys.CHOICES, blank=True)
    key_guessed = models.BooleanField(default=False)
    key_source = models.CharField(max_length=6, choices=Source, blank=True, editable=False)
    key_confidence = models.FloatField(null=True, editable=False)
    key_second = models.CharField(max_length=4, choices=keys.CHOICES, blank=True, editable=False)
    tonality = models.FloatField(null=True, editable=False)  # 0..1: how much of it has a pitch
    is_loop = models.BooleanField("loop", null=True, blank=True)
    kind_guessed = models.BooleanField(default=False)
    kind_source = models.CharField(max_length=6, choices=Source, blank=True, editable=False)
    kind_confidence = models.FloatField(null=True, editable=False)

    # Where it comes from, and what may be done with it.
    pack = models.ForeignKey(
        Pack, on_delete=models.SET_NULL, null=True, blank=True, related_name="samples"
    )
    source = models.CharField(max_length=200, blank=True)
    author = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=200, blank=True)

    is_favourite = models.BooleanField("favourite", default=False)
    genre = models.CharField(max_length=60, blank=True)
    notes = models.TextField(blank=True)
    tags = models.ManyToManyField(Tag, blank=True, related_name="samples")
    search_text = models.TextField(blank=True, editable=False)  # library/search.py keeps it

    slices = 0  # into how many it is cut on pads: `listing.tell_slices`

    objects = SampleQuerySet.as_manager()

    class Meta:
        """One row per owner and content; indexes for the sort orders of the list."""

        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "sha256"], name="library_sample_content_once"),
            models.CheckConstraint(
                condition=Q(bpm=None) | Q(bpm__range=(20, 400)),
                name="library_sample_bpm_range",
                violation_error_message="BPM lies between 20 and 400.",
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "deleted_at", "-id"], name="library_sample_newest"),
            models.Index(
                "owner",
                "deleted_at",
                Lower("title"),
                "id",
                name="library_sample_title",
            ),
            models.Index(fields=["owner", "deleted_at", "bpm", "id"], name="library_sample_bpm"),
            models.Index(
                fields=["owner", "deleted_at", "seconds", "id"],
                name="library_sample_length",
            ),
            models.Index(
                fields=["owner", "deleted_at", "loudness_lufs", "id"],
                name="library_sample_loudness",
            ),
            models.Index(
                fields=["owner", "deleted_at", "sample_class", "id"],
                name="library_sample_class",
            ),
            models.Index(fields=["owner", "deleted_at", "folder"], name="library_sample_folder"),
            models.Index(fields=["owner", "deleted_at", "added_at"], name="library_sample_added"),
            models.Index(fields=["sha256"], name="library_sample_digest"),
            models.Index(  # all that filters count: they need not touch the rows
                fields=[
                    *("owner", "deleted_at", "sample_class", "key", "genre"),
                    *("format", "bpm", "seconds", "is_loop", "is_favourite", "is_missing"),
                    *("class_guessed", "bpm_guessed", "key_guessed", "kind_guessed"),
                    "channels",
                ],
                name="library_sample_facets",
            ),
            models.Index(
                fields=["owner", "deleted_at", "-id"],
                condition=Q(is_favourite=True),
                name="library_sample_favourites",
            ),
            models.Index(
                fields=["licence"], condition=Q(licence__gt=""), name="library_sample_licence"
            ),
        ]

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def blob(self) -> str:
        """Return the storage name of the original file."""
        return f"blobs/{self.sha256[:2]}/{self.sha256}"

    @property
    def preview(self) -> str:
        """Return the storage name of the 48 kHz/16-bit WAV that browsers play."""
        return f"previews/{self.sha256[:2]}/{self.sha256}.wav"

    @property
    def peaks(self) -> str:
        """Return the storage name of the deck's waveform."""
        return f"previews/{self.sha256[:2]}/{self.sha256}.peaks"

    @property
    def class_word(self) -> str:
        """Return the class as rows and pads say it: `Kick`."""
        return CLASS_WORDS.get(self.sample_class, "")

    @property
    def camelot(self) -> str:
        """Return the key's place on the wheel: `8A`."""
        return keys.CAMELOT.get(self.key, "")

    @property
    def attention(self) -> str:
        """Return in words what stands out: `32-bit float · over full scale`, or nothing."""
        return " · ".join(words for words, _ in self._notable())

    @property
    def on_export(self) -> str:
        """Return what an export does about it: `converted to 16-bit 48 kHz, peak lowered`."""
        return ", ".join(effect for _, effect in self._notable())

    def _notable(self) -> Iterator[tuple[str, str]]:
        """Yield what stands out, and what an export does about it."""
        depth, rate = self.bit_depth or 0, self.sample_rate or 0
        if self.codec in FLOAT_WORDS:
            yield FLOAT_WORDS[self.codec], "converted to 16-bit 48 kHz"
        elif depth > WORD_LENGTH and rate > RATE:
            yield f"{depth}-bit {rate / 1000:g} kHz", "converted to 16-bit 48 kHz"
        if (self.channels or 0) > STEREO:
            yield f"{self.channels} channels", "folded down to stereo"
        yield from self._level()
        if self.frames is not None and rate and is_short(self.frames, rate):
            yield f"under {SHORTEST_MS} ms", "lengthened with silence, unless you switch that off"

    def _level(self) -> Iterator[tuple[str, str]]:
        if self.peak_amplitude is None:
            return
        if self.peak_amplitude > 1:
            yield "over full scale", "peak lowered"
        elif self.peak_amplitude < TOO_QUIET:
            yield "too quiet", "left as quiet as it is"
