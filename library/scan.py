"""Look through a watched folder: what is new comes in, what has moved is known again.

Only files that have changed since they were read are opened, and files are only ever read. A scan
may die at any moment: what it has dealt with stands in rows, and the next one goes on from there.
"""

import errno
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import now

from library import imports, ingest, licences, offered, papers, pulse, search, tasks, walk
from library.finds import Found, is_wanted
from library.imports import LeaseLost
from library.ingest import Arrival, Label, Refused
from library.jobs import GoOn, JobError, State
from library.labour import TOO_LONG
from library.models import Sample, WatchedFile, WatchedFolder
from library.walk import Folder, Walk

SETTLED_AFTER = 3.0  # seconds without a change; what is younger may still be being written
WAKE_EVERY = 25  # sounds; a message to the workers for each would be too many
BATCH = 500  # names in one statement
AGAIN = -1  # a time of change that no file has: it is tried again next time
ITS_OWN_FAULT = {errno.EACCES, errno.EPERM, errno.ELOOP, errno.ENOENT, errno.EIO, errno.ESTALE}


class StillChangingError(Exception):
    """A file is being written; the next scan looks at it again."""


def scan(job: WatchedFolder) -> dict[str, Any]:
    """Do a slice of a scan; the worker's part. JobError when the folder cannot be looked at."""
    one = Scan(job, _root(job))
    try:
        one.run()
    except LeaseLost:
        return {}  # the row is another worker's, or gone
    finally:
        tasks.wake(settings.WORKERS if one.changed else 1)
    wait = SETTLED_AFTER if one.is_unsettled else settings.WATCH_SECONDS
    moment = now()
    trouble = one.trouble()
    return {
        "state": State.PARTIAL if trouble else State.COMPLETED,
        "error": trouble,
        "scanned_at": moment,
        "due_at": moment + timedelta(seconds=wait),
    }


def _root(job: WatchedFolder) -> Path:
    """Return the folder, if its owner may still watch it and it is still what it was."""
    if not (job.owner.is_staff and job.owner.is_active):
        raise JobError("Only staff may watch folders of the machine.")
    try:
        root = offered.allowed(job.path)
    except ValueError as reason:
        raise JobError(f"{reason}.") from reason
    if str(root) != job.path:
        raise JobError("The folder has become a link to another one.")
    return root


class Scan:
    """One walk through a watched folder.

    changed: how many files were read. is_careful: a worker died at the folder or hung; each file is
    noted before it is read.
    """

    def __init__(self, job: WatchedFolder, root: Path) -> None:
        self.job = job
        self.walk = Walk(root)
        self.until = time.monotonic() + settings.SLICE_SECONDS
        self.changed = 0
        self.is_unsettled = False
        self.is_careful = job.attempts > 1 or job.error.startswith(TOO_LONG)
        self._packs: dict[str, str] = {}

    def run(self) -> None:
        """Walk, file by file; GoOn when the slice of time is over before the end."""
        seen: set[str] = set()
        try:
            with closing(self.walk.folders()) as folders:
                for folder in folders:
                    seen.add(folder.path)
                    self._look_into(folder)
        except PermissionError as fault:
            raise JobError("The folder could not be read: permission denied.") from fault
        known = self.job.files.filter(gone_at=None).order_by().values_list("folder", flat=True)
        for path in list(known.distinct()):
            if path not in seen and not self.walk.is_hidden(path):
                self._there(path).update(gone_at=now())

    def _there(self, folder: str) -> "QuerySet[WatchedFile]":
        """Return the files of a folder that were there until now; sounds stay when they go."""
        return self.job.files.filter(folder=folder, gone_at=None)

    def _at(self, found: Found) -> "QuerySet[WatchedFile]":
        """Return what is known of the place of a file: one row, or none."""
        return self.job.files.filter(folder=found.folder.path, name=found.name)

    def _look_into(self, folder: Folder) -> None:
        pack = self._pack(folder)
        rows = {row.name: row for row in self.job.files.filter(folder=folder.path)}
        for name in filter(is_wanted, folder.files):
            self._look(Found(folder, name, pack), rows.pop(name, None))
            pulse.mine.step()
            if self.changed and self._is_over():  # else the next slice would come no further
                raise GoOn
        missing = [name for name, row in rows.items() if row.gone_at is None]
        for some in _batches(missing):  # by name: what has moved stands elsewhere by now
            self._there(folder.path).filter(name__in=some).update(gone_at=now())

    def _pack(self, folder: Folder) -> str:
        """Return the name of the pack a folder belongs to: it or one above it has a paper."""
        own = folder.path or self.walk.root.name
        above = self._packs.get(folder.path.rpartition("/")[0], "") if folder.path else ""
        self._packs[folder.path] = own if any(map(licences.is_paper, folder.files)) else above
        return self._packs[folder.path]

    def _look(self, found: Found, row: WatchedFile | None) -> None:
        """Deal with one file if it has changed since."""
        facts = found.facts
        if row is not None and (row.size, row.modified_ns) == (facts.st_size, facts.st_mtime_ns):
            if row.gone_at is not None:
                WatchedFile.objects.filter(pk=row.pk).update(gone_at=None)
            return
        if 0 <= time.time() - facts.st_mtime < SETTLED_AFTER:
            self.is_unsettled = True
            return
        try:
            self._keep(found, self._known(found, row))
        except StillChangingError:
            self.is_unsettled = True
            return
        self.changed += 1
        if self.changed % WAKE_EVERY == 0:
            tasks.wake(settings.WORKERS)

    def _is_over(self) -> bool:
        return time.monotonic() >= self.until or tasks.stopping.is_set()

    def _known(self, found: Found, row: WatchedFile | None) -> dict[str, Any]:
        """Return what is to be kept of a file, or why it does not come in."""
        try:
            with self._noted(found, row):
                return self._read(found, row)
        except Refused as reason:
            return {"problem": str(reason)[:500]}
        except OSError as fault:  # the disk's faults are for the whole job
            if fault.errno not in ITS_OWN_FAULT:
                raise
            why = "permission denied" if isinstance(fault, PermissionError) else "it is gone"
            problem = f"{found.name} could not be read: {why}."
            return {"problem": problem, "modified_ns": AGAIN}

    @contextmanager
    def _noted(self, found: Found, row: WatchedFile | None) -> Iterator[None]:
        """Say of a file that it took too long, before it is read, when a worker was lost before.

        Only one that is lost again leaves that behind; the file is then passed over until it
        changes.
        """
        if not self.is_careful:
            yield
            return
        self._write(
            found, found.size_and_time | {"problem": f"{found.name} took too long to read."}
        )
        try:
            yield
        except Exception:
            if row is None:
                self._at(found).delete()
            else:
                self._at(found).update(
                    size=row.size, modified_ns=row.modified_ns, problem=row.problem
                )
            raise

    def _read(self, found: Found, row: WatchedFile | None) -> dict[str, Any]:
        if licences.is_paper(found.name):
            with walk.opened(found.folder, found.name) as path:
                known = row is not None
                papers.keep(self.job.owner, found.pack, found.name, path, replaces=known)
            return {}
        is_zip = found.ending == ".zip"
        if not is_zip:
            ingest.check_extension(found.name)
        most = settings.MAX_PACK_BYTES if is_zip else settings.MAX_FILE_BYTES
        with (
            walk.opened(found.folder, found.name) as path,
            ingest.at_hand(path, found.name, most) as arrival,
        ):
            if not walk.is_same(path.stat(), found.facts):
                raise StillChangingError
            if row is not None and row.sha256 == arrival.sha256:
                return {"sha256": row.sha256, "sample": row.sample}
            if is_zip:
                seed = f"watched {self.job.pk}"
                imports.take_pack(
                    self.job.owner, seed, arrival, found.name, self._require_lease, restores=False
                )
                return {"sha256": arrival.sha256}
            return {"sha256": arrival.sha256, "sample": self._sample(found, arrival)}

    def _sample(self, found: Found, arrival: Arrival) -> Sample | None:
        """Return the sound of a file: moved here, known already, or new.

        What a person has thrown away does not come back with a copy of its file.
        """
        mine = WatchedFile.objects.filter(watched__owner=self.job.owner, sha256=arrival.sha256)
        same = list(mine.select_related("watched", "sample"))
        for other in same:
            if not _is_there(other):
                return self._move(other, found)
        if same:
            return same[0].sample
        path = ingest.clean(self._label(found))
        label = Label(path, pack=found.pack)
        added = ingest.add_arrival(
            owner=self.job.owner, arrival=arrival, label=label, restore=False
        )
        return added.sample

    def _move(self, moved: WatchedFile, found: Found) -> Sample | None:
        """Let row and sound follow their file; what a person has named otherwise keeps its name."""
        old = ingest.clean(f"{Path(moved.watched.path).name}/{moved}")
        with transaction.atomic():
            self._require_lease()
            self._at(found).delete()
            moved.watched, moved.folder, moved.name = self.job, found.folder.path, found.name
            moved.save(update_fields=["watched", "folder", "name"])
            if moved.sample is not None:
                new = ingest.clean(self._label(found))
                _follow(moved.sample, PurePosixPath(old), PurePosixPath(new))
        return moved.sample

    def _label(self, found: Found) -> str:
        return f"{self.walk.root.name}/{found.folder.place(found.name)}"

    def _keep(self, found: Found, known: dict[str, Any]) -> None:
        """Write what is known of a file now."""
        blank = {"sha256": "", "sample": None, "problem": "", "gone_at": None}
        self._write(found, blank | found.size_and_time | known)

    def _write(self, found: Found, values: dict[str, Any]) -> None:
        with transaction.atomic():
            self._require_lease()
            WatchedFile.objects.update_or_create(
                watched=self.job,
                folder=found.folder.path,
                name=found.name,
                defaults=values,
            )

    def _require_lease(self) -> None:
        """Raise LeaseLost when the folder is another worker's, or watched no more."""
        mine = WatchedFolder.objects.filter(pk=self.job.pk, token=self.job.token)
        if not mine.update(worker=F("worker")):
            raise LeaseLost

    def trouble(self) -> str:
        """Return what could not be looked at, in a sentence."""
        told = []
        if count := len(self.walk.unreadable):
            what = "1 folder" if count == 1 else f"{count} folders"
            told.append(f"{what} could not be read: permission denied.")
        if count := self.walk.unspeakable:
            what = "1 name is" if count == 1 else f"{count} names are"
            told.append(f"{what} too long or cannot be read.")
        return " ".join(told)


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield names in lots that one statement can hold."""
    return (names[start : start + BATCH] for start in range(0, len(names), BATCH))


def _is_there(file: WatchedFile) -> bool:
    """Tell whether a file is where it was, whatever it holds now."""
    return os.path.lexists(Path(file.watched.path) / file.folder / file.name)


def _follow(sample: Sample, old: PurePosixPath, new: PurePosixPath) -> None:
    """Give a sound the folder and the names of its file, where it still had those of before."""
    was = {"folder": str(old.parent), "original_name": old.name, "title": old.stem[:200]}
    is_now = {"folder": str(new.parent), "original_name": new.name, "title": new.stem[:200]}
    changed = {name: is_now[name] for name in was if getattr(sample, name) == was[name]}
    if changed:
        Sample.objects.filter(pk=sample.pk).update(**changed)
        search.refresh([sample.pk])
