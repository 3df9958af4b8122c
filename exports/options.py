"""What a person chooses for an export: one frozen value, stored with the export as JSON."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from itertools import pairwise
from typing import Any, Literal, Self, cast

from exports import carried
from kits.hardware.devices import SP404MKII
from library import tempo_folders
from library.audio.baked import AS_IS, Baked
from library.audio.recipe import Material, Recipe
from library.audio.units import RATE, is_short, resampled_frames
from library.models import Preferences

IMPORT_ROOT = f"{SP404MKII.import_folder}/"
LONGEST_FRAMES = SP404MKII.longest_seconds * RATE


@dataclass(frozen=True)
class Options:
    """How files are named, placed and converted.

    layout: flat, folders, genre, bpm or kit. format: wav or aiff. channels: keep, mono, or auto for
    mono where nothing is lost by it. loudness: leave or match, then to loudness_lufs. root:
    "IMPORT/" for a card, or nothing. device_names: names that the machine shows in full. trim: cut
    silence off both ends. include_sheet: a kit's pad sheet, as pictures and text. long: what
    becomes of sounds over 16 minutes: leave, split or shorten.
    bake: which of a kit's pad settings are cut into the sounds (`carried.CUTS`). bpm_bounds: where
    folders of tempos begin; a preference, not a choice of its own.
    """

    layout: str = "flat"
    format: str = "wav"
    channels: str = "keep"
    loudness: str = "leave"
    loudness_lufs: float = -16.0
    root: str = IMPORT_ROOT
    device_names: bool = True
    lower_case: bool = True
    sanitize: bool = True
    pad_short: bool = True
    trim: bool = False
    include_metadata: bool = False
    include_sheet: bool = False
    long: str = "leave"
    bake: tuple[str, ...] = ()
    bpm_bounds: tuple[int, ...] = field(default=tempo_folders.USUAL, compare=False)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the options of a stored export; unknown names of later versions are dropped."""
        known = {entry.name for entry in fields(cls)}
        options = cls(**{name: value for name, value in stored.items() if name in known})
        return options.sorted_by(options.bpm_bounds).baking(options.bake)

    def sorted_by(self, bounds: Iterable[int]) -> Self:
        """Return the same with these bounds of tempo folders."""
        return replace(self, bpm_bounds=tuple(bounds))

    def baking(self, names: Iterable[str]) -> Self:
        """Return the same with these pad settings cut in, in their usual order."""
        asked = set(names)
        return replace(self, bake=tuple(name for name in carried.CUTS if name in asked))

    @property
    def is_for_card(self) -> bool:
        """Tell whether the sampler reads it: then its limits hold."""
        return bool(self.root)

    def as_json(self) -> dict[str, Any]:
        """Return plain values for the export's row."""
        return asdict(self)

    def recipe(
        self, material: Material | None = None, *, is_too_quiet: bool = False, pad: Baked = AS_IS
    ) -> Recipe:
        """Return how one sound is converted: what would change nothing about it is left out.

        So it keeps one address, whatever was chosen. material: None while it is not measured;
        is_too_quiet: it has no loudness that could be matched; pad: how it is to play. Silence is
        trimmed only where nobody has set start and end.
        """
        matched = self.loudness == "match" and not is_too_quiet
        baked = self.baked(pad, material)
        recipe = Recipe(
            format=cast(Literal["wav", "aiff"], self.format),
            channels=self._channels(material, baked),
            pad_short=self.pad_short,
            loudness_lufs=float(self.loudness_lufs) if matched else None,
            trim=self.trim and not baked.is_part,
            baked=baked,
        )
        if material is None:
            return recipe
        kept = material.kept(recipe)
        return replace(
            recipe,
            pad_short=recipe.pad_short and _is_short(kept, material.rate, baked),
            trim=recipe.trim and kept < material.frames,
        )

    def baked(self, pad: Baked, material: Material | None) -> Baked:
        """Return what is cut into a sound of a pad's settings: what was chosen and changes it.

        Between two sides is no place for a sound that is to be mono.
        """
        chosen = carried.only(pad, self.bake)
        if self.channels == "mono" and chosen.balance:
            chosen = replace(chosen, pan=0)
        if material is None:
            return chosen
        return chosen.settled(resampled_frames(material.frames, material.rate), material.channels)

    def _channels(self, material: Material | None, baked: Baked) -> Literal["keep", "mono"]:
        if baked.pan:  # one channel alone is mono by itself, between two sides takes both
            return "keep"
        if self.channels == "auto":
            return "mono" if material is not None and material.channels_equal else "keep"
        return cast(Literal["keep", "mono"], self.channels)

    def parts(self, recipe: Recipe, frames: int) -> tuple[Recipe, ...]:
        """Return the recipes of the files that a sound becomes: several where it is split.

        frames: its whole length at 48 kHz. Parts are equally long, to the frame, and the last one
        takes all that follows.
        """
        if frames <= LONGEST_FRAMES or self.long == "leave":
            return (recipe,)
        if self.long == "shorten":
            return (replace(recipe, end=LONGEST_FRAMES, fade_out=True),)
        count = -(-frames // LONGEST_FRAMES)
        cuts = [frames * number // count for number in range(count)]
        ends = pairwise([*cuts, None])
        return tuple(replace(recipe, start=start or 0, end=end) for start, end in ends)


def _is_short(frames: int, rate: int, baked: Baked) -> bool:
    """Tell whether so many frames become a sound under 100 ms."""
    if baked == AS_IS:
        return is_short(frames, rate)
    return is_short(baked.frames(resampled_frames(frames, rate)), RATE)


def _all_of(*, kit: bool) -> tuple[str, ...]:
    return carried.EVERYTHING if kit else ()


def card(*, kit: bool) -> Options:
    """Return the preset "SP card, plain files"."""
    return Options(layout="kit" if kit else "flat", include_sheet=kit, bake=_all_of(kit=kit))


def daw(*, kit: bool) -> Options:
    """Return the preset for audio programs: people's own folders and capitals, no device limits."""
    return Options(
        layout="flat" if kit else "folders",
        root="",
        device_names=False,
        lower_case=False,
        include_sheet=kit,
        bake=_all_of(kit=kit),
    )


PRESETS = {"card": ("SP card, plain files", card), "daw": ("DAW", daw)}


def preferred(preferences: Preferences, *, kit: bool) -> Options:
    """Return the card preset as this person's preferences bend it."""
    chosen = replace(
        card(kit=kit),
        format=preferences.export_format,
        sanitize=preferences.sanitize_filenames,
        lower_case=preferences.lower_case,
        include_metadata=preferences.include_metadata,
        pad_short=preferences.pad_short,
        loudness=preferences.loudness,
        loudness_lufs=preferences.loudness_lufs,
        bpm_bounds=tuple(preferences.bpm_bounds),
    )
    return chosen if kit else replace(chosen, layout=preferences.layout)


def last_chosen(stored: Mapping[str, Any], *, kit: bool) -> Options:
    """Return the choices of somebody's last export, to begin the next one with.

    One of before pad settings could be cut in chose nothing about them: all are.
    """
    options = Options.from_json(stored)
    return options.baking(carried.EVERYTHING) if kit and "bake" not in stored else options


def preset_of(options: Options, *, kit: bool) -> str:
    """Return the name of the preset that these options are, or nothing."""
    if options.loudness == "leave":
        options = replace(options, loudness_lufs=Options.loudness_lufs)
    for name, (_, preset) in PRESETS.items():
        if options == preset(kit=kit):
            return name
    return ""
