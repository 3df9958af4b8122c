"""Measure one sample: the worker's half of an import, and the first time its sound is decoded."""

from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from library import ingest, storage
from library.audio import listen
from library.audio.errors import AudioError
from library.jobs import JobError
from library.models import Analysis, Sample

LOOKED_AT = 100  # missing sounds that one round of the reaper looks for


def analyse(analysis: Analysis) -> dict[str, Any]:
    """Return what one pass over the sound tells, and make what browsers play and draw.

    Only measured facts are written: class, tempo and key belong to names and people. Raises
    JobError when the file is gone or makes no sound.
    """
    sample = analysis.sample
    try:
        with storage.local(sample.blob) as path:
            facts = _heard(sample, path)
        default_storage.save(sample.peaks, ContentFile(facts.peaks))
    except FileNotFoundError as gone:
        Sample.objects.filter(pk=sample.pk).update(is_missing=True)
        raise JobError(f"{sample.original_name}: the file is gone from the media folder.") from gone
    except AudioError as error:
        raise JobError(ingest.unreadable(sample.original_name, error)) from error
    return {"version": Analysis.VERSION, "measured": _measured(facts)}


def find_again() -> None:
    """Clear the mark of missing sounds whose file is there again, as after a lost mount."""
    missing = Sample.objects.filter(is_missing=True).order_by("?")[:LOOKED_AT]
    back = [sample.pk for sample in missing if default_storage.exists(sample.blob)]
    Sample.objects.filter(pk__in=back).update(is_missing=False)


def _measured(facts: listen.Facts) -> dict[str, Any]:
    material = facts.material
    sound_start, sound_end = material.sounding or (None, None)
    return {
        "is_missing": False,
        "format": material.format,
        "codec": material.subtype,
        "sample_rate": material.rate,
        "channels": material.channels,
        "channels_equal": material.channels_equal,
        "bit_depth": material.bit_depth,
        "frames": material.frames,
        "seconds": facts.seconds,
        "peak_amplitude": facts.peak_amplitude,
        "peak_48k": material.peak_48k,
        "peak_48k_mono": material.peak_48k_mono,
        "rms_energy": facts.rms_energy,
        "loudness_lufs": facts.loudness_lufs,
        "true_peak_dbtp": facts.true_peak_dbtp,
        "sound_start": sound_start,
        "sound_end": sound_end,
        "decode_warnings": list(material.warnings),
        "waveform": facts.waveform,
    }


def _heard(sample: Sample, path: Path) -> listen.Facts:
    """Measure, and store the rendition where nobody's equal file has made it before."""
    if default_storage.exists(sample.preview):
        return listen.facts(path)
    with storage.scratch(".wav") as rendition:
        facts = listen.facts(path, rendition)
        storage.keep(rendition, sample.preview)
    return facts
