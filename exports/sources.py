"""What an export is made of: a kit, chosen sounds, or everything that a search finds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from exports import carried
from exports.models import Export, ExportItem
from kits.hardware.pads import PadAddress
from kits.hardware.settings import CARRIERS
from kits.models import Kit
from library.audio.baked import AS_IS, Baked
from library.jobs import OPEN_STATES
from library.models import Sample

# Columns that a plan and its items read; the others are large or many.
READ = (
    "id", "owner", "title", "original_name", "folder", "sha256", "added_at", "deleted_at",
    "is_missing", "format", "codec", "sample_rate", "channels", "channels_equal", "bit_depth",
    "frames", "seconds", "peak_48k", "peak_48k_mono", "decode_warnings", "sample_class", "bpm",
    "key", "genre", "loudness_lufs", "true_peak_dbtp", "sound_start", "sound_end", "is_loop",
    "source", "author", "licence", "pack__name", "pack__source", "pack__author", "pack__licence",
    "analysis__state", "analysis__error", "analysis__finished_at",
)  # fmt: skip
READ_OF_PADS = ("kit", "sample", "bank", "number", "title", "slice", *CARRIERS)
AT_ONCE = 500  # ids in one statement


@dataclass(frozen=True)
class Wanted:
    """One place in an export: a sample, or the gap that one left.

    slice: which one of its sample's, where it is one; the title says so too. baked: all that a file
    could carry of a pad's settings; left: what only a native project can, as the page calls it.
    """

    title: str
    sample: Sample | None
    pad: PadAddress | None = None
    asked_id: int | None = None
    slice: int | None = None
    baked: Baked = AS_IS
    left: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        """Tell whether its sound can be read: neither in the trash, deleted nor lost."""
        return bool(self.sample and not self.sample.is_missing and not self.sample.deleted_at)

    @property
    def stem(self) -> str:
        """The title without the number of a slice."""
        return self.title if self.slice is None else self.title.removesuffix(f" {self.slice:02}")

    @property
    def title_now(self) -> str:
        """What it would be called by its sample's name of today."""
        if self.sample is None:
            return self.title
        return self.sample.title + ("" if self.slice is None else f" {self.slice:02}")


@dataclass(frozen=True)
class Source:
    """What was asked for, in a stable order; `fields` ask for the same again.

    earlier: the export that is made again.
    """

    kind: str
    name: str
    wanted: tuple[Wanted, ...]
    fields: tuple[tuple[str, str], ...]
    kit: Kit | None = None
    earlier: Export | None = None

    @property
    def is_kit(self) -> bool:
        """Tell whether the places have pads."""
        return self.kind == Export.Kind.KIT

    @property
    def is_now(self) -> bool:
        """Tell whether an earlier export is repeated with what there is today."""
        return ("as", "now") in self.fields


def from_kit(kit: Kit) -> Source:
    """Return every filled pad in bank and pad order."""
    columns = (*READ_OF_PADS, *(f"sample__{name}" for name in READ))
    pads = kit.pads.select_related("sample__analysis", "sample__pack").only(*columns)
    wanted = tuple(
        Wanted(
            title=pad.name,
            sample=pad.sample,
            pad=pad.address,
            slice=pad.slice,
            baked=carried.of(pad),
            left=carried.left_behind(pad),
        )
        for pad in pads
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


def as_exported(export: Export) -> Source:
    """Return what an earlier export was asked for, with the pads and titles of then.

    Sounds that were deleted since and brought again are found by their content; one that was split
    is asked for once.
    """
    places = [place for place in export.items.order_by("position") if _is_first(place)]
    samples = _samples_of(export, places)
    wanted = tuple(
        Wanted(
            title=place.sample_title,
            sample=samples.get(place.sample_id or place.sample_sha256),
            pad=PadAddress(place.bank, place.number) if place.number else None,
            asked_id=place.notes.get("id") or place.sample_id,
            slice=place.notes.get("slice"),
            baked=Baked(**place.notes.get("pad", place.recipe.get("baked", {}))),
            left=tuple(place.notes.get("left", ())),
        )
        for place in places
    )
    fields = (("export", str(export.pk)),)
    return Source(export.kind, export.name, wanted, fields, export.kit, export)


def as_it_is_now(export: Export) -> Source:
    """Return the kit, or the sounds, of an earlier export as they are today."""
    fields = (("export", str(export.pk)), ("as", "now"))
    if export.kit is not None:
        return replace(from_kit(export.kit), fields=fields, earlier=export)
    then = as_exported(export)
    today = tuple(replace(one, title=one.title_now) for one in then.wanted)
    return replace(then, wanted=today, fields=fields)


def are_wanted(sha256: str) -> bool:
    """Tell whether an export that has not ended still reads the original of this content."""
    items = ExportItem.objects.filter(export__in=Export.objects.alive())
    return items.filter(state__in=OPEN_STATES, sample_sha256=sha256).exists()


def _is_first(place: ExportItem) -> bool:
    """Tell whether it is a whole sound, or the first of the parts that one was split into."""
    return not place.recipe.get("start")


def _samples_of(export: Export, places: Sequence[ExportItem]) -> dict[int | str, Sample]:
    """Return the samples of these places, by id and by content."""
    found: dict[int | str, Sample] = {}
    mine = _readable(Sample.objects.owned_by(export.owner))
    for start in range(0, len(places), AT_ONCE):
        some = places[start : start + AT_ONCE]
        by_id = Q(pk__in={place.sample_id for place in some if place.sample_id})
        lost = {place.sample_sha256 for place in some if not place.sample_id} - {""}
        for sample in mine.filter(by_id | Q(sha256__in=lost)):
            found[sample.pk] = found[sample.sha256] = sample
    return found


def _readable(samples: "QuerySet[Sample]") -> "QuerySet[Sample]":
    return samples.select_related("analysis", "pack").only(*READ)


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
