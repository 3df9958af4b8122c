"""ID3 tags of all versions, and what writers do to them."""

import io
import struct

import pytest

from library.audio.chunks import id3
from library.audio.chunks.embedded import NOTHING, Embedded
from library.audio.chunks.reading import read


def seven(size: int) -> bytes:
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def frame(name: bytes, body: bytes, *, version=3, flags=0, size=None) -> bytes:
    claimed = len(body) if size is None else size
    if version == 2:
        return name + claimed.to_bytes(3) + body
    sized = seven(claimed) if version == 4 else struct.pack(">I", claimed)
    return name + sized + struct.pack(">H", flags) + body


def tag(*frames: bytes, version=3, flags=0, size=None) -> bytes:
    body = b"".join(frames)
    return b"ID3" + bytes([version, 0, flags]) + seven(len(body) if size is None else size) + body


def said(raw: bytes) -> Embedded:
    return id3.read(io.BytesIO(raw))


@pytest.mark.parametrize("version", [2, 3, 4])
def test_every_version_tells_tempo_key_and_genre(version):
    names = (b"TBP", b"TKE", b"TCO") if version == 2 else (b"TBPM", b"TKEY", b"TCON")
    bodies = (b"\0" + b"92", b"\0" + b"F#m", b"\3" + b"Boom bap")
    frames = [frame(name, body, version=version) for name, body in zip(names, bodies, strict=True)]
    assert said(tag(*frames, version=version)) == Embedded(bpm=92.0, key="F#m", genre="Boom bap")


@pytest.mark.parametrize(
    "body",
    [
        b"\0" + b"92.5\0",
        b"\1" + "\ufeff92.5".encode("utf-16-le"),
        b"\1" + "\ufeff92.5".encode("utf-16-be"),
        b"\2" + "92.5".encode("utf-16-be"),
        b"\3" + b"92,5",
        b"\3" + b" 92.5 BPM\0 70",
    ],
)
def test_texts_in_every_code(body):
    assert said(tag(frame(b"TBPM", body))) == Embedded(bpm=92.5)


@pytest.mark.parametrize("text", [b"", b"0", b"nan", b"-92", b"1e9", b"99999", b"12", b"fast"])
def test_a_tempo_that_can_be_none_is_none(text):
    assert said(tag(frame(b"TBPM", b"\0" + text))) == NOTHING


@pytest.mark.parametrize(
    ("text", "key"),
    [("Am", "Am"), ("8A", "Am"), ("1m", "Am"), ("1d", "C"), ("12d", "F"), ("o", ""), ("13A", "")],
)
def test_keys_in_all_notations(text, key):
    assert said(tag(frame(b"TKEY", b"\0" + text.encode()))).key == key


def test_own_frames_say_what_they_are():
    assert said(tag(frame(b"TXXX", b"\3INITIALKEY\0008B"))) == Embedded(key="C")
    assert said(tag(frame(b"TXX", b"\0bpm\00070", version=2), version=2)) == Embedded(bpm=70.0)
    assert said(tag(frame(b"TXXX", b"\3mood\0dark"), frame(b"TXXX", b"\3BPM"))) == NOTHING


def test_a_number_is_no_genre():
    assert said(tag(frame(b"TCON", b"\0(17)"))) == NOTHING
    assert said(tag(frame(b"TCON", b"\0(17)Rock"))).genre == "Rock"


def test_pictures_before_the_texts_are_passed_over():
    picture = frame(b"APIC", bytes(200_000))
    assert said(tag(picture, frame(b"TBPM", b"\0" + b"92"))) == Embedded(bpm=92.0)


def test_unsynchronised_tags_are_put_right():
    body = b"\1" + "\ufeff92".encode("utf-16-le")
    changed = frame(b"TBPM", body).replace(b"\xff", b"\xff\0")
    assert said(tag(changed, flags=0x80)) == Embedded(bpm=92.0)
    one = frame(b"TBPM", body.replace(b"\xff", b"\xff\0"), version=4, flags=0x02)
    assert said(tag(one, version=4, flags=0x80)) == Embedded(bpm=92.0)


def test_a_frame_may_tell_its_length_again():
    one = frame(b"TBPM", seven(3) + b"\0" + b"92", version=4, flags=0x01)
    assert said(tag(one, version=4)) == Embedded(bpm=92.0)


@pytest.mark.parametrize(("version", "flags"), [(3, 0x80), (3, 0x40), (4, 0x08), (4, 0x04)])
def test_what_is_packed_says_nothing(version, flags):
    one = frame(b"TBPM", b"\0" + b"92", version=version, flags=flags)
    assert said(tag(one, version=version)) == NOTHING


def test_an_extended_header_is_passed_over():
    wide = struct.pack(">I", 6) + bytes(6)
    assert said(tag(wide, frame(b"TBPM", b"\0" + b"92"), flags=0x40)) == Embedded(bpm=92.0)
    wide = seven(6) + bytes(2)
    one = frame(b"TBPM", b"\0" + b"92", version=4)
    assert said(tag(wide, one, version=4, flags=0x40)) == Embedded(bpm=92.0)


def test_lengths_that_lie():
    whole = frame(b"TBPM", b"\0" + b"92")
    assert said(tag(whole, size=0x0FFF_FFFF)) == Embedded(bpm=92.0)  # the tag
    assert said(tag(frame(b"TBPM", b"\0" + b"92", size=0xFFFF_FFFF))) == Embedded(bpm=92.0)
    assert said(tag(frame(b"APIC", b"", size=0xFFFF_FFFF), whole)) == NOTHING
    assert said(tag(struct.pack(">I", 0xFFFF_FFF0), whole, flags=0x40)) == NOTHING


def test_frames_without_end_are_not_counted_for_ever():
    many = frame(b"TIT2", b"") * id3.MOST_FRAMES
    assert said(tag(many, frame(b"TBPM", b"\0" + b"92"))) == NOTHING


def test_padding_ends_a_tag():
    assert said(tag(bytes(50), frame(b"TBPM", b"\0" + b"92"))) == NOTHING


@pytest.mark.parametrize("raw", [b"", b"ID3", b"RIFF" + bytes(20), tag(), tag(b"TBPM")])
def test_what_is_no_tag_says_nothing(raw):
    assert said(raw) == NOTHING


def test_an_empty_text_says_nothing():
    assert said(tag(frame(b"TBPM", b""))) == NOTHING


def test_the_tag_before_an_mp3_is_read(tmp_path):
    sound = tmp_path / "sound.mp3"
    sound.write_bytes(tag(frame(b"TBPM", b"\0" + b"92")) + b"\xff\xfb\x90\x00" + bytes(400))
    assert read(sound) == Embedded(bpm=92.0)
