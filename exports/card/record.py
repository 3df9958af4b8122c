"""What Padcrate wrote to a card, kept on the card itself: the proof that a file may be replaced.

The record is written before the files it names, so that a run which was killed in between knows
its own files again. To name a file proves nothing alone: its bytes must have the digest that stands
here as well. So a record that is old, foreign or torn can only make us touch less.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from kits.hardware.naming import folded

NAME = "padcrate-card.json"
VERSION = 1
MAGIC = b'{"padcrate-card": '
ABOUT = (
    "What Padcrate wrote here. It replaces a file only while the file is still exactly as this "
    "list says. Without the list it replaces nothing."
)
LARGEST = 256 * 10**6  # bytes
TOKEN = re.compile(r"[0-9a-f]{16}")


class ForeignRecordError(Exception):
    """The file of that name is no record of ours, or one of a later version."""


@dataclass(frozen=True, order=True)
class Note:
    """One file as it was written. origin: for which sound, or which pad of which kit."""

    path: str
    size: int
    sha256: str
    origin: str


@dataclass
class Record:
    """All notes, by path as the card compares them; one in work has the old note and the new one.

    tokens: of runs that may have left temporary files. folds: the card takes names that differ in
    case alone for one; where it does not, only the very path is the same place.
    """

    notes: dict[str, set[Note]] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    folds: bool = True

    def _key(self, path: str) -> str:
        return folded(path) if self.folds else path

    def all(self) -> set[Note]:
        """Return every note."""
        return set().union(*self.notes.values())

    def knows(self, path: str) -> bool:
        """Tell whether something was written there."""
        return self._key(path) in self.notes

    def wrote(self, path: str, sha256: str) -> set[str]:
        """Return for which origins these bytes were written to this path: none if they were not."""
        notes = self.notes.get(self._key(path), set())
        return {note.origin for note in notes if note.sha256 == sha256}

    def intend(self, notes: Iterable[Note]) -> None:
        """Note files that are about to be written, beside what they replace."""
        for note in notes:
            self.notes.setdefault(self._key(note.path), set()).add(note)

    def settle(self, notes: Iterable[Note]) -> None:
        """Note files that are whole on the card: nothing else was written there."""
        for note in notes:
            self.notes[self._key(note.path)] = {note}

    def as_bytes(self) -> bytes:
        """Return the record as it stands on the card: JSON, one line for each file."""
        lines = [json.dumps(_row(note)) for note in sorted(self.all())]
        files = ",\n".join(lines)
        return (
            f'{{"padcrate-card": {VERSION},\n"about": {json.dumps(ABOUT)},\n'
            f'"runs": {json.dumps(sorted(self.tokens))},\n"check": "{_check(lines)}",\n'
            f'"files": [\n{files}\n]}}\n'
        ).encode()

    @classmethod
    def parse(cls, data: bytes | None, *, folds: bool = True) -> Self:
        """Read a record; a torn one of ours is an empty one. ForeignRecordError for others.

        data: None for what is no file. folds: as of the record.
        """
        if data is None or not looks_ours(data):
            raise ForeignRecordError
        try:
            stored = json.loads(data)
            if stored["padcrate-card"] != VERSION:
                raise ForeignRecordError
            if stored["check"] != _check([json.dumps(row) for row in stored["files"]]):
                return cls()
            tokens = {run for run in stored["runs"] if TOKEN.fullmatch(run)}
            record = cls(tokens=tokens, folds=folds)
            record.intend(map(_note, stored["files"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return cls()
        return record


def looks_ours(data: bytes) -> bool:
    """Tell whether these first bytes begin, as far as they go, as a record does."""
    return data[: len(MAGIC)] == MAGIC[: len(data)]


def _row(note: Note) -> list[Any]:
    return [note.path, note.size, note.sha256, note.origin]


def _note(row: Any) -> Note:
    path, size, sha256, origin = row
    if not all(isinstance(text, str) for text in (path, sha256, origin)):
        raise ValueError("No note")
    return Note(path, int(size), sha256, origin)


def _check(lines: Iterable[str]) -> str:
    """Return a digest that tells a torn or edited list."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
