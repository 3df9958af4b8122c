"""One file of a plan: as it will be, or why it will not."""

from dataclasses import dataclass

from exports import changes as words
from exports.places import Place
from exports.sources import Wanted
from library.audio.recipe import Recipe
from library.audio.units import RATE
from library.models import Sample


@dataclass(frozen=True)
class PlannedItem:
    """One file as it will be, or why it will not.

    size: exact bytes; None while the sound is not analysed, when changes, frames (at 48 kHz) and
    channels are not known either.
    """

    position: int
    wanted: Wanted
    place: Place
    recipe: Recipe
    size: int | None = None
    frames: int | None = None
    channels: int | None = None
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
    def folder(self) -> str:
        """The path without its last part."""
        return self.path.rpartition("/")[0]

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
    def seconds(self) -> float | None:
        """How long it will last."""
        return None if self.frames is None else self.frames / RATE

    @property
    def voices(self) -> int:
        """How many of the machine's voices it takes: one for each channel."""
        return self.channels or 0

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
