"""The files below one folder, reached only from its open handle.

No link is followed on the way and no path can lead out. The handle stays with one file system: when
a card is pulled and its mount point turns into an empty folder, nothing is written there.
"""

import ctypes
import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from exports.card.errors import BusyError, CardError

CHUNK = 1 << 20
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
NO_REPLACE = 1  # renameat2(2): RENAME_NOREPLACE
UNKNOWN = {errno.EINVAL, errno.ENOSYS}  # a driver that cannot do this

Told = Callable[[int], object]
"""Hears how many bytes went by."""


def _nobody(_size: int) -> None:
    """Hear nothing."""


class Disk:
    """One folder, locked against other runs as long as it is open."""

    def __init__(self, folder: Path) -> None:
        """Open the folder; CardError when it is not there, no folder, or in use by another run."""
        try:
            self._root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as fault:
            raise CardError(
                f"There is no folder {folder}. Is the card in? A new folder has to be made first."
                if isinstance(fault, FileNotFoundError | NotADirectoryError)
                else f"{folder} cannot be opened: {fault.strerror}."
            ) from fault
        try:
            fcntl.flock(self._root, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise BusyError(f"Another run is writing to {folder} just now.") from None
        except OSError:  # a file system without locks
            return

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._root)

    @contextmanager
    def folder(self, path: str, *, make: bool = False) -> Iterator["Folder"]:
        """Yield a folder below, made where there is none if asked for; OSError if it leads out."""
        if {".", ".."} & set(path.split("/")):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path)
        handle = os.open(".", FOLDER, dir_fd=self._root)
        try:
            for part in filter(None, path.split("/")):
                if make:
                    _make(part, handle)
                inner = os.open(part, FOLDER, dir_fd=handle)
                os.close(handle)
                handle = inner
            yield Folder(handle)
        finally:
            os.close(handle)

    def room(self) -> tuple[int, int]:
        """Return free bytes and the size of a cluster; (0, 0) where the driver does not say."""
        facts = os.fstatvfs(self._root)
        if not facts.f_blocks:
            return 0, 0
        return facts.f_bavail * facts.f_frsize, facts.f_frsize


def _make(name: str, parent: int) -> None:
    with suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=parent)
        _sync(parent)


def _sync(folder: int) -> None:
    """Make what was renamed or made in a folder last, where the driver can."""
    try:
        os.fsync(folder)
    except OSError as fault:
        if fault.errno not in UNKNOWN:
            raise


class Folder:
    """An open folder: what can be done with the files right in it."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def names(self) -> list[str]:
        """Return all names in it."""
        with os.scandir(self._handle) as entries:
            return [entry.name for entry in entries]

    def kind(self, name: str) -> str:
        """Return what stands under a name: `file`, `folder`, `other`, or '' for nothing."""
        try:
            mode = os.stat(name, dir_fd=self._handle, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return ""
        if stat.S_ISREG(mode):
            return "file"
        return "folder" if stat.S_ISDIR(mode) else "other"

    def size(self, name: str) -> int:
        """Return the length of a file in bytes."""
        return os.stat(name, dir_fd=self._handle, follow_symlinks=False).st_size

    def digest(self, name: str, told: Told = _nobody) -> str:
        """Read a file from the card itself, past what memory holds of it; return its SHA-256."""
        digest = hashlib.sha256()
        for piece in self._pieces(name):
            digest.update(piece)
            told(len(piece))
        return digest.hexdigest()

    def read(self, name: str, most: int) -> bytes:
        """Return the first bytes of a file."""
        data = b""
        for piece in self._pieces(name):
            data += piece
            if len(data) >= most:
                break
        return data[:most]

    def _pieces(self, name: str) -> Iterator[bytes]:
        handle = os.open(name, READ, dir_fd=self._handle)
        with os.fdopen(handle, "rb", buffering=0) as file:
            with suppress(AttributeError, OSError):  # not every system can
                os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            while piece := file.read(CHUNK):
                yield piece

    def write(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a new file and see to it that it reached the card; FileExistsError for old ones."""
        with os.fdopen(os.open(name, NEW, 0o644, dir_fd=self._handle), "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())

    def rename(self, old: str, new: str) -> None:
        """Give a file another name; FileExistsError when something has it already."""
        if not _rename_to_free(self._handle, old, new):
            if self.kind(new):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), new)
            os.rename(old, new, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        _sync(self._handle)

    def replace(self, old: str, new: str) -> None:
        """Give a file the name of another one, which is gone then."""
        os.replace(old, new, src_dir_fd=self._handle, dst_dir_fd=self._handle)
        _sync(self._handle)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self._handle)


def _rename_to_free(folder: int, old: str, new: str) -> bool:
    """Rename without ever replacing; False where the system has no such call."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    if not call(folder, os.fsencode(old), folder, os.fsencode(new), NO_REPLACE):
        return True
    code = ctypes.get_errno()
    if code in UNKNOWN:
        return False
    raise OSError(code, os.strerror(code), new)
