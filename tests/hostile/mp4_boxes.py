"""Take MP4 apart box by box and put it together again, so that any part of it can lie."""

import struct
from collections.abc import Iterator

import numpy as np

from tests.hostile.encoded import m4a

FOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"dinf", b"udta"}


def boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of a file or folder: name and body (ISO 14496-12, 4.2)."""
    while data:
        size = int.from_bytes(data[:4])
        yield data[4:8], data[8:size]
        data = data[size:]


def box(name: bytes, body: bytes, size: int | None = None) -> bytes:
    """A box; size: what it claims to be."""
    return struct.pack(">I4s", 8 + len(body) if size is None else size, name) + body


def changed(data: bytes, at: bytes, new) -> bytes:
    """The same file with one kind of box made anew: `new` gets its body and returns whole boxes.

    The samples' addresses stay right as long as the boxes come behind them.
    """
    found = []
    for name, body in boxes(data):
        if name == at:
            found.append(new(body))
        else:
            found.append(box(name, changed(body, at, new) if name in FOLDERS else body))
    return b"".join(found)


def patched(at: bytes, where: int, value: bytes, data: bytes | None = None) -> bytes:
    """The usual AAC with some bytes in the body of a box replaced."""
    end = where + len(value)
    return changed(data or m4a(), at, lambda body: box(at, body[:where] + value + body[end:]))


def moov_first(data: bytes) -> bytes:
    """The same file with its moov before its mdat, as for a download."""
    parts = dict(boxes(data))
    shift = 8 + len(parts[b"moov"])

    def moved(body: bytes) -> bytes:
        addresses = np.frombuffer(body[8:], ">u4") + np.uint32(shift)
        return box(b"stco", body[:8] + addresses.astype(">u4").tobytes())

    moov = changed(box(b"moov", parts.pop(b"moov")), b"stco", moved)
    ftyp = box(b"ftyp", parts.pop(b"ftyp"))
    return ftyp + moov + b"".join(box(name, body) for name, body in parts.items())
