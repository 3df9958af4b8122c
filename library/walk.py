"""Walk through a folder of the machine by handles, so that no link leads out of it.

Every folder is opened below the handle of the one that holds it, and only if it is one itself; so
is every file. What is exchanged for a link meanwhile is then not opened at all.
"""

import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

DEEPEST = 60  # folders in folders; each open one holds a handle
LONGEST_NAME = 255
LONGEST_PATH = 1000  # characters
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Folder:
    """One folder: its path below the root (`` for the root) and the regular files in it.

    handle: open for as long as the walk stays here.
    """

    path: str
    handle: int
    files: dict[str, os.stat_result]

    def place(self, name: str) -> str:
        """Return the path of one of its files below the root."""
        return f"{self.path}/{name}" if self.path else name


@dataclass
class Walk:
    """One walk. unreadable: folders that could not be opened; unspeakable: how many names are no
    text or too long.
    """

    root: Path
    unreadable: list[str] = field(default_factory=list)
    unspeakable: int = 0

    def folders(self) -> Generator[Folder, None, None]:
        """Yield each folder before those in it, by name; OSError when the root cannot be read."""
        yield from self._below("", os.open(self.root, FOLDER))

    def is_hidden(self, path: str) -> bool:
        """Tell whether a folder lies in one that could not be read, so that nothing is known."""
        return any(path == one or path.startswith(f"{one}/") for one in self.unreadable)

    def _below(self, path: str, handle: int) -> Generator[Folder, None, None]:
        try:
            folders, files = self._listed(path, handle)
            yield Folder(path, handle, files)
            for name in folders if path.count("/") < DEEPEST else ():
                inner = f"{path}/{name}" if path else name
                try:
                    opened = os.open(name, FOLDER, dir_fd=handle)
                except (FileNotFoundError, NotADirectoryError):  # gone, or a link by now
                    continue
                except OSError:
                    self.unreadable.append(inner)
                    continue
                yield from self._below(inner, opened)
        finally:
            os.close(handle)

    def _listed(self, path: str, handle: int) -> tuple[list[str], dict[str, os.stat_result]]:
        """Return the names of folders and the regular files, in order; hidden ones left out."""
        folders: list[str] = []
        files: dict[str, os.stat_result] = {}
        with os.scandir(handle) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.startswith("."):
                    continue
                try:
                    facts = entry.stat(follow_symlinks=False)
                except OSError:  # gone again
                    continue
                is_folder = stat.S_ISDIR(facts.st_mode)
                if not is_folder and not stat.S_ISREG(facts.st_mode):
                    continue
                if not self._can_be_kept(path, entry.name):
                    continue
                if is_folder:
                    folders.append(entry.name)
                else:
                    files[entry.name] = facts
        return folders, files

    def _can_be_kept(self, path: str, name: str) -> bool:
        try:
            name.encode()
        except UnicodeEncodeError:  # only bytes
            self.unspeakable += 1
            return False
        if len(path) + len(name) < LONGEST_PATH and len(name) <= LONGEST_NAME:
            return True
        self.unspeakable += 1
        return False


@contextmanager
def opened(folder: Folder, name: str) -> Iterator[Path]:
    """Yield a path to an open file: it names the file, not the place where a link could be now."""
    handle = os.open(name, FILE, dir_fd=folder.handle)
    try:
        yield Path(f"/dev/fd/{handle}")
    finally:
        os.close(handle)


def is_same(one: os.stat_result, other: os.stat_result) -> bool:
    """Tell whether a file has not been written between two looks at it."""
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)
