"""One factory per model; traits name states."""

import hashlib
import io
from datetime import timedelta
from uuid import uuid4

import factory
import numpy as np
import soundfile
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.timezone import now

from exports.models import Export, ExportItem, Render
from kits.models import Kit, Pad
from library.jobs import RETRY_WAITING, State
from library.models import (
    Analysis,
    Generation,
    Import,
    ImportProblem,
    Preferences,
    Prompt,
    Sample,
    Tag,
)


def tone(
    hertz: float = 440, seconds: float = 0.25, *, rate: int = 44_100, channels: int = 1
) -> bytes:
    """Return a 16-bit WAV file with a sine at -6 dBFS."""
    wave = 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    file = io.BytesIO()
    soundfile.write(file, np.column_stack([wave] * channels), rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


class UserFactory(factory.django.DjangoModelFactory):
    """Somebody with a password: `secret`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        """`staff` may use the admin as far as permissions go, `superuser` everywhere."""

        staff = factory.Trait(is_staff=True)
        superuser = factory.Trait(is_staff=True, is_superuser=True)

    username = factory.Sequence(lambda number: f"person{number}")
    password = factory.django.Password("secret")


class TagFactory(factory.django.DjangoModelFactory):
    """A word."""

    class Meta:
        model = Tag

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda number: f"tag{number}")


class SampleFactory(factory.django.DjangoModelFactory):
    """An analysed one-shot: 0.25 s of mono at 44.1 kHz and 16 bits.

    `sound=<bytes of an audio file>` stores them as its original, and `stored=True` makes some;
    `tags=["dusty", ...]` hangs words on it.
    """

    class Meta:
        model = Sample
        skip_postgeneration_save = True

    class Params:
        """States a sample can be in."""

        stored = factory.Trait(
            sound=factory.Sequence(lambda number: tone(100 + number % 4000)),
        )
        new = factory.Trait(  # not analysed yet
            peak_amplitude=None, peak_48k=None, rms_energy=None, waveform=None, sample_class="",
            loudness_lufs=None, true_peak_dbtp=None, sound_start=None, sound_end=None,
        )  # fmt: skip
        trashed = factory.Trait(deleted_at=factory.LazyFunction(now))
        missing = factory.Trait(is_missing=True)
        guessed = factory.Trait(class_guessed=True, bpm_guessed=True, key_guessed=True)
        loop = factory.Trait(
            is_loop=True, sample_class="break", bpm=96.0, seconds=5.0, frames=220_500
        )
        hires = factory.Trait(bit_depth=24, codec="PCM_24", sample_rate=96_000, frames=24_000)
        float32 = factory.Trait(bit_depth=32, codec="FLOAT", peak_amplitude=1.2)
        stereo = factory.Trait(channels=2)

    sound = None  # no field: bytes that _create stores
    owner = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda number: f"Kick {number:03}")
    original_name = factory.LazyAttribute(lambda sample: f"{sample.title}.wav")
    sha256 = factory.LazyAttributeSequence(
        lambda sample, number: hashlib.sha256(sample.sound or b"%d" % number).hexdigest()
    )
    size_bytes = factory.LazyAttribute(lambda sample: len(sample.sound or b"") or 22_094)
    format = "wav"  # as audio.headers.probe says it
    codec = "PCM_16"
    sample_rate = 44_100
    channels = 1
    bit_depth = 16
    frames = 11_025
    seconds = 0.25
    peak_amplitude = 0.5
    peak_48k = 0.5
    rms_energy = 0.35
    loudness_lufs = -12.4
    true_peak_dbtp = -6.0
    sound_start = 0
    sound_end = factory.SelfAttribute("frames")
    waveform = bytes(range(0, 256, 4))
    sample_class = "kick"
    is_loop = False

    @classmethod
    def _create(cls, model_class, *args, sound=None, **kwargs):
        """Write the row and, where there is a sound, its file."""
        sample = super()._create(model_class, *args, **kwargs)
        if sound is not None and not default_storage.exists(sample.blob):
            default_storage.save(sample.blob, ContentFile(sound))
        return sample

    @factory.post_generation
    def tags(sample, create, words, **kwargs):  # noqa: N805
        """Hang words on it."""
        for word in words or ():
            tag, _ = Tag.objects.get_or_create(owner=sample.owner, name=word)
            sample.tags.add(tag)


class AnalysisFactory(factory.django.DjangoModelFactory):
    """The measuring of a sample, waiting for a worker."""

    class Meta:
        model = Analysis

    class Params:
        """`done` is what the worker leaves behind."""

        done = factory.Trait(state=State.COMPLETED, version=Analysis.VERSION, attempts=1)

    sample = factory.SubFactory(SampleFactory)


class PromptFactory(factory.django.DjangoModelFactory):
    """Words that were asked for once; a GenerationFactory makes and counts them by itself."""

    class Meta:
        model = Prompt

    user = factory.SubFactory(UserFactory)
    text = factory.Sequence(lambda number: f"a dusty kick {number}")


class GenerationFactory(factory.django.DjangoModelFactory):
    """Four seconds of sound that somebody asked for, waiting for a worker."""

    class Meta:
        model = Generation

    class Params:
        """States; `completed` has the name and facts of a file, but no file and no sample."""

        waiting = factory.Trait(
            state=State.WAITING,
            error="Not enough disk space.",
            lease_until=factory.LazyFunction(lambda: now() + RETRY_WAITING),
        )
        processing = factory.Trait(
            state=State.PROCESSING,
            attempts=1,
            token=factory.Sequence(lambda number: f"{number:032x}"),
            started_at=factory.LazyFunction(now),
            lease_until=factory.LazyFunction(lambda: now() + timedelta(minutes=1)),
        )
        completed = factory.Trait(
            state=State.COMPLETED,
            attempts=1,
            started_at=factory.LazyFunction(now),
            finished_at=factory.LazyFunction(now),
            audio_file=factory.LazyAttribute(lambda row: f"{row.created_at:%Y/%m/%d}/{row.id}.wav"),
            file_size=384_044,
            sample_rate=48_000,
            channels=1,
            generation_seconds=0.5,
        )
        failed = factory.Trait(
            state=State.FAILED,
            attempts=1,
            started_at=factory.LazyFunction(now),
            finished_at=factory.LazyFunction(now),
            error="The model made nothing of this.",
        )

    id = factory.LazyFunction(uuid4)
    user = factory.SubFactory(UserFactory)
    prompt = factory.Sequence(lambda number: f"a warm bass {number}")
    model_name = "Padcrate synth"
    model_version = "1"
    duration = 4.0
    created_at = factory.LazyFunction(now)


class ImportFactory(factory.django.DjangoModelFactory):
    """A batch of dropped files."""

    class Meta:
        model = Import

    owner = factory.SubFactory(UserFactory)
    kind = Import.Kind.UPLOAD
    key = factory.Sequence(lambda number: f"{number:036}")
    name = "Dropped files"


class ImportProblemFactory(factory.django.DjangoModelFactory):
    """A file that stayed outside."""

    class Meta:
        model = ImportProblem

    batch = factory.SubFactory(ImportFactory)
    name = factory.Sequence(lambda number: f"broken{number}.wav")
    message = factory.LazyAttribute(lambda problem: f"{problem.name}: this is no audio file.")


class PreferencesFactory(factory.django.DjangoModelFactory):
    """Defaults."""

    class Meta:
        model = Preferences

    user = factory.SubFactory(UserFactory)


class KitFactory(factory.django.DjangoModelFactory):
    """An empty kit; `filled=5` puts samples of its owner on the first five pads of bank A."""

    class Meta:
        model = Kit
        skip_postgeneration_save = True

    owner = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda number: f"Kit {number}")

    @factory.post_generation
    def filled(kit, create, count, **kwargs):  # noqa: N805
        """Fill the first pads."""
        for number in range(1, (count or 0) + 1):
            PadFactory(kit=kit, number=number)


class PadFactory(factory.django.DjangoModelFactory):
    """A sample of the kit's owner on a pad of bank A."""

    class Meta:
        model = Pad

    class Params:
        """`empty_hull`: the sample was deleted for good."""

        empty_hull = factory.Trait(sample=None, title="Gone")

    kit = factory.SubFactory(KitFactory)
    bank = "A"
    number = 1
    sample = factory.SubFactory(SampleFactory, owner=factory.SelfAttribute("..kit.owner"))
    title = factory.LazyAttribute(lambda pad: pad.sample.title)


class RenderFactory(factory.django.DjangoModelFactory):
    """A converted file; its bytes are not written."""

    class Meta:
        model = Render

    key = factory.Sequence(lambda number: hashlib.sha256(b"render %d" % number).hexdigest())
    extension = "wav"
    size_bytes = 24_044
    crc32 = 0
    sha256 = factory.LazyAttribute(lambda render: render.key)
    frames = 12_000
    channels = 1


class ExportFactory(factory.django.DjangoModelFactory):
    """An export that was just asked for."""

    class Meta:
        model = Export

    class Params:
        """`done` is one that ended well."""

        done = factory.Trait(state=State.COMPLETED, finished_at=factory.LazyFunction(now))

    owner = factory.SubFactory(UserFactory)
    kind = Export.Kind.BATCH
    name = factory.Sequence(lambda number: f"Export {number}")
    layout = Export.Layout.FLAT
    format = "wav"
    options = factory.LazyFunction(dict)


class ExportItemFactory(factory.django.DjangoModelFactory):
    """One file of an export, not converted yet."""

    class Meta:
        model = ExportItem

    class Params:
        """`done` has its converted file."""

        done = factory.Trait(
            state=State.COMPLETED, render=factory.SubFactory(RenderFactory), size_bytes=24_044
        )

    export = factory.SubFactory(ExportFactory)
    position = factory.Sequence(int)
    sample = factory.SubFactory(SampleFactory, owner=factory.SelfAttribute("..export.owner"))
    sample_title = factory.LazyAttribute(lambda item: item.sample.title)
    sample_sha256 = factory.LazyAttribute(lambda item: item.sample.sha256)
    path = factory.LazyAttribute(lambda item: f"{item.position:03}.wav")
