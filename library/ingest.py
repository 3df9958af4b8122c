"""Add a sound to a library: hash, look at the header, store the file, then write the row.

Nothing is decoded here, so that a web process may do it; the worker's analysis is the first to.
"""

import hashlib
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Literal

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from library import guesses, origins, packs, pulse, search, storage, usage
from library.audio import headers, names
from library.audio.errors import AudioError, UnsupportedFormat
from library.audio.names import Hints
from library.audio.sniff import EXTENSIONS
from library.jobs import FULL, NoSpaceError, State
from library.models import Analysis, Pack, Sample, Tag

Outcome = Literal["added", "duplicate", "restored"]

CHUNK = 1 << 20
COPIES = 3  # the arriving file, the stored one and its preview
NOT_A_SOUND = " is not a sound. Skipped."
OTHER_SOUNDS = {
    ".wma", ".aac", ".opus", ".ape", ".wv", ".caf", ".ac3", ".amr", ".au", ".snd", ".mid", ".midi",
    ".mp2", ".mka", ".mpc", ".ra", ".rx2", ".rex", ".dsf", ".tta", ".w64", ".weba", ".webm", ".mp4",
}  # fmt: skip


class Refused(Exception):  # noqa: N818 - reads as what happened
    """A file that does not come in; the message is a sentence for its owner."""

    @property
    def is_sound(self) -> bool:
        """Tell a broken sound from a file that was never meant to be one."""
        return not str(self).endswith(NOT_A_SOUND)


@dataclass(frozen=True)
class Label:
    """What is known of an arriving file besides its bytes.

    path: its name, perhaps with folders before it: `Drums/kick.wav`. hints: labels that are given
    and therefore no guesses; otherwise names are asked. pack: what it came in, or its name, which
    becomes one with the first sound that comes in.
    """

    path: str
    tags: tuple[str, ...] = ()
    genre: str = ""
    hints: Hints | None = None
    pack: Pack | str = ""


@dataclass(frozen=True)
class Added:
    """The sample and whether it is new."""

    sample: Sample
    outcome: Outcome


@dataclass(frozen=True)
class Arrival:
    """A file at hand: its bytes on the media file system, its digest and size."""

    path: Path
    sha256: str
    size: int


def add_sample(
    *,
    owner: User,
    file: "Path | UploadedFile[bytes]",
    label: Label,
    record: Callable[[Outcome], None] | None = None,
    restore: bool = True,
) -> Added:
    """Take a file into a person's library, or find that it is there already.

    `record` is called in the transaction that writes the row, so that a counter and the row stand
    or fall together. restore: what lies in the trash comes back; without it stays there, for nobody
    has asked for it. The caller wakes the workers. Raises Refused with a sentence for people and
    NoSpaceError when the disk is full or the owner's share of it used up.
    """
    label = replace(label, path=clean(label.path))
    name = PurePosixPath(label.path).name
    check_extension(name)
    with at_hand(file, name) as arrival:
        return add_arrival(
            owner=owner, arrival=arrival, label=label, record=record, restore=restore
        )


def add_arrival(
    *,
    owner: User,
    arrival: "Arrival",
    label: Label,
    record: Callable[[Outcome], None] | None = None,
    restore: bool = True,
) -> Added:
    """Take in a file that lies at hand and has been hashed; else as `add_sample`."""
    again = partial(_again, arrival=arrival, label=label, record=record, restore=restore)
    mine = Sample.objects.filter(owner=owner, sha256=arrival.sha256)
    known = mine.first()
    if known is not None and (added := again(known)) is not None:
        return added
    header = _probe(arrival.path, PurePosixPath(label.path).name)
    blank = _described(Sample(owner=owner, sha256=arrival.sha256), label, header)
    blank.size_bytes = arrival.size
    usage.require(owner, arrival.size)
    _store(arrival, blank.blob)
    try:
        return _write(blank, label, record)
    except IntegrityError:  # the same file came in at the same time
        if (added := again(mine.get())) is not None:
            return added
        raise


def _store(arrival: Arrival, name: str) -> None:
    try:
        storage.keep(arrival.path, name)
    except OSError as fault:
        _raise_when_full(fault, arrival.size)
        raise


def _raise_when_full(fault: OSError, size: int) -> None:
    if fault.errno in FULL:
        raise NoSpaceError(storage.no_room(size * COPIES)) from fault


def look(*, owner: User, file: "Path | UploadedFile[bytes]", label: Label) -> tuple[Outcome, str]:
    """Say what `add_sample` would make of a file, and its digest; nothing is kept."""
    name = PurePosixPath(clean(label.path)).name
    check_extension(name)
    with at_hand(file, name) as arrival:
        known = Sample.objects.filter(owner=owner, sha256=arrival.sha256).first()
        if known is not None:
            return "duplicate" if known.deleted_at is None else "restored", arrival.sha256
        _probe(arrival.path, name)
        return "added", arrival.sha256


def _write(blank: Sample, label: Label, record: Callable[[Outcome], None] | None) -> Added:
    with transaction.atomic():
        blank.pack = _pack(blank.owner, label)
        tags = Tag.objects.named(blank.owner, label.tags)
        blank.search_text = search.text_of(blank, [tag.name for tag in tags])
        blank.save(force_insert=True)
        blank.tags.add(*tags)
        Analysis.objects.create(sample=blank)
        if record is not None:
            record("added")
        return Added(blank, "added")


def _pack(owner: User, label: Label) -> Pack | None:
    if isinstance(label.pack, str):
        return origins.named(owner, label.pack) if label.pack else None
    return label.pack


def _again(
    known: Sample,
    *,
    arrival: Arrival,
    label: Label,
    record: Callable[[Outcome], None] | None,
    restore: bool,
) -> Added | None:
    """Deal with a sound that is known; None when it has been deleted for good meanwhile."""
    comes_back = restore or known.deleted_at is None
    if comes_back and not default_storage.exists(known.blob):
        _store(arrival, known.blob)
    with transaction.atomic():
        sample = Sample.objects.select_for_update().filter(pk=known.pk).first()
        if sample is None:
            return None
        outcome: Outcome = "duplicate"
        if comes_back:
            outcome = _known_again(sample, label)
        if record is not None:
            record(outcome)
        return Added(sample, outcome)


def _known_again(sample: Sample, label: Label) -> Outcome:
    """Bring back what is in the trash or had lost its file; leave all else as it is.

    A sound that came without a pack is known to belong to one from now on.
    """
    outcome: Outcome = "duplicate" if sample.deleted_at is None else "restored"
    rows = Sample.objects.filter(pk=sample.pk)
    if sample.is_missing:
        Analysis.objects.filter(sample=sample).exclude(state=State.COMPLETED).update(
            state=State.PENDING, attempts=0, error="", lease_until=None
        )
    if sample.is_missing or sample.deleted_at is not None:
        rows.update(deleted_at=None, is_missing=False)
        sample.deleted_at, sample.is_missing = None, False
    if sample.pack_id is None and (pack := _pack(sample.owner, label)) is not None:
        rows.update(pack=pack)
        sample.pack = pack
    return outcome


def clean(path: str) -> str:
    """Return a path that is safe to keep and to show; of a trap only the name is kept."""
    path = path.replace("\0", "")
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    return packs.clean_path(path) or packs.clean_path(name) or "unnamed"


def check_extension(name: str) -> None:
    """Raise Refused for a name without one of the supported extensions."""
    extension = PurePosixPath(name).suffix.lower()
    if extension in EXTENSIONS:
        return
    if extension in OTHER_SOUNDS:
        known = ", ".join(EXTENSIONS)
        raise Refused(f"{name} is of a kind that cannot be read here. Supported: {known}.")
    raise Refused(name + NOT_A_SOUND)


def _probe(path: Path, name: str) -> headers.Header:
    try:
        return headers.probe(path)
    except UnsupportedFormat as error:
        raise Refused(f"{name} could not be read: {error}.") from error
    except AudioError as error:
        raise Refused(unreadable(name, error)) from error


def unreadable(name: str, reason: Exception) -> str:
    """Return the sentence about a sound that cannot be read."""
    return f"{name} could not be read: {reason}. Try saving it again as WAV."


def _described(sample: Sample, label: Label, header: headers.Header) -> Sample:
    """Fill in a new row: names, the header's facts, and what is known or guessed of the sound."""
    folder, _, name = label.path.rpartition("/")
    sample.title = PurePosixPath(name).stem[:200]
    sample.original_name = name
    sample.folder = folder
    sample.genre = " ".join(label.genre.split())[:60]
    sample.format, sample.codec = header.format, header.subtype
    sample.sample_rate, sample.channels = header.rate, header.channels
    sample.bit_depth, sample.frames, sample.seconds = (
        header.bit_depth,
        header.frames,
        header.seconds,
    )
    about = label.hints or names.guess(name, folder)
    guesses.describe(sample, about, given=label.hints is not None)
    return sample


@contextmanager
def at_hand(
    file: "Path | UploadedFile[bytes]", name: str, most: int | None = None
) -> Iterator[Arrival]:
    """Hash a file where Django put it; copy any other to the media file system while hashing.

    most: bytes allowed, MAX_FILE_BYTES by default. Raises Refused and NoSpaceError.
    """
    most = most or settings.MAX_FILE_BYTES
    if isinstance(file, UploadedFile):
        _check_size(file.size or 0, name, most)
        if hasattr(file, "temporary_file_path"):
            digest = hashlib.sha256()
            for chunk in file.chunks(CHUNK):
                digest.update(chunk)
            yield Arrival(Path(file.temporary_file_path()), digest.hexdigest(), file.size or 0)
            return
        chunks: Iterable[bytes] = file.chunks(CHUNK)
    else:
        chunks = _chunks(file, name, most)
    with storage.scratch(PurePosixPath(name).suffix.lower()) as path:
        yield _copied(chunks, path, name, most)


def _copied(chunks: Iterable[bytes], path: Path, name: str, most: int) -> Arrival:
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as copy:
            for chunk in chunks:
                pulse.mine.step()
                size += len(chunk)
                _check_size(size, name, most)
                digest.update(chunk)
                copy.write(chunk)
    except OSError as fault:
        _raise_when_full(fault, size)
        raise
    return Arrival(path, digest.hexdigest(), size)


def _chunks(path: Path, name: str, most: int) -> Iterator[bytes]:
    """Read a file of the machine; a pipe is never opened, for that would wait."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Refused(f"{name} could not be read: it is not a regular file.")
        _check_size(found.st_size, name, most)
        storage.require_space(found.st_size * COPIES)
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except OSError as fault:
        is_forbidden = isinstance(fault, PermissionError)
        if not is_forbidden and fault.errno not in headers.NOWHERE:
            raise
        reason = "permission denied" if is_forbidden else "it is gone"
        raise Refused(f"{name} could not be read: {reason}.") from fault


def _check_size(size: int, name: str, most: int) -> None:
    if size > most:
        raise Refused(f"{name} is too big: it may have {storage.megabytes(most)} at most.")
