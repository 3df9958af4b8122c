"""Made-up rows for measurements and browser tests: a library of any size in seconds."""

import hashlib
import random
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
import soundfile
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from library import guesses, keys, search
from library.audio import waveform
from library.jobs import State
from library.models import Analysis, Sample, Tag

AUDIBLE = 300  # so many rows have a sound behind them; the others only look as if
BATCH = 1000
SHELF = "Seeded"
RATE = 48_000

TAGS = ("dusty", "tape", "warm", "vinyl", "clean", "dark", "short", "live", "lofi", "crunchy")
GENRES = ("Boom bap", "Lo-fi", "House", "Techno", "Trap", "Soul", "Dub", "Jungle", "")
WORDS = (
    *("papercut", "amber", "velvet", "basement", "rust", "copper", "marble", "static"),
    *("pocket", "orbit", "lantern", "gravel", "mono", "harbour", "cinder", "linen"),
    *("glass", "tunnel", "fog", "ember", "hollow", "pepper", "slate", "quarry"),
)
SHAPES = {  # class: word in the name, seconds at least and at most, share
    "kick": ("kick", 0.2, 0.7, 18),
    "snare": ("snr", 0.2, 0.6, 16),
    "hat": ("hat", 0.05, 0.5, 14),
    "clap": ("clap", 0.2, 0.5, 6),
    "perc": ("perc", 0.1, 0.8, 12),
    "break": ("break", 2.0, 8.0, 10),
    "bass": ("bass", 0.5, 3.0, 8),
    "keys": ("chord", 1.0, 6.0, 7),
    "vocal": ("vox", 0.4, 5.0, 5),
    "fx": ("fx", 0.5, 9.0, 4),
}
PITCHED = {"bass", "keys", "vocal", "break"}


def seed(owner: User, count: int) -> Iterator[int]:
    """Fill up to `count` made-up samples and yield after each batch how many there are.

    The same rows each time; a run that was cut short is taken up where it ended.
    """
    tags = Tag.objects.named(owner, TAGS)
    done = Sample.objects.filter(owner=owner, folder__startswith=SHELF).count()
    while done < count:
        numbers = range(done, min(done + BATCH, count))
        made = [_made(owner, number) for number in numbers]
        for sample, number in zip(made, numbers, strict=True):
            if number < AUDIBLE:
                _give_sound(sample, number)
        with transaction.atomic():
            _write(made, list(numbers), tags)
        done = numbers.stop
        yield done


def _write(made: list[Sample], numbers: list[int], tags: list[Tag]) -> None:
    hung = [_hung(number, tags) for number in numbers]
    for sample, own in zip(made, hung, strict=True):
        sample.search_text = search.text_of(sample, [tag.name for tag in own])
    rows = Sample.objects.bulk_create(made)
    through = Sample.tags.through
    through.objects.bulk_create(
        through(sample_id=row.pk, tag_id=tag.pk)
        for row, own in zip(rows, hung, strict=True)
        for tag in own
    )
    Analysis.objects.bulk_create(
        Analysis(sample=row, state=State.COMPLETED, version=Analysis.VERSION, attempts=1)
        for row in rows
    )


def _hung(number: int, tags: list[Tag]) -> list[Tag]:
    return random.Random(f"tags {number}").sample(tags, k=number % 3)  # noqa: S311 - no secret


def _made(owner: User, number: int) -> Sample:
    dice = random.Random(f"sample {number}")  # noqa: S311 - no secret
    weights = [share for *_, share in SHAPES.values()]
    sample_class = dice.choices(list(SHAPES), weights)[0]
    word, shortest, longest, _ = SHAPES[sample_class]
    seconds = round(dice.uniform(shortest, longest), 3)
    bpm = round(dice.triangular(70, 175, 92), 1) if sample_class == "break" else None
    title = f"{word}_{dice.choice(WORDS)}_{number:05}"
    channels = dice.choice((1, 2))
    made = Sample(
        owner=owner,
        title=title,
        original_name=f"{title}.wav",
        folder=f"{SHELF}/{dice.choice(WORDS).capitalize()}",
        sha256=hashlib.sha256(f"seeded {owner.pk} {number}".encode()).hexdigest(),
        size_bytes=int(seconds * RATE) * channels * 2 + 44,
        format=dice.choice(("wav", "wav", "wav", "aiff", "flac", "mp3")),
        codec="PCM_16",
        sample_rate=RATE,
        channels=channels,
        bit_depth=16,
        frames=int(seconds * RATE),
        seconds=seconds,
        peak_amplitude=0.9,
        peak_48k=0.9,
        peak_48k_mono=0.9,
        rms_energy=0.2,
        loudness_lufs=round(dice.triangular(-34, -6, -13), 1),
        true_peak_dbtp=-0.9,
        sound_start=0,
        sound_end=int(seconds * RATE),
        waveform=_bars(dice, sample_class),
        sample_class=sample_class,
        class_guessed=dice.random() < 0.3,  # noqa: PLR2004 - a share
        bpm=bpm,
        bpm_guessed=bpm is not None and dice.random() < 0.3,  # noqa: PLR2004 - a share
        key=dice.choice(list(keys.CAMELOT)) if sample_class in PITCHED else "",
        is_loop=sample_class == "break",
        genre=dice.choice(GENRES),
    )
    for column in guesses.GUESSES:
        if getattr(made, column) not in guesses.NONE and not guesses.is_guessed(made, column):
            for name, value in guesses.told([column]).items():
                setattr(made, name, value)
    return made


def _bars(dice: random.Random, sample_class: str) -> bytes:
    """Return a waveform that falls away, or one with hits for a loop."""
    fall = dice.uniform(1, 6)
    return bytes(
        int(
            255
            * (2.718 ** (-fall * (bar % 8 / 8 if sample_class == "break" else bar / 64)))
            * dice.uniform(0.6, 1)
        )
        for bar in range(waveform.BARS)
    )


def _give_sound(sample: Sample, number: int) -> None:
    """Store a short tone of its own behind a row, as if it had been imported and analysed."""
    frames = RATE // 5
    moment = np.arange(frames) / RATE
    pitch = 60.0 * 2 ** (number / 60)
    wave = (0.5 * np.sin(2 * np.pi * pitch * moment) * np.exp(-12 * moment)).astype(np.float32)
    file = BytesIO()
    soundfile.write(file, wave, RATE, format="WAV", subtype="PCM_16")
    data = file.getvalue()
    outline = waveform.Outline()
    outline.add(wave[:, None])
    facts: dict[str, Any] = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "size_bytes": len(data),
        "format": "wav",
        "channels": 1,
        "frames": frames,
        "seconds": frames / RATE,
        "waveform": waveform.envelope(outline),
        "peak_amplitude": 0.5,
        "peak_48k": 0.5,
        "peak_48k_mono": 0.5,
        "loudness_lufs": -24.0,
        "true_peak_dbtp": -6.0,
        "sound_start": 0,
        "sound_end": frames,
    }
    for name, value in facts.items():
        setattr(sample, name, value)
    for name in (sample.blob, sample.preview):
        default_storage.save(name, ContentFile(data))
    default_storage.save(sample.peaks, ContentFile(waveform.peaks(outline)))
