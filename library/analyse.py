"""Measure and hear one sample: the worker's half of an import, and its sound's first decoding."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from library import ingest, search, storage
from library.audio import listen
from library.audio.classes import SHOWN
from library.audio.errors import AudioError
from library.audio.hearing.heard import Heard
from library.audio.hearing.hints import Hint, Hinted
from library.audio.hearing.judge import Judged, judge
from library.audio.hearing.shown import shown
from library.audio.hearing.signal import Signal
from library.jobs import JobError
from library.models import Analysis, Sample, Source

LOOKED_AT = 100  # missing sounds that one round of the reaper looks for
DIGITS = 4  # of a confidence


def analyse(analysis: Analysis) -> dict[str, Any]:
    """Return what one pass over the sound tells, and make what browsers play and draw.

    Tempo, key, class and kind are heard with the names and embedded data as witnesses. Raises
    JobError when the file is gone or makes no sound.
    """
    sample = analysis.sample
    try:
        with storage.local(sample.blob) as path:
            facts = _measured(sample, path)
            judged = _judged(sample, path, facts.signal)
        default_storage.save(sample.peaks, ContentFile(facts.peaks))
    except FileNotFoundError as gone:
        Sample.objects.filter(pk=sample.pk).update(is_missing=True)
        raise JobError(f"{sample.original_name}: the file is gone from the media folder.") from gone
    except AudioError as error:
        raise JobError(ingest.unreadable(sample.original_name, error)) from error
    outcome = {"version": Analysis.VERSION, "measured": _facts(facts)}
    return outcome if judged is None else _heard(sample, judged, outcome)


def after(analyses: Sequence[Analysis]) -> None:
    """Let words find the samples by what was heard in them."""
    search.refresh(analysis.sample_id for analysis in analyses)


def find_again() -> None:
    """Clear the mark of missing sounds whose file is there again, as after a lost mount."""
    missing = Sample.objects.filter(is_missing=True).order_by("?")[:LOOKED_AT]
    back = [sample.pk for sample in missing if default_storage.exists(sample.blob)]
    Sample.objects.filter(pk__in=back).update(is_missing=False)


def _facts(facts: listen.Facts) -> dict[str, Any]:
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
        "dynamic_range_db": facts.dynamic_range_db,
        "loudness_lufs": facts.loudness_lufs,
        "true_peak_dbtp": facts.true_peak_dbtp,
        "sound_start": sound_start,
        "sound_end": sound_end,
        "decode_warnings": list(material.warnings),
        "waveform": facts.waveform,
    }


def _measured(sample: Sample, path: Path) -> listen.Facts:
    """Measure, and store the rendition where nobody's equal file has made it before."""
    if default_storage.exists(sample.preview):
        return listen.facts(path)
    with storage.scratch(".wav") as rendition:
        facts = listen.facts(path, rendition)
        storage.keep(rendition, sample.preview)
    return facts


def _judged(sample: Sample, path: Path, signal: Signal | None) -> Judged | None:
    if signal is None:
        return None
    return judge(signal, path, sample.original_name, sample.folder)


def _heard(sample: Sample, judged: Judged, outcome: dict[str, Any]) -> dict[str, Any]:
    """Add to an outcome the values that people may know better, and the fields of the Hearing.

    A sound that a person calls a loop or not is shown as such.
    """
    holds = judged.verdict.heard
    if sample.kind_source == Source.PERSON and sample.is_loop is not None:
        holds = replace(holds, is_loop=sample.is_loop)
    sources = judged.verdict.sources
    seen = asdict(shown(holds, key_is_told=sources["key"] != Source.AUDIO))
    fields = {
        "bpm": ("bpm", "bpm_guessed"),
        "key": ("key", "key_guessed", "key_second"),
        "class": ("sample_class", "class_guessed", "class_second"),
        "kind": ("is_loop", "kind_guessed"),
    }
    heard = {
        name: {field: seen[field] for field in shares} | {f"{name}_source": sources[name]}
        for name, shares in fields.items()
    }
    for name in fields:
        heard[name][f"{name}_confidence"] = round(getattr(holds, f"{name}_confidence"), DIGITS)
    heard["class"]["heard_class"] = holds.heard_class
    measured = outcome["measured"] | {"tonality": holds.tonality}
    return outcome | {"measured": measured, "heard": heard, "hearing": _hearing(judged)}


def _hearing(judged: Judged) -> dict[str, Any]:
    heard = judged.heard
    return {
        "version": Analysis.VERSION,
        "descriptor": heard.descriptor.tobytes(),
        "rhythm": heard.rhythm.tobytes(),
        "onsets": heard.onsets.seconds.astype(np.float32).tobytes(),
        "strengths": heard.onsets.strengths.tobytes(),
        "fingerprint": heard.fingerprint,
        "heard": _alone(heard) | {"contested": sorted(judged.verdict.contested)},
        "hinted": _said(judged.hinted),
    }


def _alone(heard: Heard) -> dict[str, Any]:
    """Return what the audio says without its witnesses, for second thoughts."""
    return {
        "is_loop": heard.is_loop,
        "kind_confidence": round(heard.kind_confidence, DIGITS),
        "bpm": heard.bpm,
        "bpm_confidence": round(heard.bpm_confidence, DIGITS),
        "bpm_octaves": round(heard.bpm_octaves, DIGITS),
        "bpm_alternatives": [[bpm, round(sure, DIGITS)] for bpm, sure in heard.bpm_alternatives],
        "key": heard.key,
        "key_confidence": round(heard.key_confidence, DIGITS),
        "key_second": heard.key_second,
        "tonality": round(heard.tonality, DIGITS),
        "sample_class": SHOWN.get(heard.heard_class, ""),
        "heard_class": heard.heard_class,
        "class_confidence": round(heard.class_confidence, DIGITS),
        "class_second": heard.class_second,
    }


def _said(hinted: Hinted) -> dict[str, Any]:
    """Return what the witnesses say, by the column that it is said of."""
    said: dict[str, Hint[Any] | None] = {
        "bpm": hinted.bpm,
        "key": hinted.key,
        "sample_class": hinted.heard_class,
        "is_loop": hinted.is_loop,
    }
    return {
        column: {
            "value": SHOWN[hint.value] if column == "sample_class" else hint.value,
            "confidence": round(hint.confidence, DIGITS),
            "source": hint.source,
        }
        for column, hint in said.items()
        if hint is not None
    }
