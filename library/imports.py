"""Batches on their way in: files from a browser, a ZIP pack, the demo crate."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any, Literal
from uuid import NAMESPACE_OID, uuid4, uuid5

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils.timezone import now

from library import ingest, licences, origins, packs, papers, storage, tasks
from library.audio.names import Hints
from library.audio.synth import crate
from library.audio.synth.sound import DemoSound
from library.ingest import Label, Outcome, Refused
from library.jobs import OPEN_STATES, GoOn, JobError, State
from library.models import Import, ImportProblem, Sample
from library.tray import Tray, dismiss, tray

__all__ = [
    "Received",
    "Tray",
    "add",
    "dismiss",
    "end_upload",
    "load_demo",
    "receive",
    "refuse",
    "sweep",
    "tray",
    "upload_batch",
    "work",
]

Received = Literal["added", "duplicate", "restored", "refused", "pack", "paper", "clutter"]

WAKE_EVERY = 25  # sounds; a message to the workers for each would be too many


class LeaseLost(Exception):  # noqa: N818 - reads as what happened
    """Another worker has taken this import over; what was about to be written is not."""


def upload_batch(owner: User, key: str, name: str, total: int = 0) -> Import:
    """Return the browser's batch of this key, made at its first file; total: files it will send."""
    batch, is_new = Import.objects.get_or_create(
        owner=owner,
        key=key.replace("\0", "")[:36] or uuid4().hex,
        defaults={"kind": Import.Kind.UPLOAD, "name": ingest.clean(name), "total": total},
    )
    if not is_new and total > batch.total:  # more was dropped while the first files went up
        batch.total = total
        batch.save(update_fields=["total"])
    return batch


def receive(
    batch: Import,
    file: "UploadedFile[bytes] | Path",
    path: str,
    stored: Callable[[Sample], None] | None = None,
) -> Received:
    """Take one file of a batch in; what is wrong with it becomes a line of the tray.

    path: its name, with the folders of the person's disk before it; the outermost one is its pack.
    A ZIP becomes an import of its own, for a worker to unpack. `stored` is called with the sound
    that it is. Raises NoSpaceError when the disk is full.
    """
    path = ingest.clean(path)
    if packs.is_clutter(path):
        batch.count(position=1)
        return "clutter"
    if PurePosixPath(path).suffix.lower() == ".zip":
        return _receive_pack(batch, file, path)
    if (name := origins.top_folder(path)) and licences.is_paper(path):
        with transaction.atomic():
            papers.keep(batch.owner, name, origins.inside(path), file)
            batch.count(position=1)
        return "paper"
    try:
        return add(batch, file, Label(path, pack=name), stored)
    except Refused as reason:
        return refuse(batch, path, str(reason))


def add(
    batch: Import,
    file: "UploadedFile[bytes] | Path",
    label: Label,
    stored: Callable[[Sample], None] | None = None,
) -> Outcome:
    """Add one sound to a library, count it, and wake a worker for it; `stored` is called with it.

    Raises Refused and NoSpaceError.
    """
    added = ingest.add_sample(
        owner=batch.owner,
        file=file,
        label=label,
        record=lambda outcome: batch.count(position=1, **_counters(outcome)),
    )
    tasks.wake()
    if stored is not None:
        stored(added.sample)
    return added.outcome


def refuse(batch: Import, path: str, sentence: str) -> Literal["refused"]:
    """Note why a file of a batch does not come in; the tray says so."""
    with transaction.atomic():
        _tell(batch, ingest.clean(path), sentence)
        batch.count(position=1)
    return "refused"


def _counters(outcome: Outcome) -> dict[str, int]:
    return {"duplicates": 1} if outcome == "duplicate" else {"added": 1}


def _tell(batch: Import, path: str, message: str) -> None:
    name = path if len(path) <= 255 else "…" + path[-254:]  # noqa: PLR2004 - the column
    ImportProblem.objects.update_or_create(
        batch=batch, name=name, defaults={"message": message[:500]}
    )


def _receive_pack(batch: Import, file: "UploadedFile[bytes] | Path", path: str) -> Received:
    name = PurePosixPath(path).name
    try:
        with ingest.at_hand(file, name, settings.MAX_PACK_BYTES) as arrival:
            take_pack(batch.owner, str(batch.pk), arrival, name, lambda: batch.count(position=1))
    except Refused as reason:
        return refuse(batch, path, str(reason))
    return "pack"


def take_pack(
    owner: User,
    seed: str,
    arrival: ingest.Arrival,
    name: str,
    record: Callable[[], None],
    *,
    restores: bool = True,
) -> None:
    """Ask for a ZIP to be unpacked; the same one from the same place (`seed`) is one import.

    `record` is called in the transaction that writes the row. restores: sounds of it that lie in
    the trash come back.
    """
    pack = Import(
        owner=owner,
        kind=Import.Kind.PACK,
        key=str(uuid5(NAMESPACE_OID, f"{seed}/{arrival.sha256}")),
        name=name,
        pack_sha256=arrival.sha256,
        restores=restores,
    )
    known = Import.objects.filter(owner=owner, key=pack.key)
    if not known.exists():  # nobody would take the file of an old one away again
        storage.keep(arrival.path, pack.blob)
    with transaction.atomic():
        Import.objects.bulk_create([pack], ignore_conflicts=True)
        record()
        tasks.wake()


def load_demo(owner: User) -> Import:
    """Ask for the demo crate; a request that is still open is not made twice."""
    with transaction.atomic():
        asked = Import.objects.unfinished().filter(owner=owner, kind=Import.Kind.DEMO).first()
        batch = asked or Import.objects.create(
            owner=owner,
            kind=Import.Kind.DEMO,
            key=str(uuid4()),
            name="Demo crate",
            total=len(crate.DEMO),
        )
        tasks.wake()
    return batch


def work(batch: Import) -> dict[str, Any]:
    """Do a slice of an import, from where the last one ended; the worker's part.

    Each entry is counted in the transaction that writes its row, so that whoever goes on after a
    crash neither adds nor counts anything twice.
    """
    until = monotonic() + settings.SLICE_SECONDS
    steps = _demo_steps(batch) if batch.kind == Import.Kind.DEMO else _pack_steps(batch)
    try:
        for done, step in enumerate(steps, 1):
            step()
            if done % WAKE_EVERY == 0:
                tasks.wake(settings.WORKERS)
            if monotonic() >= until or tasks.stopping.is_set():
                tasks.wake(settings.WORKERS)
                raise GoOn
    except LeaseLost:
        return {}  # the row is another worker's; finishing it will find that out
    tasks.wake(settings.WORKERS)
    return _result(batch)


def _result(batch: Import) -> dict[str, Any]:
    batch.refresh_from_db(fields=["added", "duplicates", "total"])
    problems = batch.problems.exclude(message__endswith=ingest.NOT_A_SOUND).exists()
    if not batch.added + batch.duplicates:
        raise JobError(f"{batch.name} contains no sounds that can be read.")
    return {"state": State.PARTIAL if problems else State.COMPLETED}


def _demo_steps(batch: Import) -> Iterator[Callable[[], None]]:
    for place, sound in enumerate(crate.DEMO[batch.position :], batch.position):
        yield partial(_add_demo, batch, place, sound)


def _add_demo(batch: Import, place: int, sound: DemoSound) -> None:
    label = Label(
        path=f"{sound.folder}/{sound.name}.wav",
        tags=sound.tags,
        genre=sound.genre,
        hints=Hints(sound.sample_class, sound.is_loop, sound.bpm, sound.key or ""),
        pack=batch.name,
    )
    with TemporaryDirectory(dir=settings.TMP_DIR) as folder:
        _add(batch, place, crate.write(sound, Path(folder)), label)


def _pack_steps(batch: Import) -> Iterator[Callable[[], None]]:
    limits = packs.Limits(pack_bytes=settings.MAX_PACK_BYTES, file_bytes=settings.MAX_FILE_BYTES)
    try:
        with storage.local(batch.blob) as path, path.open("rb") as file:
            pack = packs.entries(file, limits)
            storage.require_space(pack.size * ingest.COPIES)
            sounds = [entry for entry in pack.entries if not licences.is_paper(entry.path)]
            _begin_pack(batch, pack, len(sounds))
            for place, entry in enumerate(sounds[batch.position :], batch.position):
                yield partial(_add_entry, batch, place, pack, entry)
    except FileNotFoundError as gone:
        raise JobError(f"{batch.name} is gone from the media folder.") from gone
    except packs.PackRefusedError as reason:
        raise JobError(f"{batch.name} could not be read: {reason}") from reason


def _begin_pack(batch: Import, pack: packs.Pack, total: int) -> None:
    """Note what was left out, and the pack with what its papers say; once for each import."""
    if batch.position:
        return
    found = [entry for entry in pack.entries if licences.is_paper(entry.path)]
    told = list(papers.of_zip(pack, found))
    with transaction.atomic():
        for name, reason in pack.skipped:
            _tell(batch, name, f"{PurePosixPath(name).name} was left out: {reason}.")
        batch.pack = origins.named(batch.owner, PurePosixPath(batch.name).stem)
        origins.add_papers(batch.pack, told)
        Import.objects.filter(pk=batch.pk).update(total=total, pack=batch.pack)


def _add_entry(batch: Import, place: int, pack: packs.Pack, entry: packs.Entry) -> None:
    root = PurePosixPath(batch.name).stem
    label = Label(path=f"{root}/{entry.path}", pack=batch.pack or root)
    name = PurePosixPath(entry.path).name
    try:
        ingest.check_extension(name)  # before anything is unpacked
        with storage.scratch(PurePosixPath(name).suffix.lower()) as path:
            with path.open("xb") as target:
                packs.copy_out(pack, entry, target)
            _add(batch, place, path, label)
    except (Refused, packs.EntryDamagedError) as reason:
        _refuse_entry(batch, place, entry.path, str(reason))


def _add(batch: Import, place: int, path: Path, label: Label) -> None:
    ingest.add_sample(
        owner=batch.owner,
        file=path,
        label=label,
        record=lambda outcome: _advance(batch, place, **_counters(outcome)),
        restore=batch.restores,
    )


def _refuse_entry(batch: Import, place: int, path: str, message: str) -> None:
    with transaction.atomic():
        _advance(batch, place)
        _tell(batch, path, message)


def _advance(batch: Import, place: int, **more: int) -> None:
    """Count one entry, if this worker still holds the import and is the first to come this far."""
    moved = Import.objects.filter(pk=batch.pk, token=batch.token, position=place).update(
        position=place + 1,
        touched_at=now(),
        **{name: F(name) + step for name, step in more.items()},
    )
    if not moved:
        raise LeaseLost


def sweep() -> None:
    """Forget the files of packs whose import has ended, however it did."""
    packed = Import.objects.filter(kind=Import.Kind.PACK).exclude(pack_sha256="")
    for batch in packed.exclude(state__in=OPEN_STATES):
        default_storage.delete(batch.blob)
        Import.objects.filter(pk=batch.pk).update(pack_sha256="")
    origins.forget_empty()


def end_upload(batch: Import) -> None:
    """Note that the browser sends no more files of this batch."""
    Import.objects.filter(pk=batch.pk).update(
        state=State.COMPLETED, total=F("position"), finished_at=now()
    )
