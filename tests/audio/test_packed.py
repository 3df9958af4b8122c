"""24-bit words read as bytes: the same samples as libsndfile's own, to the last bit."""

import numpy as np
import pytest
import soundfile

from library.audio.decoders import ForwardFile
from library.audio.packed import is_packed, packed_blocks

EDGES = [-(2**23), 2**23 - 1, -1, 0, 1, 0x00FF00, -0x00FF00]


@pytest.mark.parametrize("channels", [1, 2, 5])
@pytest.mark.parametrize(
    ("form", "endian"),
    [
        ("WAV", "FILE"),
        ("WAV", "BIG"),
        ("WAVEX", "FILE"),
        ("RF64", "FILE"),
        ("AIFF", "FILE"),
        ("AIFF", "LITTLE"),
    ],
)
def test_every_byte_order(tmp_path, form, endian, channels):
    drawn = np.random.default_rng(24).integers(-(2**23), 2**23, (10_001, channels))
    drawn[: len(EDGES), 0] = EDGES
    path = tmp_path / "a"
    soundfile.write(path, (drawn << 8).astype(np.int32), 44_100, "PCM_24", endian, form)
    with ForwardFile(path) as file:
        assert is_packed(file)
        blocks = list(packed_blocks(file, 4_096))
    assert [len(block) for block in blocks] == [4_096, 4_096, 1_809]
    assert all(block.dtype == np.float32 for block in blocks)
    assert np.array_equal(np.concatenate(blocks), (drawn / 2**23).astype(np.float32))


@pytest.mark.parametrize("cut", [1, 2, 3, 6, 1_000])
def test_a_file_that_was_cut_off_ends_at_its_last_whole_frame(tmp_path, cut):
    words = np.full((1_000, 2), 1 << 20, np.int32)
    path = tmp_path / "a.wav"
    soundfile.write(path, words, 44_100, "PCM_24")
    path.write_bytes(path.read_bytes()[:-cut])
    with ForwardFile(path) as file:
        blocks = list(packed_blocks(file, 4_096))
    assert [len(block) for block in blocks] == [1_000 - -(-cut // 6)]


def test_other_words_and_flac_are_left_to_libsndfile(tmp_path):
    for name, subtype in (("a.wav", "PCM_16"), ("a.flac", "PCM_24")):
        soundfile.write(tmp_path / name, np.zeros(10), 44_100, subtype)
        with ForwardFile(tmp_path / name) as file:
            assert not is_packed(file)
