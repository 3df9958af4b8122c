"""Comments in Ogg and FLAC files."""

import struct

import pytest

from library.audio.chunks import vorbis
from library.audio.chunks.embedded import NOTHING, Embedded
from library.audio.chunks.reading import read

SAID = (b"TITLE=x", b"bpm=92", b"InitialKey=Am", b"GENRE=Boom bap")
MEANT = Embedded(bpm=92.0, key="Am", genre="Boom bap")
HUGE = 0xFFFF_FFFF


def comments(*texts: bytes, vendor=b"me", count=None, size=None) -> bytes:
    held = len(texts) if count is None else count
    raw = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", held)
    for text in texts:
        raw += struct.pack("<I", len(text) if size is None else size) + text
    return raw


def block(kind: int, body: bytes, *, last=False, size=None) -> bytes:
    return bytes([kind | 0x80 * last]) + (len(body) if size is None else size).to_bytes(3) + body


def pages(*packets: bytes, most=255) -> bytes:
    """Packets in Ogg pages of at most so many segments each."""
    segments = []
    for packet in packets:
        full, rest = divmod(len(packet), 255)
        cuts = [packet[255 * number : 255 * number + 255] for number in range(full)]
        segments += [*cuts, packet[255 * full :]] if rest or not full else [*cuts, b""]
    made = b""
    for at in range(0, len(segments), most):
        some = segments[at : at + most]
        head = b"OggS" + bytes(22) + bytes([len(some)]) + bytes(map(len, some))
        made += head + b"".join(some)
    return made


@pytest.fixture
def said(tmp_path):
    def of(raw: bytes) -> Embedded:
        path = tmp_path / "sound"
        path.write_bytes(raw)
        return read(path)

    return of


def flac(*blocks: bytes) -> bytes:
    return b"fLaC" + block(0, bytes(34)) + b"".join(blocks)


def test_a_flac_tells(said):
    assert said(flac(block(1, bytes(9)), block(4, comments(*SAID), last=True))) == MEANT
    assert said(
        b"ID3\3\0\0\0\0\0\2\0\0" + flac(block(4, comments(*SAID), last=True))
    )  # behind a tag


def test_a_flac_without_comments_says_nothing(said):
    assert said(flac(block(1, b"", last=True), block(4, comments(*SAID)))) == NOTHING
    assert said(flac()) == NOTHING
    assert said(flac(block(1, b"", size=0xFF_FFFF), block(4, comments(*SAID)))) == NOTHING
    assert said(flac(*[block(1, b"")] * vorbis.MOST_BLOCKS, block(4, comments(*SAID)))) == NOTHING


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (b"\1vorbis" + bytes(23), b"\3vorbis" + comments(*SAID)),
        (b"OpusHead" + bytes(11), b"OpusTags" + comments(*SAID)),
        (b"\x7fFLAC" + bytes(46), block(4, comments(*SAID))),
    ],
)
def test_every_kind_of_ogg_tells(said, first, second):
    assert said(pages(first, second, b"\5more")) == MEANT


def test_comments_over_many_pages_are_put_together(said):
    picture = b"METADATA_BLOCK_PICTURE=" + b"A" * 3000
    packet = b"\3vorbis" + comments(picture, *SAID)
    assert said(pages(b"\1vorbis", packet, b"\5", most=3)) == MEANT


def test_pages_without_end_are_not_read_for_ever(said):
    packet = b"\3vorbis" + comments(b"X=" + b"A" * 255 * 60, *SAID)
    assert said(pages(b"\1vorbis", packet, most=1)) == NOTHING


def test_a_packet_without_end_is_cut(said, monkeypatch):
    monkeypatch.setattr(vorbis, "MOST_BYTES", 1000)
    packet = b"\3vorbis" + comments(*SAID, b"X=" + b"A" * 5000)
    assert said(pages(b"\1vorbis", packet, most=2)) == MEANT


def test_other_packets_say_nothing(said):
    assert said(pages(b"\1vorbis", b"\5vorbis" + comments(*SAID))) == NOTHING
    assert said(pages(b"\1vorbis")) == NOTHING
    assert said(pages(b"\1vorbis") + b"no page at all, but as long as the head of one") == NOTHING


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0",
        comments(*SAID, vendor=b"", count=0),
        struct.pack("<I", HUGE) + b"me",
        comments(b"BPM=nan", b"KEY=H", b"no equals sign", b"=", b"BPM"),
        comments(b"BPM=92", size=HUGE)[:9],
    ],
)
def test_what_lies_or_is_cut_says_nothing(raw):
    assert vorbis.told(raw) == NOTHING


def test_counts_and_lengths_that_lie_are_read_as_far_as_they_are_there():
    assert vorbis.told(comments(*SAID, count=HUGE)) == MEANT
    assert vorbis.told(comments(b"BPM=92", size=HUGE)) == Embedded(bpm=92.0)
    many = [b"X=1"] * vorbis.MOST_COMMENTS
    assert vorbis.told(comments(*many, b"BPM=92")) == NOTHING


def test_letters_of_no_code_do_no_harm():
    assert vorbis.told(comments(b"GENRE=Caf\xe9", b"\xff\xfe=1")).genre == "Caf\ufffd"
