"""What a person chooses for an export: one frozen value, stored with the export as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal, Self, cast

from kits.hardware.devices import SP404MKII
from library.audio.recipe import Material, Recipe
from library.audio.units import is_short
from library.models import Preferences

IMPORT_ROOT = f"{SP404MKII.import_folder}/"


@dataclass(frozen=True)
class Options:
    """How files are named, placed and converted.

    layout: flat, folders, genre, bpm or kit. format: wav or aiff. channels: keep or mono. loudness:
    leave or match, then to loudness_lufs. root: "IMPORT/" for a card, or nothing. device_names:
    names that the machine shows in full. trim: cut silence off both ends.
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

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return the options of a stored export; unknown names of later versions are dropped."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})

    def as_json(self) -> dict[str, Any]:
        """Return plain values for the export's row."""
        return asdict(self)

    def recipe(self, material: Material | None = None, *, is_too_quiet: bool = False) -> Recipe:
        """Return how one sound is converted: what would change nothing about it is left out.

        So it keeps one address, whatever was chosen. material: None while it is not measured;
        is_too_quiet: it has no loudness that could be matched.
        """
        matched = self.loudness == "match" and not is_too_quiet
        recipe = Recipe(
            format=cast(Literal["wav", "aiff"], self.format),
            channels=cast(Literal["keep", "mono"], self.channels),
            pad_short=self.pad_short,
            loudness_lufs=float(self.loudness_lufs) if matched else None,
            trim=self.trim,
        )
        if material is None:
            return recipe
        kept = material.kept(recipe)
        return replace(
            recipe,
            pad_short=recipe.pad_short and is_short(kept, material.rate),
            trim=recipe.trim and kept < material.frames,
        )


def card(*, kit: bool) -> Options:
    """Return the preset "SP card, plain files"."""
    return Options(layout="kit" if kit else "flat")


def daw(*, kit: bool) -> Options:
    """Return the preset for audio programs: people's own folders and capitals, no device limits."""
    layout = "flat" if kit else "folders"
    return Options(layout=layout, root="", device_names=False, lower_case=False)


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
    )
    return chosen if kit else replace(chosen, layout=preferences.layout)


def preset_of(options: Options, *, kit: bool) -> str:
    """Return the name of the preset that these options are, or nothing."""
    if options.loudness == "leave":
        options = replace(options, loudness_lufs=Options.loudness_lufs)
    for name, (_, preset) in PRESETS.items():
        if options == preset(kit=kit):
            return name
    return ""
