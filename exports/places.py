"""Where a file lies in an export and what it is called there: the layouts of one table."""

from collections.abc import Callable
from dataclasses import dataclass

from exports.options import Options
from exports.sources import Wanted
from kits.hardware.naming import (
    LIMIT,
    UniquePaths,
    device_limit,
    sanitize_filename,
    sanitize_folder,
)
from library import tempo_folders

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


def _by_genre(wanted: Wanted, _: Options) -> str:
    genre = wanted.sample.genre.strip() if wanted.sample else ""
    return (sanitize_folder(genre) if genre else "unknown_genre") + "/"


def _by_bpm(wanted: Wanted, options: Options) -> str:
    bpm = wanted.sample.bpm if wanted.sample else None
    return tempo_folders.folder(bpm, options.bpm_bounds) + "/"


def _by_folder(wanted: Wanted, _: Options) -> str:
    parts = wanted.sample.folder.replace("\\", "/").split("/") if wanted.sample else []
    return "".join(f"{sanitize_folder(part)}/" for part in parts if part.strip(" ."))


def _by_pad(wanted: Wanted, _: Options) -> str:
    return f"bank_{wanted.pad.bank}/" if wanted.pad else ""


FOLDERS: dict[str, Callable[[Wanted, Options], str]] = {
    "flat": lambda *_: "",
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

    def add(self, wanted: Wanted, part: int = 0) -> Place:
        """Return the place of the next file; part: which of several that one sound becomes."""
        whole = self._name(wanted, LIMIT, part)
        name = (
            whole if len(whole.encode()) <= self._limit else self._name(wanted, self._limit, part)
        )
        folder = self._root + FOLDERS[self._options.layout](wanted, self._options)
        path = self._taken.add(folder + name)
        given = path.rpartition("/")[2]
        return Place(
            path,
            is_shortened=not _stem(given).startswith(_stem(whole)),
            is_numbered=given != name,
        )

    def _name(self, wanted: Wanted, limit: int, part: int) -> str:
        pad = wanted.pad if self._options.layout == "kit" else None
        prefix = f"pad_{pad.number:02}_" if pad else ""
        numbers = (number for number in (wanted.slice, part) if number)
        ending = "".join(f"_{number:02}" for number in numbers)
        name = sanitize_filename(
            wanted.stem,
            self._options.format,
            lower=self._options.lower_case,
            sanitize=self._options.sanitize,
            limit=limit - len(prefix) - len(ending),
        )
        stem, dot, extension = name.rpartition(".")
        return f"{prefix}{stem}{ending}{dot}{extension}"


def _stem(name: str) -> str:
    return name.rpartition(".")[0]
