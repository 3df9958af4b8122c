"""Where a file lies in an export and what it is called there: the layouts of one table."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from exports.options import Options
from exports.sources import Wanted
from kits.hardware.naming import (
    LIMIT,
    UniquePaths,
    device_limit,
    sanitize_filename,
    sanitize_folder,
)

BPM_EDGES = (70, 90, 110, 130, 150)
LONGEST_PATH = 1000  # characters; what the row of an item holds


@dataclass(frozen=True)
class Place:
    """A path and what became of the name on its way there."""

    path: str
    is_shortened: bool = False
    is_numbered: bool = False

    @property
    def is_too_long(self) -> bool:
        """Tell whether no row and no card can hold the path."""
        return len(self.path) > LONGEST_PATH


def bpm_folder(bpm: float | None, edges: tuple[int, ...] = BPM_EDGES) -> str:
    """Return the folder of a tempo; lower bounds are included, upper ones are not."""
    if bpm is None:
        return "unknown_bpm"
    if bpm < edges[0]:
        return "slow"
    for low, high in pairwise(edges):
        if bpm < high:
            return f"{low}-{high}"
    return "fast"


def _by_genre(wanted: Wanted) -> str:
    genre = wanted.sample.genre.strip() if wanted.sample else ""
    return (sanitize_folder(genre) if genre else "unknown_genre") + "/"


def _by_bpm(wanted: Wanted) -> str:
    return bpm_folder(wanted.sample.bpm if wanted.sample else None) + "/"


def _by_folder(wanted: Wanted) -> str:
    parts = wanted.sample.folder.replace("\\", "/").split("/") if wanted.sample else []
    return "".join(f"{sanitize_folder(part)}/" for part in parts if part.strip(" ."))


def _by_pad(wanted: Wanted) -> str:
    return f"bank_{wanted.pad.bank}/" if wanted.pad else ""


FOLDERS: dict[str, Callable[[Wanted], str]] = {
    "flat": lambda _: "",
    "folders": _by_folder,
    "genre": _by_genre,
    "bpm": _by_bpm,
    "kit": _by_pad,
}


class Places:
    """Gives every file of one export its place; the same order gives the same places."""

    def __init__(self, options: Options, kit_name: str = "") -> None:
        self._options = options
        self._root = options.root
        if options.layout == "kit":
            self._root += f"{sanitize_folder(kit_name)}/"
        self._limit = device_limit(options.format) if options.device_names else LIMIT
        self._taken = UniquePaths(limit=self._limit)

    def add(self, wanted: Wanted) -> Place:
        """Return the place of the next file."""
        whole = self._name(wanted, LIMIT)
        is_shortened = len(whole.encode()) > self._limit
        name = self._name(wanted, self._limit) if is_shortened else whole
        folder = self._root + FOLDERS[self._options.layout](wanted)
        path = self._taken.add(folder + name)
        return Place(path, is_shortened=is_shortened, is_numbered=path != folder + name)

    def _name(self, wanted: Wanted, limit: int) -> str:
        pad = wanted.pad if self._options.layout == "kit" else None
        prefix = f"pad_{pad.number:02}_" if pad else ""
        name = sanitize_filename(
            wanted.title,
            self._options.format,
            lower=self._options.lower_case,
            sanitize=self._options.sanitize,
            limit=limit - len(prefix),
        )
        return prefix + name
