"""The chunks of RIFF (WAV, RF64, RIFX) and FORM (AIFF): where they lie and how large they say.

Sources: Microsoft's "Multimedia Programming Interface 1.0", EBU Tech 3306 (RF64), Apple's "Audio
Interchange File Format 1.3".
"""

from collections.abc import Iterator
from typing import BinaryIO, Literal, NamedTuple

from library.audio.sniff import behind_tag

MOST_CHUNKS = 3_000
HEAD = 40
"""Bytes kept of each chunk: a WAVE_FORMAT_EXTENSIBLE is as long."""

FIRST_PRINTABLE, LAST_PRINTABLE = 0x20, 0x7E

Order = Literal["little", "big"]


class Chunk(NamedTuple):
    """A chunk's claimed size, where its body starts, and the first bytes of that."""

    size: int
    start: int
    body: bytes


class Chunks(NamedTuple):
    """A file's own name and kind (`RIFF`, `WAVE`), its byte order, and its chunks by name."""

    magic: bytes
    kind: bytes
    order: Order
    found: dict[bytes, Chunk]


def chunks(file: BinaryIO) -> Chunks:
    """Walk the chunks, behind an ID3 tag if there is one; of equal names the first counts.

    At most `MOST_CHUNKS` heads are read, and of each body `HEAD` bytes.
    """
    file.seek(behind_tag(file))
    head = file.read(12)
    magic, kind = head[:4], head[8:]
    order: Order = "big" if magic in {b"FORM", b"RIFX"} else "little"
    found: dict[bytes, Chunk] = {}
    for name, chunk in walk(file, file.tell(), order):
        found.setdefault(name, chunk)
    return Chunks(magic, kind, order, found)


def walk(file: BinaryIO, start: int, order: Order) -> Iterator[tuple[bytes, Chunk]]:
    """Yield the chunks from a place on, in the file's order; the caller may seek meanwhile."""
    at = start
    for _ in range(MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:  # noqa: PLR2004 - name and size
            break
        size, body = int.from_bytes(head[4:], order), at + 8
        yield head[:4], Chunk(size, body, file.read(min(size, HEAD)))
        at = body + size if size & 1 == 0 else _behind_odd(file, body + size)


def _behind_odd(file: BinaryIO, end: int) -> int:
    """Where the chunk after one of odd size begins: one byte further, as a rule.

    Some writers forget that byte. Then a name stands where it should be, and none behind it.
    """
    file.seek(end)
    seen = file.read(5)
    is_forgotten = _is_name(seen[:4]) and not _is_name(seen[1:])
    return end if is_forgotten else end + 1


def _is_name(four: bytes) -> bool:
    return all(FIRST_PRINTABLE <= byte <= LAST_PRINTABLE for byte in four)
