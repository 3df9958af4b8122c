"""Find files in folders and packs of this machine, one after the other."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings

from library import packs, storage


@dataclass(frozen=True)
class Found:
    """A file, and its name with the folders above it; or, without a file, why there is none.

    pack: the name of the ZIP or of the outermost folder that it lies in; '' for a lone file.
    """

    label: str
    path: Path | None
    problem: str = ""
    pack: str = ""

    @property
    def inside(self) -> str:
        """Return its path inside its pack."""
        return self.label.rpartition(f"{self.pack}/")[2] if self.pack else self.label


def files(paths: Iterable[Path]) -> Iterator[Found]:
    """Yield every file below these paths in the order of their names, clutter left out.

    Folders keep their name and structure; packs are unpacked entry by entry, and an entry's file is
    gone after the next step. Links to folders are not followed.
    """
    for path in paths:
        root = path.resolve()
        for found in _walk(root) if root.is_dir() else [root]:
            label = found.relative_to(root.parent).as_posix()
            if packs.is_clutter(label):
                continue
            if found.suffix.lower() == ".zip" and found.is_file():
                yield from _unpacked(found, str(PurePosixPath(label).with_suffix("")))
            else:
                yield Found(label, found, pack=label.partition("/")[0] if "/" in label else "")


def _walk(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        below.sort()
        yield from (Path(folder) / name for name in sorted(names))


def _unpacked(path: Path, label: str) -> Iterator[Found]:
    limits = packs.Limits(pack_bytes=settings.MAX_PACK_BYTES, file_bytes=settings.MAX_FILE_BYTES)
    try:
        with path.open("rb") as file:
            pack = packs.entries(file, limits)
            for name, reason in pack.skipped:
                short = PurePosixPath(name).name
                yield Found(f"{label}/{name}", None, f"{short} was left out: {reason}.")
            for entry in pack.entries:
                yield from _entry(pack, entry, label)
    except packs.PackRefusedError as reason:
        yield Found(f"{label}.zip", None, f"{path.name} could not be read: {reason}")
    except PermissionError:
        yield Found(f"{label}.zip", None, f"{path.name} could not be read: permission denied.")


def _entry(pack: packs.Pack, entry: packs.Entry, folder: str) -> Iterator[Found]:
    label, name = f"{folder}/{entry.path}", PurePosixPath(folder).name
    with storage.scratch(PurePosixPath(entry.path).suffix.lower()) as path:
        try:
            with path.open("xb") as target:
                packs.copy_out(pack, entry, target)
        except packs.EntryDamagedError as reason:
            yield Found(label, None, str(reason))
            return
        yield Found(label, path, pack=name)
