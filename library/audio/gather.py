"""Which files of which folders are to be converted, and what each is to be called.

Nothing is decoded here. Numpy is not imported either: a slip of the pen is told at once.
"""

import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from library.audio.sniff import EXTENSIONS, HEAD_BYTES, PLAIN_BYTES, is_plain_48k, sniff

CALLED_SOUNDS = frozenset(
    (
        *EXTENSIONS,
        *(".wave", ".oga", ".opus", ".m4b", ".mp4", ".aac", ".mp2", ".wma", ".wv", ".ape", ".caf"),
        *(".w64", ".rf64", ".au", ".snd", ".amr", ".mka", ".weba"),
    )
)
"""Extensions of sounds: what cannot be read of these is told of, not skipped."""

LONGEST_NAME = 255
"""Bytes that a file system takes for a name."""

MAC_CLUTTER = "__MACOSX"


@dataclass(frozen=True)
class Source:
    """A file to convert: where it is, its path below the target without extension, and its size."""

    path: Path
    stem: str
    size_bytes: int


@dataclass
class Harvest:
    """What was found: sources in order; failed: (path, reason); skipped: files that are no sound.

    files: device and inode of every source, which no output may replace.
    """

    sources: list[Source] = field(default_factory=list)
    failed: list[tuple[Path, str]] = field(default_factory=list)
    skipped: int = 0
    files: set[tuple[int, int]] = field(default_factory=set)


def gather(paths: Iterable[Path], target: Path | None = None, *, is_flat: bool = False) -> Harvest:
    """Find the files named by `paths` and those in their folders, in the order of the names.

    Below a folder, hidden files and what macOS leaves behind are passed over in silence, links to
    folders are not followed, and `target` is left out. A file twice is one. Paths must exist.
    """
    return _Gatherer(target, is_flat=is_flat).gather(paths)


class _Gatherer:
    def __init__(self, target: Path | None, *, is_flat: bool) -> None:
        self.is_flat = is_flat
        self.target = None if target is None else found_at(target)
        self.seen: set[str] = set()
        self.harvest = Harvest()

    def gather(self, paths: Iterable[Path]) -> Harvest:
        for path in paths:
            if path.is_dir():
                self._tree(path)
            else:
                self._take(path, path.stem, path.stat())
        return self.harvest

    def _tree(self, root: Path) -> None:
        """Take the files of a folder, then those of the folders in it, however deep they lie."""
        waiting = [(root, "")]
        while waiting:
            folder, inside = waiting.pop()
            try:
                waiting += reversed(self._folder(folder, inside))
            except OSError as error:
                self.harvest.failed.append((folder, in_words(error)))

    def _folder(self, folder: Path, inside: str) -> list[tuple[Path, str]]:
        """Take the files of one folder; return the folders in it."""
        if self.target is not None and os.path.samestat(folder.stat(), self.target):
            return []
        below = []
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            if entry.name.startswith(".") or entry.name == MAC_CLUTTER:
                continue
            if entry.is_dir(follow_symlinks=False):
                below.append((folder / entry.name, f"{inside}{entry.name}/"))
            else:
                self._look(folder / entry.name, inside)
        return below

    def _look(self, path: Path, inside: str) -> None:
        """Take a file of a folder if it is called like a sound, or is one by its content."""
        try:
            found = path.stat()
            if stat.S_ISDIR(found.st_mode):  # by a link
                return
            if stat.S_ISREG(found.st_mode) and _is_sound(path):
                self._take(path, path.stem if self.is_flat else inside + path.stem, found)
                return
        except OSError as error:  # a link that leads nowhere, a folder that lets nobody in
            if path.suffix.lower() in CALLED_SOUNDS:
                self.harvest.failed.append((path, in_words(error)))
                return
        self.harvest.skipped += 1

    def _take(self, path: Path, stem: str, found: os.stat_result) -> None:
        place = os.path.abspath(path)  # noqa: PTH100 - without following links
        if place not in self.seen:
            self.seen.add(place)
            self.harvest.sources.append(Source(path, stem, found.st_size))
            self.harvest.files.add((found.st_dev, found.st_ino))


def found_at(path: Path) -> os.stat_result | None:
    """Return what a path leads to; None where nothing is, or where nobody may look."""
    try:
        return path.stat()
    except OSError:
        return None


def _is_sound(path: Path) -> bool:
    if path.suffix.lower() in CALLED_SOUNDS:
        return True
    with path.open("rb") as file:
        return sniff(file.read(HEAD_BYTES)) is not None


def targets(harvest: Harvest, folder: Path, extension: str) -> list[Path]:
    """Return a path below `folder` for each source: its stem, or the stem with `__2`, `__3`, ...

    No two are the same on a card, which compares without case. The first of several keeps its
    name, and so does whoever really is called `__2`. Nothing that is there already is a target,
    unless an earlier run may have written it. A name that would be too long is cut.
    """
    return list(_Names(harvest.files, folder, extension).give(harvest.sources))


class _Names:
    def __init__(self, files: set[tuple[int, int]], folder: Path, extension: str) -> None:
        self.files = files
        self.folder = folder
        self.extension = extension
        self.taken: set[str] = set()  # whole paths below the folder, by their keys
        self.numbers: dict[str, int] = {}

    def give(self, sources: Sequence[Source]) -> Iterator[Path]:
        folders = {source.stem.rpartition("/")[0] for source in sources}
        self.taken |= {
            _key(str(each)) for one in folders for each in (Path(one), *Path(one).parents)
        }
        plain = [self._take(self._cut(source.stem)) for source in sources]
        for source, path in zip(sources, plain, strict=True):
            yield path or self._numbered(source.stem)

    def _take(self, stem: str) -> Path | None:
        """Return the path of a stem and take it, if it is free."""
        below = stem + self.extension
        path, key = self.folder / below, _key(below)
        if key in self.taken or self._is_kept(path):
            return None
        self.taken.add(key)
        return path

    def _numbered(self, stem: str) -> Path:
        key = _key(stem)
        while True:
            number = self.numbers[key] = self.numbers.get(key, 1) + 1
            if path := self._take(self._cut(stem, f"__{number}")):
                return path

    def _cut(self, stem: str, ending: str = "") -> str:
        """Return a stem with an ending, shortened until it makes a name with the extension."""
        folder, slash, name = stem.rpartition("/")
        while name and len(os.fsencode(name + ending + self.extension)) > LONGEST_NAME:
            name = name[:-1]
        return folder + slash + name + ending

    def _is_kept(self, path: Path) -> bool:
        """Tell whether something is there that is a source, or that no run can have written."""
        try:
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode):
                return True
            with path.open("rb") as file:
                is_ours = is_plain_48k(file.read(PLAIN_BYTES))
        except OSError:  # whoever wants to write there is told
            return False
        return not is_ours or (found.st_dev, found.st_ino) in self.files


def _key(stem: str) -> str:
    """Return what two names share when a card cannot tell them apart."""
    return stem.lower() if stem.isascii() else unicodedata.normalize("NFC", stem).casefold()


def in_words(error: OSError) -> str:
    """Return what the system says, as a phrase: `permission denied`."""
    return (error.strerror or str(error) or type(error).__name__).lower()


def shown(text: str) -> str:
    """Return a text that may hold a file's name without what would garble a terminal."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode()
        for one in text
    )
