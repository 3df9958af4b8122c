"""Where files live: written whole or not at all, addressed by content, read by Django's API."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from math import inf
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from library.jobs import NoSpaceError

MEGA = 10**6
Needed = Callable[[], bool]


def _never() -> bool:
    return False


class ModuleStaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names also inside JavaScript modules, so that a new version is never half old."""

    support_js_module_import_aggregation = True
    manifest_strict = False
    max_post_process_passes = 12  # modules that import one another in a row, at most


def sync(path: Path) -> None:
    """Make a file's bytes, or the renames in a folder, survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _place(source: Path, target: Path) -> list[Path]:
    """Move a file to its place; return the folders that were made for it, the deepest first."""
    new = [folder for folder in target.parents if not folder.exists()]
    if new:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source.replace(target)
    return new


class DurableStorage(FileSystemStorage):
    """Local files by temporary name, fsync and rename: a name that exists is a whole file.

    Names are addresses of content, so writing one again replaces equal bytes with equal bytes.
    """

    def __init__(self, **options: object) -> None:
        super().__init__(**options, allow_overwrite=True)  # type: ignore[arg-type]

    def _save(self, name: str, content: "File[bytes]") -> str:
        part = settings.TMP_DIR / f"{uuid4().hex}.part"
        try:
            with part.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
            self.adopt(part, name)
        finally:
            part.unlink(missing_ok=True)
        return name

    def adopt(self, source: Path, name: str) -> None:
        """Give a whole file on the media file system its lasting name, and make it last."""
        target = Path(self.path(name))
        sync(source)
        try:
            new = _place(source, target)
        except FileNotFoundError:  # a sweep has just removed the folder, which still was empty
            new = _place(source, target)
        sync(target.parent)
        for folder in new:  # the folders' own names must last as well
            sync(folder.parent)

    def discard(self, name: str, older_than: datetime | None, is_needed: Needed = _never) -> bool:
        """Remove a file that has not been written anew since; False when it has.

        It is taken aside first: what was written, or came to be needed, in this very moment goes
        back to its place.
        """
        target, aside = Path(self.path(name)), settings.TMP_DIR / f"{uuid4().hex}.gone"
        limit = older_than.timestamp() if older_than else inf
        try:
            if target.stat().st_mtime >= limit:
                return False
            if target.is_dir():
                raise IsADirectoryError(name)
            target.rename(aside)
        except FileNotFoundError:
            return True
        if aside.stat().st_mtime >= limit or is_needed():
            aside.replace(target)
            return False
        aside.unlink()
        return True

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002
        """Return the name itself: it is the content's address."""
        return name


class GenerationStorage(DurableStorage):
    """The sounds that models made, by the day they were made on: `2026/11/21/<id>.wav`."""

    @property
    def base_location(self) -> str:
        """Return a folder of their own beside all other files."""
        return str(Path(settings.MEDIA_ROOT) / "generations")


def keep(source: Path, name: str, into: Storage | None = None) -> bool:
    """Store a finished local file under this name; False when that was a copy, not a move.

    A file on the media file system is moved where the storage lies there too.
    """
    files = into or default_storage
    if hasattr(files, "adopt") and source.parent == settings.TMP_DIR:
        files.adopt(source, name)
        return True
    with source.open("rb") as file:
        files.save(name, File(file))
    return False


def discard(
    name: str,
    older_than: datetime | None,
    of: Storage | None = None,
    *,
    is_needed: Needed = _never,
) -> bool:
    """Remove a stored file unless it was written since; False when it was, and is still there.

    is_needed: asked once more where the storage can put a file back.
    """
    files = of or default_storage
    if hasattr(files, "discard"):
        return bool(files.discard(name, older_than, is_needed))
    try:
        if older_than and files.get_modified_time(name) >= older_than:
            return False
    except FileNotFoundError:
        return True
    files.delete(name)
    return True


@contextmanager
def local(name: str) -> Iterator[Path]:
    """Yield a local path of a stored file; FileNotFoundError when it is gone.

    A storage without paths (S3) is copied to a temporary file for as long as it is needed.
    """
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        with scratch(Path(name).suffix) as copy, default_storage.open(name) as stored:
            with copy.open("wb") as file:
                shutil.copyfileobj(stored, file)
            yield copy
    else:
        if not path.exists():
            raise FileNotFoundError(name)
        yield path


@contextmanager
def scratch(suffix: str = "") -> Iterator[Path]:
    """Yield a path on the media file system for a file that is gone afterwards."""
    path = settings.TMP_DIR / f"{uuid4().hex}{suffix}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def free_bytes() -> int:
    """Return the room that may still be used: what is free less the reserve."""
    return max(0, shutil.disk_usage(settings.MEDIA_ROOT).free - settings.RESERVE_BYTES)


def require_space(needed: int) -> None:
    """Raise NoSpaceError in plain words when there is less room than needed (bytes)."""
    free = free_bytes()
    if free < needed:
        raise NoSpaceError(no_room(needed, free))


def no_room(needed: int, free: int | None = None) -> str:
    """Return the sentence about a full disk (bytes); nothing is free unless told otherwise."""
    return (
        f"No room left on this machine: {megabytes(needed)} needed, {megabytes(free or 0)} free. "
        "Nothing was lost."
    )


def megabytes(size: int) -> str:
    """Return a size for people: `210 MB`; small ones in kB."""
    return f"{size / MEGA:.0f} MB" if size >= MEGA else f"{-(-size // 1000)} kB"
