"""A ZIP that is never built: what its members are tells every byte of it beforehand.

Layout after PKWARE's APPNOTE 6.3.10: members are stored, not deflated; sizes and checksums
stand before the data (no data descriptors), so that any range can be made without the
bytes before it; ZIP64 fields appear only where a value does not fit; the same members give
the same bytes each time.
"""

import hashlib
import struct
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import IO
from zlib import crc32

CHUNK = 256 * 1024
MAX16 = 0xFFFF  # in a field of 16 or 32 bits: "look into the ZIP64 field"
MAX32 = 0xFFFFFFFF
UTF8 = 0x800  # general purpose bit 11
PLAIN, ZIP64 = 20, 45  # version needed to extract: 2.0, and 4.5 for ZIP64
MADE_BY_UNIX = 3 << 8
REGULAR_FILE = 0o100644 << 16
FIRST_YEAR, LAST_YEAR = 1980, 2107  # what a DOS date can hold

LOCAL = struct.Struct("<4s5H3I2H")  # APPNOTE 4.3.7
CENTRAL = struct.Struct("<4s6H3I5H2I")  # 4.3.12
END64 = struct.Struct("<4sQ2H2I4Q")  # 4.3.14
LOCATOR64 = struct.Struct("<4sIQI")  # 4.3.15
END = struct.Struct("<4s4H2IH")  # 4.3.16
ZIP64_EXTRA = 1  # 4.5.3

Moment = tuple[int, int, int, int, int, int]  # year, month, day, hour, minute, second
Section = tuple[int, int, Callable[[int, int], Iterator[bytes]]]


class UnsafeNameError(ValueError):
    """A member's name would not unpack to a file of its own below the chosen folder."""


class MemberChangedError(OSError):
    """A file is no longer what the archive promised: the download must break off."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file: path with "/", size in bytes, CRC-32, time, and how to open its bytes.

    A `modified` of type datetime is written as its own clock shows it, whatever its zone.
    """

    name: str
    size: int
    crc32: int
    modified: datetime | Moment
    open: Callable[[], IO[bytes]]

    @property
    def dos_time(self) -> tuple[int, int]:
        """Time and date as DOS counts them: two-second steps from 1980."""
        moment = self.modified
        if isinstance(moment, datetime):
            moment = moment.timetuple()[:6]
        year, month, day, hour, minute, second = moment
        if year < FIRST_YEAR:
            return 0, 1 << 5 | 1
        date = (min(year, LAST_YEAR) - FIRST_YEAR) << 9 | month << 5 | day
        return hour << 11 | minute << 5 | min(second, 59) // 2, date


class Archive:
    """A ZIP of members in the given order: its length, its ETag and any range of bytes."""

    def __init__(self, members: Iterable[Member]) -> None:
        """Lay the archive out; UnsafeNameError for names that must not be written."""
        self._members = list(members)
        _refuse_unsafe([member.name for member in self._members])
        lengths = [len(_local_header(m)) + m.size for m in self._members]
        *self._offsets, self._directory_at = accumulate(lengths, initial=0)
        self._directory = self._closing()

    @property
    def length(self) -> int:
        """Length of the whole archive in bytes."""
        return self._directory_at + len(self._directory)

    @property
    def etag(self) -> str:
        """Strong validator, quoted: names, sizes, checksums and times make it."""
        return f'"{hashlib.sha256(self._directory).hexdigest()[:32]}"'

    def stream(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from `start` up to `end` (exclusive; None for all the rest).

        Members are opened one at a time. MemberChangedError when one has another length
        than promised, or another CRC-32 where it is read as a whole; the bytes that would
        have completed it are not sent.
        """
        end = self.length if end is None else end
        if not 0 <= start <= end <= self.length:
            raise ValueError(f"No bytes {start} to {end} in {self.length}.")
        for at, size, read in self._sections(start):
            if at >= end:
                break
            first, last = max(start - at, 0), min(end - at, size)
            if first < last:
                yield from read(first, last)

    def _sections(self, start: int) -> Iterator[Section]:
        """Yield where each part begins, its length and its reader, from `start` on."""
        index = max(bisect_right(self._offsets, start) - 1, 0)
        for member, at in zip(self._members[index:], self._offsets[index:], strict=True):
            header = _local_header(member, at)
            yield at, len(header), _of_bytes(header)
            yield at + len(header), member.size, _of_member(member)
        yield self._directory_at, len(self._directory), _of_bytes(self._directory)

    def _closing(self) -> bytes:
        """Return the central directory and the records that end the file."""
        directory = b"".join(map(_central_header, self._members, self._offsets))
        count, size, at = len(self._members), len(directory), self._directory_at
        ends = b""
        if count >= MAX16 or size >= MAX32 or at >= MAX32:
            ends = END64.pack(
                b"PK\6\6",
                END64.size - 12,  # what follows this field
                MADE_BY_UNIX | ZIP64,
                ZIP64,
                0,
                0,
                count,
                count,
                size,
                at,
            ) + LOCATOR64.pack(b"PK\6\7", 0, at + size, 1)
        few = min(count, MAX16)
        sizes = min(size, MAX32), min(at, MAX32)
        return directory + ends + END.pack(b"PK\5\6", 0, 0, few, few, *sizes, 0)


def _refuse_unsafe(names: list[str]) -> None:
    """Raise UnsafeNameError unless every name is a relative path of its own."""
    files: set[str] = set()
    folders: set[str] = set()
    for name in names:
        parts = name.split("/")
        if {"", ".", ".."} & set(parts) or "\\" in name or name[1:2] == ":":
            raise UnsafeNameError(f"Not a relative path: {name!r}")
        if any(unicodedata.category(char) in {"Cc", "Cs"} for char in name):
            raise UnsafeNameError(f"Control characters in {name!r}")
        if len(name.encode()) > MAX16:
            raise UnsafeNameError(f"Name too long: {name[:40]!r}…")
        key = name.casefold()
        if key in files:
            raise UnsafeNameError(f"Twice in one archive: {name!r}")
        files.add(key)
        folders.update(accumulate(key.split("/")[:-1], "{}/{}".format))
    if both := files & folders:
        raise UnsafeNameError(f"A file and a folder at once: {min(both)!r}")


def _common(member: Member, at: int) -> tuple[int, ...]:
    """Return the ten fields that local and central headers share, up to the extra field.

    They are: version, flags, method 0 (stored), time, date, CRC-32, both sizes.
    """
    version = ZIP64 if max(member.size, at) >= MAX32 else PLAIN
    size = min(member.size, MAX32)
    flags = 0 if member.name.isascii() else UTF8
    return version, flags, 0, *member.dos_time, member.crc32, size, size


def _zip64(*values: int) -> bytes:
    """Return the extra field that holds those values that 32 bits cannot."""
    large = [value for value in values if value >= MAX32]
    form = f"<2H{len(large)}Q"
    return struct.pack(form, ZIP64_EXTRA, 8 * len(large), *large) if large else b""


def _local_header(member: Member, at: int = 0) -> bytes:
    name, extra = member.name.encode(), _zip64(member.size, member.size)
    fields = (*_common(member, at), len(name), len(extra))
    return LOCAL.pack(b"PK\3\4", *fields) + name + extra


def _central_header(member: Member, at: int) -> bytes:
    name, extra = member.name.encode(), _zip64(member.size, member.size, at)
    version, *rest = _common(member, at)
    return (
        CENTRAL.pack(
            b"PK\1\2",
            MADE_BY_UNIX | version,
            version,
            *rest,
            len(name),
            len(extra),
            0,  # comment
            0,  # disk
            0,  # internal attributes
            REGULAR_FILE,
            min(at, MAX32),
        )
        + name
        + extra
    )


def _of_bytes(data: bytes) -> Callable[[int, int], Iterator[bytes]]:
    def read(first: int, last: int) -> Iterator[bytes]:
        yield data[first:last]

    return read


def _of_member(member: Member) -> Callable[[int, int], Iterator[bytes]]:
    def read(first: int, last: int) -> Iterator[bytes]:
        check = 0
        with member.open() as file:
            file.seek(first)
            for at in range(first, last, CHUNK):
                wanted = min(CHUNK, last - at)
                piece = _exactly(file, wanted, member)
                check = crc32(piece, check)
                if at + wanted == member.size:
                    _refuse_changed(member, file, None if first else check)
                yield piece

    return read


def _exactly(file: IO[bytes], wanted: int, member: Member) -> bytes:
    """Read `wanted` bytes, however few a single read returns."""
    piece = bytearray()
    while len(piece) < wanted:
        more = file.read(wanted - len(piece))
        if not more:
            raise MemberChangedError(f"{member.name} is shorter than it was")
        piece += more
    return bytes(piece)


def _refuse_changed(member: Member, file: IO[bytes], check: int | None) -> None:
    """Raise MemberChangedError at the end of a member that is not what was promised."""
    if file.read(1):
        raise MemberChangedError(f"{member.name} is longer than it was")
    if check not in {None, member.crc32}:
        raise MemberChangedError(f"{member.name} has other bytes than it had")
