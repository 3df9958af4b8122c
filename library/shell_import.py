"""Import folders from the shell: everything that `manage.py import_samples` does but talk."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from uuid import uuid4

from django.contrib.auth.models import User

from library import folders, imports, ingest, licences, papers
from library.ingest import Label, Outcome, Refused
from library.models import Import


@dataclass
class Summary:
    """What came of it. failed: (path, sentence) of sounds that could not be read."""

    files: int = 0
    added: int = 0
    restored: int = 0
    duplicates: int = 0
    not_sounds: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


class ShellImport:
    """One run over some paths; `summary` is right at any moment and after a break."""

    def __init__(
        self, owner: User, *, tags: tuple[str, ...] = (), genre: str = "", dry_run: bool = False
    ) -> None:
        self.owner = owner
        self.tags = tags
        self.genre = genre
        self.dry_run = dry_run
        self.summary = Summary()
        self.seen: set[str] = set()
        self.batch: Import | None = None

    def run(self, paths: Iterable[Path]) -> Iterator[str]:
        """Take everything in and yield the path of each file when it is done.

        Raises NoSpaceError when the disk is full; what is in then stays in.
        """
        try:
            for found in folders.files(paths):
                self.summary.files += 1
                self._take(found)
                yield found.label
        finally:
            if self.batch is not None:
                imports.end_upload(self.batch)

    def _take(self, found: folders.Found) -> None:
        name = PurePosixPath(found.label).name
        self._keep_paper(found)
        try:
            ingest.check_extension(name)
            if found.path is None:
                self._fail(found, found.problem)
                return
            label = Label(found.label, self.tags, self.genre, pack=found.pack)
            take = self._look if self.dry_run else self._add
            self._count(take(found.path, label))
        except Refused as reason:
            if reason.is_sound:
                self._fail(found, str(reason))
            elif found.problem and name.lower().endswith(".zip"):
                self._fail(found, found.problem)
            else:
                self.summary.not_sounds += 1

    def _keep_paper(self, found: folders.Found) -> None:
        """Keep the text of a licence or read-me with the pack that it came in."""
        if self.dry_run or not found.pack or not licences.is_paper(found.label):
            return
        if found.path is not None:
            try:
                papers.keep(self.owner, found.pack, ingest.clean(found.inside), found.path)
            except OSError as fault:
                self._fail(found, f"{found.label} could not be read: {fault.strerror}.")

    def _fail(self, found: folders.Found, sentence: str) -> None:
        self.summary.failed.append((ingest.clean(found.label), sentence))

    def _add(self, path: Path, label: Label) -> Outcome:
        if self.batch is None:
            name = "Shell import"
            self.batch = imports.upload_batch(self.owner, str(uuid4()), name)
        return imports.add(self.batch, path, label)

    def _look(self, path: Path, label: Label) -> Outcome:
        """Say what would come of a file; equal files of one run count as in a real one."""
        outcome, sha256 = ingest.look(owner=self.owner, file=path, label=label)
        if sha256 in self.seen:
            return "duplicate"
        self.seen.add(sha256)
        return outcome

    def _count(self, outcome: Outcome) -> None:
        name = {"added": "added", "duplicate": "duplicates", "restored": "restored"}[outcome]
        setattr(self.summary, name, getattr(self.summary, name) + 1)
