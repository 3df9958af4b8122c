"""Reads an uploaded ZIP pack without trusting any of it.

Nothing in a ZIP is a fact: counts, sizes, names and kinds are claims of whoever made it. So
the end records and the directory are walked here, within limits, before `zipfile` sees them
(it would build 200,000 objects first and ask later), and what is unpacked is bounded again
while it is read. Record layouts: PKWARE APPNOTE 6.3.10, sections 4.3.12 to 4.3.16.
"""

import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import IO

CHUNK = 1 << 20
ENCRYPTED = 1 | 1 << 6 | 1 << 13  # flags: password, strong encryption, hidden directory
UTF8 = 1 << 11
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # what all packers write
ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"})
CLUTTER = frozenset({".ds_store", "thumbs.db", "desktop.ini", "icon"})
NAME_LENGTH = 255
FOLDER_LENGTH = 500
LONGEST_EXTENSION = 20  # a longer one is part of the name

END = struct.Struct("<4s4H2IH")
LOCATOR64 = struct.Struct("<4sIQI")
END64 = struct.Struct("<4sQ2H2I4Q")
DIRECTORY_ENTRY = 46  # bytes before the name
LOCAL_ENTRY = 30
MAX_COMMENT = 0xFFFF
NOT_WHOLE = "This is not a whole ZIP file: its directory is missing or damaged."

# What zipfile raises for contents that are not what they claim. OSError is not among them:
# a disk that fails or fills is no fault of the pack.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


class PackRefusedError(Exception):
    """The whole pack cannot be taken; the message is a sentence for people."""


class EntryDamagedError(PackRefusedError):
    """One entry is not what it claims; the others may still be good."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a pack may hold: bytes, entries, and the growth of entries over 1 MB."""

    pack_bytes: int = 2 * 10**9
    unpacked_bytes: int = 4 * 10**9
    file_bytes: int = 500 * 10**6
    entries: int = 5_000
    directory_bytes: int = 8 * 10**6
    ratio: int = 200
    ratio_from: int = 10**6


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a pack: what zipfile needs, and its cleaned path "folder/name.wav"."""

    info: zipfile.ZipInfo
    path: str

    @property
    def size(self) -> int:
        """Size in bytes once unpacked; copy_out refuses an entry that is not so."""
        return self.info.file_size


@dataclass(frozen=True, slots=True)
class Pack:
    """An opened pack: entries to take, and (name, reason) of those that are not taken."""

    archive: zipfile.ZipFile
    entries: list[Entry]
    skipped: list[tuple[str, str]]

    @property
    def size(self) -> int:
        """Bytes that all entries need once unpacked."""
        return sum(entry.size for entry in self.entries)


def entries(file: IO[bytes], limits: Limits | None = None) -> Pack:
    """List what a ZIP offers; `file` stays open for as long as the pack is used.

    PackRefusedError when the whole is too large, damaged or a trap; single entries that are
    encrypted, nested, unsafe or no regular files are skipped with their reason, and what
    macOS and Windows leave in folders is passed over in silence.
    """
    limits = limits or Limits()
    directory_at = _check_directory(file, limits)
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGE as error:
        raise PackRefusedError(NOT_WHOLE) from error
    infos = archive.infolist()
    _refuse_overlap(infos, directory_at)
    pack = Pack(archive, [], [])
    for info in infos:
        _sort_in(pack, info, limits)
    if pack.size > limits.unpacked_bytes:
        raise PackRefusedError(f"The ZIP would unpack to more than {_size(limits.unpacked_bytes)}.")
    return pack


def copy_out(pack: Pack, entry: Entry, target: IO[bytes]) -> int:
    """Unpack one entry into `target` and return its size in bytes.

    EntryDamagedError when the content is not what the entry claims; `target` then holds a
    part of it, never more than the claimed size. OSError when the disk refuses.
    """
    total = 0
    for piece in _pieces(pack, entry):
        total += len(piece)
        target.write(piece)
    if total != entry.size:
        raise EntryDamagedError(f"“{entry.path}” is shorter than the ZIP says.")
    return total


def clean_path(name: str) -> str | None:
    """Return a relative path "folder/sub/name.wav" that is safe to show, or None.

    For names in ZIPs and for what a browser sends with a folder. Unicode is composed (NFC);
    control, format and bidirectional characters vanish; the name has at most 255 characters
    and its folders 500 (the outer ones go first). None for absolute paths, drive letters,
    ".." and for nothing at all.
    """
    if "\0" in name:
        return None
    text = _visible(name).replace("\\", "/")
    parts = [part.strip() for part in text.split("/")]
    if parts[0] == "" or parts[0][1:2] == ":" or ".." in parts:
        return None
    *folders, last = [_short(part) for part in parts if part not in {"", "."}] or [""]
    while len("/".join(folders)) > FOLDER_LENGTH:
        del folders[0]
    return "/".join([*folders, last]) or None


def is_clutter(path: str) -> bool:
    """Tell whether a cleaned path is what macOS or Windows leave beside people's files."""
    *folders, name = path.casefold().split("/")
    return "__macosx" in folders or name.startswith("._") or name in CLUTTER


def _check_directory(file: IO[bytes], limits: Limits) -> int:
    """Walk the directory within limits and return where it begins; PackRefusedError."""
    length = file.seek(0, 2)
    if length > limits.pack_bytes:
        raise PackRefusedError(f"The ZIP is larger than {_size(limits.pack_bytes)}.")
    count, size, at = _end_record(file, length)
    if count > limits.entries:
        raise PackRefusedError(f"The ZIP has {count:,} entries; at most {limits.entries:,} go.")
    if size > limits.directory_bytes:
        raise PackRefusedError("The ZIP's list of contents is too long to be read.")
    file.seek(at)
    directory, place, found = file.read(size), 0, 0
    while place < len(directory) and found <= count:
        head = directory[place : place + DIRECTORY_ENTRY]
        if len(head) < DIRECTORY_ENTRY or not head.startswith(b"PK\1\2"):
            raise PackRefusedError(NOT_WHOLE)
        place += DIRECTORY_ENTRY + sum(struct.unpack("<3H", head[28:34]))
        found += 1
    if found != count or place != size:
        raise PackRefusedError(NOT_WHOLE)
    return at


def _end_record(file: IO[bytes], length: int) -> tuple[int, int, int]:
    """Return entry count, directory size and directory offset, where all of it fits.

    The end record is looked for as zipfile does: one that ends the file, else the last one.
    Whatever another reader could understand differently is refused.
    """
    window = min(length, LOCATOR64.size + END.size + MAX_COMMENT)
    file.seek(length - window)
    tail = file.read(window)
    found = len(tail) - END.size
    if not (tail[found:].startswith(b"PK\5\6") and tail.endswith(b"\0\0")):
        found = tail.rfind(b"PK\5\6")
    if found < 0 or len(tail) - found < END.size:
        raise PackRefusedError(NOT_WHOLE)
    _, disk, first_disk, here, count, size, at, _ = END.unpack_from(tail, found)
    end = length - window + found
    if here != count or disk != first_disk:
        raise PackRefusedError("The ZIP is one part of several; a single file is needed.")
    if found >= LOCATOR64.size and tail[found - LOCATOR64.size :].startswith(b"PK\6\7"):
        end -= LOCATOR64.size + END64.size
        count, size, at = _end_record64(file, end)
    if at + size != end:
        raise PackRefusedError(NOT_WHOLE)
    return count, size, at


def _end_record64(file: IO[bytes], end: int) -> tuple[int, int, int]:
    """Return the same three from the ZIP64 record, which must stand at `end`."""
    if end < 0:
        raise PackRefusedError(NOT_WHOLE)
    file.seek(end)
    magic, size_of, _, _, _, _, _, count, size, at = END64.unpack(file.read(END64.size))
    place = LOCATOR64.unpack(file.read(LOCATOR64.size))[2]
    if magic != b"PK\6\6" or size_of != END64.size - 12 or place != end:
        raise PackRefusedError(NOT_WHOLE)
    return count, size, at


def _refuse_overlap(infos: list[zipfile.ZipInfo], directory_at: int) -> None:
    """Raise PackRefusedError when two entries share bytes, as in small bombs."""
    spans = sorted(
        (info.header_offset, info.header_offset + LOCAL_ENTRY + info.compress_size)
        for info in infos
    )
    for (_, end), (start, _) in pairwise([*spans, (directory_at, directory_at)]):
        if start < end:
            raise PackRefusedError("The ZIP is a trap or damaged: entries overlap in it.")


def _sort_in(pack: Pack, info: zipfile.ZipInfo, limits: Limits) -> None:
    """Put one entry where it belongs: taken, skipped with a reason, or passed over."""
    name = _name(info)
    if name.endswith(("/", "\\")):
        return
    path = clean_path(name)
    if path is None:
        pack.skipped.append((_visible(name)[:NAME_LENGTH], "its name is not a safe path"))
    elif is_clutter(path):
        return
    elif reason := _reason_against(info, path, limits):
        pack.skipped.append((path, reason))
    else:
        pack.entries.append(Entry(info, path))


def _reason_against(info: zipfile.ZipInfo, path: str, limits: Limits) -> str:
    """Return in plain words why an entry is not taken; empty when it is."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    grown = info.file_size > limits.ratio * max(1, info.compress_size)
    reasons = {
        "it is a link or device, not a file": kind not in {0, stat.S_IFREG},
        "it is locked with a password": info.flag_bits & ENCRYPTED,
        "its kind of compression is not supported": info.compress_type not in METHODS,
        "it is an archive inside the archive": PurePosixPath(path).suffix.lower() in ARCHIVES,
        f"it is larger than {_size(limits.file_bytes)}": info.file_size > limits.file_bytes,
        f"it would grow to more than {limits.ratio} times its size": (
            grown and info.file_size > limits.ratio_from
        ),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _pieces(pack: Pack, entry: Entry) -> Iterator[bytes]:
    try:
        with pack.archive.open(entry.info) as source:
            while piece := source.read(CHUNK):
                yield piece
    except DAMAGE as error:
        raise EntryDamagedError(f"“{entry.path}” is damaged inside the ZIP.") from error


def _name(info: zipfile.ZipInfo) -> str:
    """Return the whole name as written; macOS writes UTF-8 without saying so."""
    name = info.orig_filename
    if info.flag_bits & UTF8:
        return name
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _visible(text: str) -> str:
    """Return composed text without control, format, private and unassigned characters."""
    kept = "".join(char for char in text if unicodedata.category(char)[0] != "C")
    return unicodedata.normalize("NFC", kept).strip()


def _short(part: str) -> str:
    """Return a part of a path in at most 255 characters, with its extension."""
    if len(part) <= NAME_LENGTH:
        return part
    extension = PurePosixPath(part).suffix
    if len(extension) > LONGEST_EXTENSION:
        extension = ""
    return part[: NAME_LENGTH - len(extension)].rstrip() + extension


def _size(size_bytes: int) -> str:
    """Return a limit for people: "2 GB", "500 MB"."""
    return f"{size_bytes / 1e9:g} GB" if size_bytes >= 10**9 else f"{size_bytes / 1e6:g} MB"
