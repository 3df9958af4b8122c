"""What an export would contain: names, places, exact sizes, changes, problems.

The form's live preview, a dry run and the creation of items all read this one plan, so that what
was shown is what is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from exports import attribution, loudness, preflight, settings_told, sheets
from exports import changes as words
from exports.measured import measured
from exports.options import Options
from exports.places import Place, Places
from exports.planned import PlannedItem
from exports.problem import (
    BEHIND_THE_END,
    GONE,
    PAD_GONE,
    PATH_TOO_LONG,
    TOO_LONG,
    UNREADABLE,
    Problem,
)
from exports.sources import Source, Wanted
from kits.hardware.devices import SP404MKII
from library.audio.baked import AS_IS
from library.audio.recipe import (
    Material,
    Recipe,
    clock,
    planned_changes,
    planned_channels,
    planned_frames,
    planned_size,
)
from library.audio.units import resampled_frames
from library.audio.validate import too_short
from library.jobs import State
from library.models import Sample
from library.storage import megabytes

__all__ = ["PAD_GONE", "Plan", "PlannedItem", "plan"]

NOT_READ = "could not be read: "  # what an analysis writes between name and reason


@dataclass(frozen=True)
class Plan:
    """All files of one export in their order."""

    source: Source
    options: Options
    items: tuple[PlannedItem, ...] = field(default=())

    @cached_property
    def included(self) -> tuple[PlannedItem, ...]:
        """The files that will be written."""
        return tuple(item for item in self.items if not item.problem)

    @cached_property
    def left_out(self) -> tuple[PlannedItem, ...]:
        """The files that will not, each with its problem."""
        return tuple(item for item in self.items if item.problem)

    @cached_property
    def notable(self) -> tuple[PlannedItem, ...]:
        """The files that change more than usual."""
        return tuple(item for item in self.included if item.is_notable)

    @cached_property
    def shortened(self) -> tuple[PlannedItem, ...]:
        """The files whose names were cut to the machine's length."""
        return tuple(item for item in self.included if item.is_shortened)

    @cached_property
    def unknown(self) -> int:
        """How many sounds are not analysed yet."""
        return sum(not item.is_known for item in self.items)

    @cached_property
    def credits(self) -> str:
        """The text that names who made the sounds; empty when there is nothing to tell."""
        return attribution.text(
            attribution.Credited(item.path, item.wanted.title, attribution.told(item.sample))
            for item in self.included
        )

    @cached_property
    def total_bytes(self) -> int:
        """Bytes of all files whose size is certain, credits and sheet among them."""
        return sum(size for _, size in self.files)

    @cached_property
    def files(self) -> tuple[tuple[str, int], ...]:
        """Path and bytes of what will be written, texts first; 0 bytes: not certain yet."""
        sounds = tuple((item.path, item.size or 0) for item in self.included)
        size = len(self.credits.encode())
        credits_ = ((attribution.NAME, size),) if size else ()
        return (*credits_, *self.sheet, *sounds)

    @cached_property
    def sheet(self) -> tuple[tuple[str, int], ...]:
        """Path and bytes of the pad sheet; the bytes of its pictures are not certain yet."""
        is_wanted = self.options.include_sheet and self.included
        return sheets.planned(self.source) if is_wanted else ()

    @cached_property
    def summary(self) -> list[str]:
        """What changes, in lines with counts."""
        return words.summary(self.items) + loudness.outlook(self.included)

    @cached_property
    def settings(self) -> list[str]:
        """What becomes of the settings of pads, in lines."""
        return settings_told.lines(self.source, self.items)

    @cached_property
    def baked(self) -> tuple[PlannedItem, ...]:
        """The files that settings of their pads are cut into."""
        return tuple(item for item in self.included if item.recipe.baked != AS_IS)

    @cached_property
    def numbered(self) -> tuple[PlannedItem, ...]:
        """The files whose names another one had already."""
        return tuple(item for item in self.included if item.is_numbered)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What the machine would trip over, the worst first, each with what can be done."""
        return preflight.problems(self.items, self.options)

    @cached_property
    def warnings(self) -> list[str]:
        """What the machine may not like, though it will be written."""
        return [problem.sentence for problem in self.problems if problem.is_warning]


def plan(source: Source, options: Options) -> Plan:
    """Say what an export of this source with these options contains; reads stored facts only."""
    places = Places(options, source.name if source.is_kit else "")
    items: list[PlannedItem] = []
    for wanted in source.wanted:
        items += _planned(len(items), wanted, places, options)
    return Plan(source, options, tuple(items))


def _planned(
    position: int, wanted: Wanted, places: Places, options: Options
) -> Iterator[PlannedItem]:
    """Yield the files that one sound becomes: one, or the parts of a long one."""
    material = measured(wanted.sample)
    is_too_quiet = _is_too_quiet(wanted.sample, material)
    recipe = options.recipe(material, is_too_quiet=is_too_quiet, pad=wanted.baked)
    if material is None:
        place = places.add(wanted)
        problem = _gone(wanted, place) or _unreadable(wanted.sample)
        yield PlannedItem(position, wanted, place, recipe, problem=problem)
        return
    kept = material.kept(recipe)
    recipes = options.parts(recipe, planned_frames(kept, material.rate, recipe))
    for number, part in enumerate(recipes, 1):
        place = places.add(wanted, number if len(recipes) > 1 else 0)
        size = planned_size(kept, material.rate, material.channels, part)
        problem = _gone(wanted, place) or _unfit(material, part, size, options)
        yield PlannedItem(
            position=position + number - 1,
            wanted=wanted,
            place=place,
            recipe=part,
            size=None if problem else size,
            frames=None if problem else planned_frames(kept, material.rate, part),
            channels=None if problem else planned_channels(material.channels, part),
            changes=() if problem else planned_changes(material, part),
            problem=problem,
        )


def _is_too_quiet(sample: Sample | None, material: Material | None) -> bool:
    return material is not None and sample is not None and sample.loudness_lufs is None


def _gone(wanted: Wanted, place: Place) -> str:
    """Return why there is nothing to write, or nowhere; nothing when there is."""
    if place.is_too_long:
        return f"{PATH_TOO_LONG} {wanted.title}"
    if wanted.is_there:
        return ""
    if wanted.pad is not None:
        return PAD_GONE
    if wanted.sample is None:
        return f"Sample {wanted.asked_id} not found"
    return f"{GONE} {wanted.sample.original_name}"


def _unfit(material: Material, recipe: Recipe, size: int, options: Options) -> str:
    """Return why a sound as long or as short as this one is left out."""
    kept = material.kept(recipe)
    if problem := _too_short(kept, material.rate, recipe):
        return problem
    device = SP404MKII
    if options.is_for_card and size > device.longest_bytes:
        length = clock(planned_frames(kept, material.rate, recipe))
        most = f"{device.longest_seconds // 60}:00, {megabytes(device.longest_bytes)}"
        return f"{TOO_LONG} {length}, {megabytes(size)} (the sampler takes {most})"
    return ""


def _too_short(kept: int, rate: int, recipe: Recipe) -> str:
    frames = recipe.baked.frames(resampled_frames(kept, rate))
    if not frames:
        return BEHIND_THE_END
    if recipe.pad_short:
        return ""
    is_plain = recipe.baked == AS_IS
    return too_short(*((kept, rate) if is_plain else (frames, SP404MKII.rate))) or ""


def _unreadable(sample: Sample | None) -> str:
    """Return why an analysis that failed leaves the sound out; nothing while it is to come."""
    analysis = getattr(sample, "analysis", None)
    if analysis is None or analysis.state != State.FAILED:
        return ""
    reason = analysis.error.partition(NOT_READ)[2] or analysis.error
    return f"{UNREADABLE} {reason.rstrip('.')}"
