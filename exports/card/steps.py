"""What has to be done so that a card holds some files: read from the card, before any writing."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import IO

from exports.card import errors
from exports.card.disk import Disk
from exports.card.errors import FileError
from exports.card.record import Note, Record
from kits.hardware.naming import LIMIT, UniquePaths, folded

MOST_NAMES = 99  # tried for one file
ENTRY = 32  # bytes of a FAT directory entry
ENTRY_LETTERS = 13  # of a long name in one such entry
DRIVE = re.compile(r"[A-Za-z]:")


@dataclass(frozen=True)
class File:
    """One file that shall be on the card.

    path: below the folder, with "/". origin: for which sound, or which pad of which kit; a file is
    replaced only by one of the same origin.
    """

    path: str
    size: int
    sha256: str
    origin: str
    open: Callable[[], IO[bytes]]

    def __post_init__(self) -> None:
        """Raise ValueError unless the path is one below the folder."""
        parts = self.path.split("/")
        bad = {"", ".", ".."} & set(parts) or "\\" in self.path or DRIVE.match(self.path)
        if bad or any(unicodedata.category(char) in {"Cc", "Cs"} for char in self.path):
            raise ValueError(f"Not a path below a folder: {self.path!r}")

    def note(self, path: str) -> Note:
        """Return the line of the record for this file under a path of the card."""
        return Note(path, self.size, self.sha256, self.origin)


class Act(StrEnum):
    """What is to be done for one file."""

    ADD = "add"
    UPDATE = "update"
    KEEP = "keep"  # it is there
    LEAVE_OUT = "leave out"


@dataclass(frozen=True)
class Step:
    """One file and what is to be done for it.

    path: where on the card, as names there are written. replaces: digest of what stands there, and
    its size. note: why it is not at its own path, or why it is left out.
    """

    file: File
    act: Act
    path: str = ""
    replaces: str = ""
    old_size: int = 0
    note: str = ""

    @property
    def writes(self) -> bool:
        """Tell whether anything is to be written."""
        return self.act in {Act.ADD, Act.UPDATE}

    @property
    def folder(self) -> str:
        """The folder of its path."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


class Survey:
    """Looks at a card; each folder is listed once."""

    def __init__(self, disk: Disk, record: Record, longest_name: int = LIMIT) -> None:
        """longest_name: bytes that the last part of a path may have."""
        self._disk = disk
        self._record = record
        self._longest = longest_name
        self._listings: dict[str, dict[str, list[str]]] = {}
        self._new: dict[str, str] = {}  # folders to be made, as the first file writes them
        self._wanted: set[str] = set()
        self._chosen: set[str] = set()

    def steps(self, files: Iterable[File]) -> Iterator[Step]:
        """Yield what is to be done for each file; the card is read meanwhile."""
        files = list(files)
        self._wanted = {folded(file.path) for file in files}
        for file in files:
            try:
                yield self._step(file)
            except (FileError, OSError) as fault:
                yield Step(file, Act.LEAVE_OUT, note=str(errors.reason(fault)))

    def _step(self, file: File) -> Step:
        """Find the first name at which the file is, may replace its older self, or is free."""
        names = UniquePaths(limit=self._longest)
        first = ""
        for _ in range(MOST_NAMES):
            wanted = names.add(file.path)
            others = self._chosen if wanted == file.path else self._chosen | self._wanted
            if folded(wanted) in others:
                continue
            path, there = self._look(wanted)
            step, reason = self._judge(file, path, there)
            if step is not None:
                self._chosen.add(folded(wanted))
                return replace(step, note=_beside(first, path)) if first else step
            first = first or f"{path} {reason}"
        return Step(file, Act.LEAVE_OUT, note=f"{first}, and no other name is free.")

    def _look(self, wanted: str) -> tuple[str, str]:
        """Return the path as the card writes it, and what stands there."""
        *folders, name = wanted.split("/")
        folder, is_there = "", True
        for part in folders:
            known = self._find(folder, part) if is_there else ""
            is_there = bool(known)
            path = _join(folder, known or part)
            folder = path if known else self._new.setdefault(folded(path), path)
            if known:
                self._require_folder(folder)
        known = self._find(folder, name) if is_there else ""
        return _join(folder, known or name), self._kind(folder, known or name) if is_there else ""

    def _require_folder(self, path: str) -> None:
        """Raise FileError when a path is something else."""
        folder, _, name = path.rpartition("/")
        kind = self._kind(folder, name)
        if kind != "folder":
            what = "a file" if kind == "file" else "a link or a device"
            raise FileError(f"{path} is {what} there, so no folder can be.")

    def _find(self, folder: str, name: str) -> str:
        """Return how a name that the card takes for this one is written there, '' for none."""
        if folder not in self._listings:
            listing: dict[str, list[str]] = {}
            with self._disk.folder(folder) as opened:
                for there in sorted(opened.names()):
                    listing.setdefault(folded(there), []).append(there)
            self._listings[folder] = listing
        same = self._listings[folder].get(folded(name), [])
        return name if name in same else "".join(same[:1])

    def _kind(self, folder: str, name: str) -> str:
        with self._disk.folder(folder) as opened:
            return opened.kind(name)

    def _judge(self, file: File, path: str, there: str) -> tuple[Step | None, str]:
        """Return the step if the file can be at this path, else why not."""
        if not there:
            return Step(file, Act.ADD, path), ""
        if there != "file":
            return None, "is a folder" if there == "folder" else "is a link or a device"
        size, digest = self._contents(path, file)
        if digest == file.sha256:
            return Step(file, Act.KEEP, path), ""
        origins = self._record.wrote(path, digest)
        if file.origin in origins:
            return Step(file, Act.UPDATE, path, replaces=digest, old_size=size), ""
        return None, self._why_not(path, origins)

    def _contents(self, path: str, file: File) -> tuple[int, str]:
        """Return size and digest of what is there; no digest where the size tells enough."""
        folder, _, name = path.rpartition("/")
        with self._disk.folder(folder) as opened:
            size = opened.size(name)
            tells = size != file.size and not self._record.knows(path)
            return size, "" if tells else opened.digest(name)

    def _why_not(self, path: str, origins: set[str]) -> str:
        if origins:
            return "holds another sound"
        known = self._record.knows(path)
        return "was changed since it was written" if known else "was there already"


def _beside(first: str, path: str) -> str:
    return f"{first} and stays as it is; this one is {path}."


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def bytes_needed(steps: Iterable[Step], cluster: int) -> int:
    """Return the room that the steps take at most at one time, in whole clusters.

    An older file gives its room back only when the new one is whole.
    """
    taken = most = 0
    folders: dict[str, int] = {}
    for step in steps:
        if not step.writes:
            continue
        taken += _clusters(step.file.size, cluster)
        most = max(most, taken)
        taken -= _clusters(step.old_size, cluster)
        entries = 2 + len(step.name) // ENTRY_LETTERS
        folders[step.folder] = folders.get(step.folder, 0) + ENTRY * entries
    return most + sum(_clusters(size, cluster) for size in folders.values())


def _clusters(size: int, cluster: int) -> int:
    return -(-size // cluster) * cluster
