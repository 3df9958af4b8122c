"""What AIFF files say about their music, Apple's loops above all."""

import struct

import pytest

from library.audio.chunks.embedded import MOST_MARKS, NOTHING, Embedded
from library.audio.chunks.reading import read
from tests.hostile.riff import chunk

MINOR, MAJOR, BOTH = 1, 2, 4


def basc(beats=8, root=57, scale=MINOR, looping=1) -> bytes:
    body = struct.pack(">IIHHHHH", 1, beats, root, scale, 4, 4, looping) + bytes(66)
    return chunk(b"basc", body, order=">")


def cate(*words: bytes) -> bytes:
    body = struct.pack(">I", 1) + b"".join(word.ljust(50, b"\0") for word in words)
    return chunk(b"cate", body, order=">")


def mark(*markers: tuple[int, int, bytes], count=None) -> bytes:
    body = struct.pack(">H", len(markers) if count is None else count)
    for number, frame, name in markers:
        pad = b"\0" * ((len(name) + 1) % 2)
        body += struct.pack(">HIB", number, frame, len(name)) + name + pad
    return chunk(b"MARK", body, order=">")


def inst(base=60, mode=1, begin=1, end=2) -> bytes:
    body = struct.pack(">bbbbbbhHHHHHH", base, 0, 0, 127, 1, 127, 0, mode, begin, end, 0, 0, 0)
    return chunk(b"INST", body, order=">")


@pytest.fixture
def said(tmp_path):
    """Write an AIFF of these chunks and read what it says; no sound is needed for that."""

    def of(*chunks: bytes) -> Embedded:
        body = b"AIFF" + b"".join(chunks)
        path = tmp_path / "sound.aiff"
        path.write_bytes(b"FORM" + struct.pack(">I", len(body)) + body)
        return read(path)

    return of


def test_a_loop_tells_beats_and_key(said):
    assert said(basc()) == Embedded(beats=8, key="Am", root=57, is_loop=True)
    assert said(basc(root=54, scale=MAJOR)).key == "F#"
    assert said(basc(scale=BOTH)) == Embedded(beats=8, root=57, is_loop=True)


def test_what_does_not_loop_has_no_beats(said):
    assert said(basc(looping=0, scale=0)) == Embedded(root=57, is_loop=False)


@pytest.mark.parametrize(
    ("lies", "truth"),
    [
        ({"beats": 0xFFFF_FFFF}, Embedded(key="Am", root=57, is_loop=True)),
        ({"root": 0}, Embedded(beats=8, is_loop=True)),
        ({"root": 999}, Embedded(beats=8, is_loop=True)),
        ({"looping": 7}, Embedded(key="Am", root=57)),
        ({"scale": 99}, Embedded(beats=8, root=57, is_loop=True)),
    ],
)
def test_what_cannot_be_is_left_out(said, lies, truth):
    assert said(basc(**lies)) == truth


def test_categories_name_a_class(said):
    assert said(cate(b"Drums", b"Kick Drum", b"Dry")) == Embedded(heard_class="kick")
    assert said(cate(b"Dark", b"Relaxed")) == NOTHING
    assert said(cate(b"\xff\xfe" * 20)) == NOTHING


def test_transients_are_listed_of_loops(said):
    assert said(chunk(b"trns", bytes(80), order=">")) == Embedded(is_loop=True)
    assert said(chunk(b"trns", bytes(80), order=">"), basc(looping=0)).is_loop is False


def test_marks_and_the_loop_between_them(said):
    marks = mark((1, 100, b"beg"), (2, 900, b"end of"), (9, 0, b""))
    assert said(marks) == Embedded(marks=(0, 100, 900))
    assert said(marks, inst(48)).loops == ((100, 900),)
    assert said(marks, inst(48)).root == 48
    assert said(marks, inst(mode=0)).loops == ()
    assert said(marks, inst(begin=2, end=1)).loops == ()
    assert said(marks, inst(end=77)).loops == ()


def test_marks_without_end_are_read_as_far_as_they_are_there(said):
    assert said(mark((1, 5, b"a"), count=0xFFFF)).marks == (5,)
    many = [(number, number, b"") for number in range(MOST_MARKS + 20)]
    assert len(said(mark(*many)).marks) == MOST_MARKS
    assert said(chunk(b"MARK", b"", order=">")) == NOTHING


def test_cut_chunks_say_nothing(said):
    assert said(chunk(b"basc", bytes(17), order=">")) == NOTHING
    assert said(chunk(b"INST", bytes(19), order=">"), mark((1, 5, b""))).loops == ()
    assert said(inst(-5)) == NOTHING


def test_texts_state_a_tempo(said):
    assert said(chunk(b"NAME", b"Dusty 92 BPM", order=">")) == Embedded(bpm=92.0)
    assert said(chunk(b"ANNO", b"at bpm 88, by me", order=">")) == Embedded(bpm=88.0)


def test_an_id3_tag_in_a_chunk_is_read(said):
    frame = b"TKEY" + struct.pack(">IH", 3, 0) + b"\0" + b"Am"
    tag = b"ID3\3\0\0" + bytes([0, 0, 0, len(frame)]) + frame
    assert said(chunk(b"ID3 ", tag, order=">")) == Embedded(key="Am")
