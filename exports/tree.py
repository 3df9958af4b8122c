"""How the result will look on a card or disk: lines of a folder tree, long folders cut."""

from collections.abc import Iterable
from dataclasses import dataclass, field

FILES_SHOWN = 8  # shared by all folders, but at most 4 of one and at least 1
MOST_OF_ONE = 4
FOLDERS_SHOWN = 24


@dataclass(frozen=True)
class Line:
    """One line: the branches before it, the name, and a note after it."""

    branch: str
    name: str
    is_folder: bool = False
    note: str = ""
    size: int | None = None


@dataclass
class _Folder:
    folders: dict[str, "_Folder"] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    count: int = 0
    size: int = 0


def tree(files: Iterable[tuple[str, int]]) -> list[Line]:
    """Return lines for (path, bytes) pairs; at most 24 folders are named, and few files of each."""
    root = _Folder()
    holders: set[int] = set()
    for path, size in files:
        *parts, name = path.split("/")
        here = root
        for part in parts:
            here.count, here.size = here.count + 1, here.size + size
            here = here.folders.setdefault(part, _Folder())
        here.count, here.size = here.count + 1, here.size + size
        here.files.append(name)
        holders.add(id(here))
    shown = min(MOST_OF_ONE, max(1, FILES_SHOWN // max(1, len(holders))))
    return _lines(root, "", [FOLDERS_SHOWN], shown)


def _lines(folder: _Folder, indent: str, left: list[int], shown: int) -> list[Line]:
    """Return the lines below a folder; `left` counts the folders that may still be named."""
    entries: list[tuple[str, _Folder | None]] = []
    entries += list(folder.folders.items())[: left[0]]
    hidden = len(folder.folders) - len(entries)
    left[0] -= len(entries)
    entries += [(name, None) for name in folder.files[:shown]]
    rest = [(hidden, "folder"), (len(folder.files) - shown, "file")]
    more = [f"{n} more {word}{'s' * (n > 1)}" for n, word in rest if n > 0]
    lines: list[Line] = []
    last = len(entries) + len(more) - 1
    for place, (name, inner) in enumerate(entries):
        branch = indent + ("└" if place == last else "├")
        if inner is None:
            lines.append(Line(branch, name))
            continue
        note = f"{inner.count} file{'s' * (inner.count != 1)}"
        lines.append(Line(branch, name, is_folder=True, note=note, size=inner.size))
        lines += _lines(inner, indent + ("  " if place == last else "│ "), left, shown)
    for place, note in enumerate(more, len(entries)):
        lines.append(Line(indent + ("└" if place == last else "├"), "", note=note))
    return lines
