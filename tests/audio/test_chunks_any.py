"""Whatever a file holds, reading what is embedded in it ends soon and raises nothing."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.audio.chunks.embedded import NOTHING, Embedded
from library.audio.chunks.reading import READERS, read
from tests.audio import test_chunks_aiff, test_chunks_id3, test_chunks_mp4, test_chunks_riff
from tests.audio import test_chunks_vorbis as ogg
from tests.hostile.kinds import KINDS
from tests.hostile.riff import data, fmt, wav

SEEDS = {
    "wav": wav(
        fmt(),
        test_chunks_riff.acid(),
        test_chunks_riff.smpl(45, [(1, 2)]),
        test_chunks_riff.cue(1, 2),
        test_chunks_riff.info(IBPM="92"),
        data(),
    ),
    "aiff": b"FORM\0\0\1\0AIFF"
    + test_chunks_aiff.basc()
    + test_chunks_aiff.cate(b"Drums")
    + test_chunks_aiff.mark((1, 5, b"a"), (2, 9, b"b"))
    + test_chunks_aiff.inst(),
    "flac": ogg.flac(ogg.block(4, ogg.comments(*ogg.SAID), last=True)),
    "ogg": ogg.pages(b"\1vorbis", b"\3vorbis" + ogg.comments(*ogg.SAID)),
    "m4a": test_chunks_mp4.whole(test_chunks_mp4.free(b"BPM", b"92")),
    "mp3": test_chunks_id3.tag(test_chunks_id3.frame(b"TBPM", b"\0" + b"92")),
}


def test_there_is_a_seed_for_every_reader():
    assert set(READERS) < set(SEEDS)


@pytest.mark.parametrize("kind", SEEDS)
@settings(max_examples=150, deadline=None)
@given(where=st.integers(0, 400), what=st.binary(min_size=1, max_size=8))
def test_changed_bytes_do_no_harm(tmp_path_factory, kind, where, what):
    raw = SEEDS[kind]
    at = where % len(raw)
    path = tmp_path_factory.getbasetemp() / f"changed.{kind}"
    path.write_bytes(raw[:at] + what + raw[at + len(what) :])
    found = read(path)
    assert found.bpm is None or 20 <= found.bpm <= 400
    assert found.root is None or 0 < found.root < 128


@pytest.mark.parametrize("kind", SEEDS)
def test_wherever_a_file_is_cut(tmp_path, kind):
    raw = SEEDS[kind]
    path = tmp_path / "cut"
    for length in range(0, len(raw), 3):
        path.write_bytes(raw[:length])
        assert isinstance(read(path), Embedded)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_files_made_to_do_harm(tmp_path, name):
    path = KINDS[name].write(tmp_path)
    if not path.is_file():
        pytest.skip("no regular file: importing looks at that first")
    tracemalloc.start()
    assert isinstance(read(path), Embedded)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20


def test_what_is_no_sound_says_nothing(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("92 BPM in Am")
    assert read(path) == NOTHING
