"""Writes the files of a finished export onto a card or into a folder, and loses nothing there.

It reads the card, adds what is missing, replaces what it wrote itself and nobody changed, and
leaves everything else alone. Each file is written under a temporary name, synced, read back from
the card, and only then renamed; at the end all are read once more, which also tells a card that
claims more room than it has. A run may be killed, or the card pulled out, at any moment: the next
one knows its own files by the record (exports/card/record.py), removes what was half, and goes on.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from exports.card import errors, record
from exports.card.disk import Disk, Folder, Told
from exports.card.errors import CardError, FileError
from exports.card.record import ForeignRecordError, Record
from exports.card.steps import Act, File, Step, Survey, bytes_needed
from kits.hardware.naming import LIMIT, folded

CHUNK = 1 << 20
RECORD_PART = re.compile(r"padcrate-[0-9a-f]{16}\.json\.part")
DAMAGED = "The card gave back other bytes than were written to it. It may be failing, or be a fake."


@dataclass
class Result:
    """What came of a run. added, updated, unchanged: paths on the card.

    beside: (path on the card, sentence) of files that are there under another name. left_out: (path
    in the export, sentence). older: files of earlier runs for the same pads and sounds, in the same
    folders under other names; they stay as well.
    """

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    beside: list[tuple[str, str]] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    older: list[str] = field(default_factory=list)

    @property
    def whole(self) -> int:
        """How many of the files are on the card."""
        return len(self.added) + len(self.updated) + len(self.unchanged)


class Card:
    """A folder that files are written to; `result` is right at any moment and after a break."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk
        self._token = secrets.token_hex(8)
        self._record = self._read_record()
        self.result = Result()

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator[Self]:
        """Open a folder for one run; CardError in words when it cannot be, or breaks off."""
        with Disk(folder) as disk:
            try:
                yield cls(folder, disk)
            except OSError as fault:
                raise errors.of_card(fault, folder) from fault

    def steps(self, files: Iterable[File], longest_name: int = LIMIT) -> Iterator[Step]:
        """Yield what is to be done for each file, reading the card; longest_name in bytes."""
        return Survey(self._disk, self._record, longest_name).steps(files)

    def write(self, steps: Sequence[Step], told: Told) -> Result:
        """Do the steps; `told` hears of each byte that went onto the card or came back from it.

        CardError when no more can be written; what is under a final name then is whole.
        """
        self._clear_leftovers()
        self._require_room(steps)
        self._intend(steps)
        written = [step for step in steps if self._do(step, told)]
        damaged = {step.path for step in written if not self._is_whole(step, told)}
        self._settle(steps, damaged)
        self.result.older += self._older(steps)
        return self.result

    def bytes_to_pass(self, steps: Iterable[Step]) -> int:
        """Return how many bytes `told` will hear of."""
        return 3 * sum(step.file.size for step in steps if step.writes)

    def _read_record(self) -> Record:
        with self._disk.folder("") as root:
            kind = root.kind(record.NAME)
            if not kind:
                return Record()
            data = root.read(record.NAME, record.LARGEST) if kind == "file" else None
            try:
                return Record.parse(data, folds=_folds(root))
            except ForeignRecordError:
                raise CardError(
                    f"{self._folder / record.NAME} is not Padcrate's, or comes from a later "
                    "version. Move it elsewhere; nothing was written."
                ) from None

    def _clear_leftovers(self) -> None:
        """Remove temporary files of runs that broke off; their names stand in the record."""
        paths = {note.path for note in self._record.all()}
        folders = {path.rpartition("/")[0] for path in paths} if self._record.tokens else set()
        for folder in sorted(folders | {""}):
            try:
                self._clear(folder)
            except FileNotFoundError:
                continue
            except OSError as fault:  # what is no folder any more holds none
                errors.reason(fault)

    def _clear(self, folder: str) -> None:
        with self._disk.folder(folder) as opened:
            for name in opened.names():
                if self._is_leftover(opened, folder, name):
                    opened.remove(name)

    def _is_leftover(self, opened: Folder, folder: str, name: str) -> bool:
        prefix, _, rest = name.partition("-")
        if prefix != "padcrate" or not rest.endswith(".part") or opened.kind(name) != "file":
            return False
        if rest.partition("-")[0] in self._record.tokens:
            return True
        if folder or not RECORD_PART.fullmatch(name):
            return False
        return record.looks_ours(opened.read(name, len(record.MAGIC)))

    def _require_room(self, steps: Iterable[Step]) -> None:
        free, cluster = self._disk.room()
        if not cluster:
            return  # the driver does not say; a full card then shows while writing
        lists = 2 * (len(self._record.as_bytes()) + sum(300 + len(step.path) for step in steps))
        needed = bytes_needed(steps, cluster) + lists
        if any(step.writes for step in steps) and needed > free:
            raise errors.no_room(self._folder, needed, free)

    def _intend(self, steps: Iterable[Step]) -> None:
        """Write down what is about to be written, so that a killed run's files are known."""
        writing = [step for step in steps if step.writes]
        if writing:
            self._record.tokens.add(self._token)
            self._record.intend(step.file.note(step.path) for step in writing)
            self._save()

    def _settle(self, steps: Iterable[Step], damaged: set[str]) -> None:
        """Write down what is whole now. What is damaged keeps all its notes."""
        whole = {*self.result.added, *self.result.updated} - damaged
        if not self._record.tokens:
            return
        self._record.settle(step.file.note(step.path) for step in steps if step.path in whole)
        self._record.tokens.clear()
        try:
            self._save()
        except OSError as fault:  # what stands there since the beginning is enough
            if fault.errno not in errors.FULL:
                raise

    def _older(self, steps: Iterable[Step]) -> Iterator[str]:
        """Yield what stands for the same as a step, beside it, under another name."""
        now = {folded(step.path) for step in steps}
        same = {(folded(step.folder), step.file.origin) for step in steps if step.path}
        for note in sorted(self._record.all()):
            folder, _, name = note.path.rpartition("/")
            if (folded(folder), note.origin) in same and folded(note.path) not in now:
                with suppress(OSError), self._disk.folder(folder) as opened:
                    if opened.kind(name) == "file":
                        yield note.path

    def _save(self) -> None:
        part = f"padcrate-{self._token}.json.part"
        with self._disk.folder("") as root, _cleared(root, part):
            root.write(part, [self._record.as_bytes()])
            root.replace(part, record.NAME)

    def _do(self, step: Step, told: Told) -> bool:
        """Do one step and note what came of it; tell whether anything was written."""
        if step.act == Act.LEAVE_OUT:
            self.result.left_out.append((step.file.path, step.note))
            return False
        if step.writes:
            try:
                self._put(step, told)
            except FileError as reason:
                self.result.left_out.append((step.file.path, str(reason)))
                return False
        lists = {Act.ADD: self.result.added, Act.UPDATE: self.result.updated}
        lists.get(step.act, self.result.unchanged).append(step.path)
        if step.note:
            self.result.beside.append((step.path, step.note))
        return step.writes

    def _put(self, step: Step, told: Told) -> None:
        part = f"padcrate-{self._token}-{secrets.token_hex(4)}.part"
        try:
            with self._disk.folder(step.folder, make=True) as folder, _cleared(folder, part):
                folder.write(part, _source(step.file, told))
                if folder.digest(part, told) != step.file.sha256:
                    raise CardError(f"{self._folder}: {DAMAGED}")
                if step.act == Act.ADD:
                    folder.rename(part, step.name)
                else:
                    _require_same(folder, step)
                    folder.replace(part, step.name)
        except OSError as fault:
            raise errors.reason(fault) from fault

    def _is_whole(self, step: Step, told: Told) -> bool:
        """Read a written file once more from the card; note it when it is not what it should be."""
        with self._disk.folder(step.folder) as folder:
            if folder.digest(step.name, told) == step.file.sha256:
                return True
        for paths in (self.result.added, self.result.updated):
            if step.path in paths:
                paths.remove(step.path)
        self.result.left_out.append((step.file.path, DAMAGED))
        return False


def _folds(root: Folder) -> bool:
    """Tell whether the card finds the record by a name in other case, too: FAT and exFAT do."""
    alike = [name for name in root.names() if folded(name) == folded(record.NAME)]
    return len(alike) == 1 and bool(root.kind(record.NAME.swapcase()))


def _require_same(folder: Folder, step: Step) -> None:
    """Raise FileError when the file that is to be replaced is not what was seen."""
    if folder.kind(step.name) != "file" or folder.digest(step.name) != step.replaces:
        raise FileError(f"{step.path} was changed just now. Run the same again.")


@contextmanager
def _cleared(folder: Folder, part: str) -> Iterator[None]:
    """Remove a temporary file if it is still there afterwards, as far as the card lets us."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            folder.remove(part)
        raise


def _source(file: File, told: Told) -> Iterator[bytes]:
    """Yield the bytes of a file; FileError when they cannot be read or are not those promised."""
    digest = hashlib.sha256()
    try:
        with file.open() as opened:
            while piece := opened.read(CHUNK):
                digest.update(piece)
                yield piece
                told(len(piece))
    except OSError as fault:
        raise FileError("The converted file could not be read. Export it again.") from fault
    if digest.hexdigest() != file.sha256:
        raise FileError("The converted file is damaged. Export it again.")
