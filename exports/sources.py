"""What an export is made of: a kit, chosen sounds, or everything that a search finds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from exports.models import Export
from kits.hardware.pads import PadAddress
from kits.models import Kit
from library.models import Sample

# Columns that a plan and its items read; the others are large or many.
READ = (
    "id", "owner", "title", "original_name", "folder", "sha256", "added_at", "deleted_at",
    "is_missing", "format", "codec", "sample_rate", "channels", "bit_depth", "frames", "seconds",
    "peak_48k", "peak_48k_mono", "decode_warnings", "sample_class", "bpm", "key", "genre",
    "loudness_lufs", "true_peak_dbtp", "sound_start", "sound_end", "is_loop",
    "analysis__state", "analysis__error", "analysis__finished_at",
)  # fmt: skip
READ_OF_PADS = ("kit", "sample", "bank", "number", "title")
AT_ONCE = 500  # ids in one statement


@dataclass(frozen=True)
class Wanted:
    """One place in an export: a sample, or the gap that one left."""

    title: str
    sample: Sample | None
    pad: PadAddress | None = None
    asked_id: int | None = None


@dataclass(frozen=True)
class Source:
    """What was asked for, in a stable order; `fields` ask for the same again."""

    kind: str
    name: str
    wanted: tuple[Wanted, ...]
    fields: tuple[tuple[str, str], ...]
    kit: Kit | None = None

    @property
    def is_kit(self) -> bool:
        """Tell whether the places have pads."""
        return self.kit is not None


def from_kit(kit: Kit) -> Source:
    """Return every filled pad in bank and pad order."""
    of_samples = (f"sample__{name}" for name in READ)
    pads = kit.pads.select_related("sample__analysis").only(*READ_OF_PADS, *of_samples)
    wanted = tuple(
        Wanted(
            title=pad.sample.title if pad.sample else pad.title,
            sample=pad.sample,
            pad=pad.address,
        )
        for pad in pads.only(
            "kit", "sample", "bank", "number", "title", *(f"sample__{name}" for name in READ)
        )
    )
    return Source(Export.Kind.KIT, kit.name, wanted, (("kit", str(kit.pk)),), kit)


def from_ids(user: User, ids: Sequence[int]) -> Source:
    """Return these samples in the order of their ids; foreign and unknown ones as gaps."""
    unique = sorted(set(ids))
    found = {
        sample.pk: sample
        for start in range(0, len(unique), AT_ONCE)
        for sample in _readable(Sample.objects.owned_by(user)).filter(
            pk__in=unique[start : start + AT_ONCE]
        )
    }
    wanted = [_wanted(number, found.get(number)) for number in unique]
    return _of_samples(wanted, [("ids", ",".join(map(str, unique)))])


def from_query(
    samples: "QuerySet[Sample]", fields: Iterable[tuple[str, str]], dropped: Iterable[int] = ()
) -> Source:
    """Return all samples of a search but the dropped ones; `fields` ask for the same again."""
    without = set(dropped)
    rows = [sample for sample in _readable(samples).order_by("pk") if sample.pk not in without]
    return _of_samples([_wanted(sample.pk, sample) for sample in rows], fields)


def _readable(samples: "QuerySet[Sample]") -> "QuerySet[Sample]":
    return samples.select_related("analysis").only(*READ)


def _wanted(number: int, sample: Sample | None) -> Wanted:
    title = sample.title if sample else f"Sample {number}"
    return Wanted(title=title, sample=sample, asked_id=number)


def _of_samples(wanted: Sequence[Wanted], fields: Iterable[tuple[str, Any]]) -> Source:
    one = len(wanted) == 1
    return Source(
        kind=Export.Kind.SINGLE if one else Export.Kind.BATCH,
        name=wanted[0].title if one else f"{len(wanted)} sounds",
        wanted=tuple(wanted),
        fields=tuple(fields),
    )
