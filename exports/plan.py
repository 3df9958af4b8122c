"""What an export would contain: names, places, exact sizes, changes, problems.

The form's live preview, a dry run and the creation of items all read this one plan, so that what
was shown is what is written.
"""

from dataclasses import dataclass, field
from functools import cached_property

from exports import changes as words
from exports import loudness
from exports.options import Options
from exports.places import Place, Places
from exports.sources import Source, Wanted
from kits.hardware.devices import SP404MKII
from library.audio.recipe import Material, Recipe, planned_changes, planned_size
from library.audio.validate import too_short
from library.jobs import State
from library.models import Sample

UNREADABLE = "could not be read: "  # what an analysis writes between name and reason
PAD_GONE = "Source file is gone. Pad left empty."


@dataclass(frozen=True)
class PlannedItem:
    """One file as it will be, or why it will not.

    size: exact bytes; None while the sound is not analysed, when changes are not known either.
    """

    position: int
    wanted: Wanted
    place: Place
    recipe: Recipe
    size: int | None = None
    changes: tuple[str, ...] = ()
    problem: str = ""

    @property
    def path(self) -> str:
        """Path below the archive's root."""
        return self.place.path

    @property
    def file_name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def is_shortened(self) -> bool:
        """Tell whether the name was cut to the machine's length."""
        return self.place.is_shortened

    @property
    def is_numbered(self) -> bool:
        """Tell whether another file had the name already."""
        return self.place.is_numbered

    @property
    def sample(self) -> Sample | None:
        """The sound that it is made of."""
        return self.wanted.sample

    @property
    def is_cut_loop(self) -> bool:
        """Tell whether trimming would cut a sound that repeats."""
        sample = self.sample
        if sample is None or not self.is_known or not self.recipe.trim:
            return False
        return sample.is_loop or (sample.is_loop is None and sample.sample_class == "break")

    @property
    def is_known(self) -> bool:
        """Tell whether size and changes are certain."""
        return bool(self.problem) or self.size is not None

    @property
    def is_notable(self) -> bool:
        """Tell whether more than the ordinary conversion happens to it."""
        return words.is_notable(self.changes)

    @property
    def sentence(self) -> str:
        """Return what happens to it, in words."""
        return words.sentence(self.changes)


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
    def total_bytes(self) -> int:
        """Bytes of all files whose size is certain."""
        return sum(item.size or 0 for item in self.included)

    @cached_property
    def summary(self) -> list[str]:
        """What changes, in lines with counts."""
        return words.summary(self.items) + loudness.outlook(self.included)

    @cached_property
    def warnings(self) -> list[str]:
        """What the machine may not like, though it will be written."""
        device = SP404MKII
        lines = []
        loops = sum(item.is_cut_loop for item in self.included)
        if loops:
            lines.append(f"{loops} loop{'s' * (loops > 1)} cut shorter: out of time when repeated.")
        long = sum((item.size or 0) > device.longest_bytes for item in self.included)
        if long:
            lines.append(
                f"{long} longer than the {device.name} takes ({device.longest_seconds // 60} min)."
            )
        folders: dict[str, int] = {}
        for item in self.included:
            folder = item.path.rpartition("/")[0]
            folders[folder] = folders.get(folder, 0) + 1
        most = max(folders.values(), default=0)
        if most > device.files_per_folder:
            lines.append(
                f"{most} files in one folder: the machine's own limit is not known, "
                "and long lists are slow to scroll on it."
            )
        return lines


def plan(source: Source, options: Options) -> Plan:
    """Say what an export of this source with these options contains; reads stored facts only."""
    places = Places(options, source.name if source.is_kit else "")
    items = tuple(
        _planned(position, wanted, places.add(wanted), options)
        for position, wanted in enumerate(source.wanted)
    )
    return Plan(source, options, items)


def _planned(position: int, wanted: Wanted, place: Place, options: Options) -> PlannedItem:
    material = _measured(wanted.sample)
    recipe = options.recipe(material, is_too_quiet=_is_too_quiet(wanted.sample, material))
    problem = _problem(wanted, place, material, recipe)
    if problem or material is None:
        return PlannedItem(position, wanted, place, recipe, problem=problem)
    return PlannedItem(
        position=position,
        wanted=wanted,
        place=place,
        recipe=recipe,
        size=planned_size(material.kept(recipe), material.rate, material.channels, recipe),
        changes=planned_changes(material, recipe),
    )


def _measured(sample: Sample | None) -> Material | None:
    """Return the facts of a sound as the converter reads them; None until a worker has heard it.

    Only then they are exact.
    """
    if sample is None or sample.sound_start is None or sample.sound_end is None:
        return None
    peak, mono = sample.peak_48k or 0.0, sample.peak_48k_mono
    return Material(
        format=sample.format.lower(),
        subtype=sample.codec,
        bit_depth=sample.bit_depth,
        rate=sample.sample_rate or SP404MKII.rate,
        channels=sample.channels or 1,
        frames=sample.frames or 0,
        peak_48k=peak,
        peak_48k_mono=peak if mono is None else mono,
        warnings=tuple(sample.decode_warnings),
        sounding=(sample.sound_start, sample.sound_end),
    )


def _is_too_quiet(sample: Sample | None, material: Material | None) -> bool:
    return material is not None and sample is not None and sample.loudness_lufs is None


def _problem(wanted: Wanted, place: Place, material: Material | None, recipe: Recipe) -> str:
    sample = wanted.sample
    if place.is_too_long:
        return f"Path too long: {wanted.title}"
    if sample is None or sample.is_missing or sample.deleted_at is not None:
        return _gone(wanted)
    if material is None:
        return _unreadable(sample)
    return "" if recipe.pad_short else too_short(material.kept(recipe), material.rate) or ""


def _gone(wanted: Wanted) -> str:
    if wanted.pad is not None:
        return PAD_GONE
    if wanted.sample is None:
        return f"Sample {wanted.asked_id} not found"
    return f"Audio file not found: {wanted.sample.original_name}"


def _unreadable(sample: Sample) -> str:
    """Return why an analysis that failed leaves the sound out; nothing while it is to come."""
    analysis = getattr(sample, "analysis", None)
    if analysis is None or analysis.state != State.FAILED:
        return ""
    reason = analysis.error.partition(UNREADABLE)[2] or analysis.error
    return f"Failed to load audio: {reason.rstrip('.')}"
