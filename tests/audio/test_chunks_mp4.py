"""The list of iTunes in MP4 files."""

import struct

import pytest

from library.audio.chunks import mp4
from library.audio.chunks.embedded import NOTHING, Embedded
from library.audio.chunks.reading import read


def box(name: bytes, *inner: bytes, size=None) -> bytes:
    body = b"".join(inner)
    return struct.pack(">I", len(body) + 8 if size is None else size) + name + body


def value(raw: bytes, kind=21) -> bytes:
    return box(b"data", struct.pack(">II", kind, 0), raw)


def free(name: bytes, raw: bytes) -> bytes:
    mean = box(b"mean", bytes(4), b"com.apple.iTunes")
    return box(b"----", mean, box(b"name", bytes(4), name), value(raw, 1))


def whole(*items: bytes, full=True) -> bytes:
    """A file with such a list; full: `meta` as ISO has it, not as QuickTime."""
    handler = box(b"hdlr", bytes(25))
    meta = box(b"meta", bytes(4 if full else 0), handler, box(b"ilst", *items))
    moov = box(b"moov", box(b"mvhd", bytes(100)), box(b"udta", meta))
    return box(b"ftyp", b"M4A ", bytes(4)) + box(b"mdat", bytes(50)) + moov


@pytest.fixture
def said(tmp_path):
    def of(raw: bytes) -> Embedded:
        path = tmp_path / "sound.m4a"
        path.write_bytes(raw)
        return read(path)

    return of


@pytest.mark.parametrize("full", [True, False])
def test_the_list_tells(said, full):
    items = (
        box(b"\xa9nam", value(b"x", 1)),
        box(b"tmpo", value(struct.pack(">H", 92))),
        free(b"initialkey", b"Am"),
        box(b"\xa9gen", value(b"Boom bap", 1)),
    )
    assert said(whole(*items, full=full)) == Embedded(bpm=92.0, key="Am", genre="Boom bap")


def test_a_free_text_may_tell_the_tempo_exactly(said):
    assert said(whole(free(b"BPM", b"92.5"))) == Embedded(bpm=92.5)
    assert said(whole(free(b"mood", b"dark"))) == NOTHING


@pytest.mark.parametrize("raw", [b"", b"\0\0", b"\xff\xff", b"\0"])
def test_a_tempo_that_can_be_none_is_none(said, raw):
    assert said(whole(box(b"tmpo", value(raw)))) == NOTHING


def test_what_lacks_its_parts_says_nothing(said):
    assert said(whole()) == NOTHING
    assert said(whole(box(b"tmpo"), box(b"----"), box(b"\xa9gen"))) == NOTHING
    assert said(box(b"ftyp", bytes(8))) == NOTHING
    assert said(box(b"ftyp", bytes(8)) + box(b"moov", box(b"udta"))) == NOTHING


def test_sizes_that_lie(said):
    tempo = box(b"tmpo", value(struct.pack(">H", 92)))
    assert said(whole(box(b"free", size=3), tempo)) == NOTHING  # shorter than its head
    assert said(whole(box(b"free", size=0xFFFF_FFFF), tempo)) == NOTHING
    assert said(whole(box(b"tmpo", value(struct.pack(">H", 92)), size=0))) == Embedded(bpm=92.0)
    wide = struct.pack(">I4sQ", 1, b"tmpo", 16 + len(tempo) - 8) + tempo[8:]
    assert said(whole(wide)) == Embedded(bpm=92.0)
    wide = struct.pack(">I4sQ", 1, b"tmpo", (1 << 64) - 1) + tempo[8:]
    assert said(whole(wide)) == Embedded(bpm=92.0)


def test_boxes_without_end_are_not_read_for_ever(said):
    tempo = box(b"tmpo", value(struct.pack(">H", 92)))
    assert said(whole(*[box(b"free")] * mp4.MOST_BOXES, tempo)) == NOTHING
