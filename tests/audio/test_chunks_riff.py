"""What WAV files say about their music, and what they are not believed."""

import math
import struct

import pytest

from library.audio.chunks.embedded import MOST_LOOPS, MOST_MARKS, NOTHING, Embedded
from library.audio.chunks.reading import read
from tests.hostile.riff import chunk, data, fmt, wav

ONE_SHOT, ROOT = 1, 2
HUGE = 0xFFFF_FFFF


def acid(flags=0, root=60, beats=8, bpm=92.0, order="<") -> bytes:
    """Flags, root note, two unknowns, beats, meter, tempo."""
    body = struct.pack(f"{order}IHHfIHHf", flags, root, 0x8000, 0.0, beats, 4, 4, bpm)
    return chunk(b"acid", body, order=order)


def smpl(root=60, loops=(), count=None) -> bytes:
    held = len(loops) if count is None else count
    body = struct.pack("<9I", 0, 0, 22_675, root, 0, 0, 0, held, 0)
    for first, last in loops:
        body += struct.pack("<6I", 0, 0, first, last, 0, 0)
    return chunk(b"smpl", body)


def cue(*frames, count=None) -> bytes:
    body = struct.pack("<I", len(frames) if count is None else count)
    for number, frame in enumerate(frames):
        body += struct.pack("<II4sIII", number, 0, b"data", 0, 0, frame)
    return chunk(b"cue ", body)


def info(**texts) -> bytes:
    body = b"".join(chunk(name.encode(), text.encode() + b"\0") for name, text in texts.items())
    return chunk(b"LIST", b"INFO" + body)


@pytest.fixture
def said(tmp_path):
    """Write a WAV of these chunks and read what it says."""

    def of(*chunks: bytes, **how) -> Embedded:
        path = tmp_path / "sound.wav"
        path.write_bytes(wav(fmt(), *chunks, data(), **how))
        return read(path)

    return of


def test_a_sound_without_such_chunks_says_nothing(said):
    assert said() == NOTHING


def test_acid_tells_a_loop(said):
    assert said(acid()) == Embedded(bpm=92.0, beats=8, is_loop=True)
    assert said(acid(ROOT, root=57)) == Embedded(bpm=92.0, beats=8, root=57, is_loop=True)


def test_the_tempo_of_a_one_shot_means_nothing(said):
    assert said(acid(ONE_SHOT | ROOT, root=36)) == Embedded(root=36, is_loop=False)


def test_half_of_an_acid_chunk_makes_no_loop(said):
    assert said(acid(beats=0)) == Embedded(bpm=92.0)
    assert said(acid(bpm=0.0, beats=4)) == NOTHING


def test_rifx_is_read_the_other_way_round(tmp_path):
    path = tmp_path / "sound.wav"
    body = wav(fmt(order=">"), acid(order=">"), magic=b"RIFX", order=">")
    path.write_bytes(body)
    assert read(path).bpm == 92.0


@pytest.mark.parametrize("bpm", [math.nan, math.inf, -math.inf, 0.0, -92.0, 1e30, 19.9, 400.1])
def test_a_tempo_that_can_be_none_is_none(said, bpm):
    assert said(acid(bpm=bpm)) == NOTHING


@pytest.mark.parametrize("beats", [4097, HUGE])
def test_beats_without_end_are_none(said, beats):
    assert said(acid(beats=beats)) == Embedded(bpm=92.0)


@pytest.mark.parametrize("root", [0, 128, 0xFFFF])
def test_a_root_that_is_no_note_is_none(said, root):
    assert said(acid(ROOT, root=root)).root is None


def test_a_cut_chunk_says_nothing(said):
    assert said(chunk(b"acid", bytes(23))) == NOTHING
    assert said(chunk(b"smpl", bytes(35))) == NOTHING
    assert said(chunk(b"inst", bytes(6))) == NOTHING
    assert said(chunk(b"cue ", b"\1")) == NOTHING
    assert said(chunk(b"LIST", b"IN")) == NOTHING


def test_smpl_tells_root_and_loops(said):
    assert said(smpl(45, [(10, 99)])) == Embedded(root=45, loops=((10, 100),))
    assert said(smpl(60)) == NOTHING  # what programs write that know no note


def test_loops_that_run_backwards_are_left_out(said):
    assert said(smpl(loops=[(99, 10), (1, 2)])).loops == ((1, 3),)


def test_of_loops_without_end_only_those_are_read_that_are_there(said):
    assert said(smpl(loops=[(1, 2)], count=HUGE)).loops == ((1, 3),)
    many = [(number, number + 5) for number in range(MOST_LOOPS + 9)]
    assert len(said(smpl(loops=many)).loops) == MOST_LOOPS


def test_inst_tells_the_root(said):
    assert said(chunk(b"inst", bytes([48, 0, 0, 0, 127, 1, 127]))) == Embedded(root=48)
    assert said(chunk(b"inst", bytes([200, 0, 0, 0, 127, 1, 127]))) == NOTHING


def test_cues_are_marks_in_their_order(said):
    assert said(cue(400, 0, 100, 100)).marks == (0, 100, 400)


def test_of_cues_without_end_only_those_are_read_that_are_there(said):
    assert said(cue(7, count=HUGE)).marks == (7,)
    assert len(said(cue(*range(MOST_MARKS + 50))).marks) == MOST_MARKS


def test_texts_state_tempo_key_and_genre(said):
    assert said(info(IBPM="92", IKEY="F#m", IGNR="Boom bap")) == Embedded(
        bpm=92.0, key="F#m", genre="Boom bap"
    )
    assert said(info(ICMT="played at 88 BPM")) == Embedded(bpm=88.0)
    assert said(info(INAM="Take 88", ISFT="Editor 92 BPM", IKEY="dusty, warm")) == NOTHING


def test_a_text_that_claims_more_than_there_is_ends_with_the_list(said):
    body = b"INFO" + b"IBPM" + struct.pack("<I", HUGE) + b"92\0"
    assert said(chunk(b"LIST", body)) == Embedded(bpm=92.0)


def test_another_list_does_not_hide_the_texts(said):
    labels = chunk(b"LIST", b"adtl" + chunk(b"labl", bytes(4) + b"x\0"))
    assert said(labels, info(IBPM="92"), info(IBPM="70")) == Embedded(bpm=92.0)


def test_an_id3_tag_in_a_chunk_is_read(said):
    frame = b"TBPM" + struct.pack(">IH", 3, 0) + b"\0" + b"96"
    tag = b"ID3\3\0\0" + bytes([0, 0, 0, len(frame)]) + frame
    assert said(chunk(b"id3 ", tag)) == Embedded(bpm=96.0)
    assert said(chunk(b"ID3 ", tag)) == Embedded(bpm=96.0)
    assert said(chunk(b"id3 ", b"ID3")) == NOTHING


def test_what_is_more_reliable_comes_first(said):
    assert said(info(IBPM="70", IKEY="Am"), smpl(45), acid(ROOT, root=50)) == Embedded(
        bpm=92.0, beats=8, key="Am", root=50, is_loop=True
    )


def test_a_chunk_that_claims_more_than_the_file_ends_the_search(tmp_path):
    path = tmp_path / "sound.wav"
    path.write_bytes(wav(fmt(), chunk(b"junk", b"", size=HUGE), acid()))
    assert read(path) == NOTHING


def test_a_chunk_that_claims_more_than_the_file_is_read_as_far_as_it_is_there(tmp_path):
    path = tmp_path / "sound.wav"
    path.write_bytes(wav(fmt(), data(), acid()[:4] + struct.pack("<I", HUGE) + acid()[8:]))
    assert read(path).bpm == 92.0
