"""Files whose chunks are in disorder: shown to libsndfile in order."""

import os

import numpy as np
import pytest

from library.audio.decoders import open_sndfile
from library.audio.errors import UnreadableAudio
from library.audio.files import read
from library.audio.iff import chunks
from library.audio.mended import mended
from tests import sounds
from tests.hostile import aiff, wav_chunks
from tests.hostile.kinds import tone
from tests.hostile.riff import chunk, data, fmt, unpadded, wav

IN_DISORDER = {
    "forgotten byte": wav_chunks.wav_odd_chunk_unpadded,
    "forgotten byte in AIFF": aiff.aiff_odd_name_unpadded,
    "two sounds": wav_chunks.wav_two_data_chunks,
    "nameless chunk": wav_chunks.wav_with_names_of_zeros,
    "format last": wav_chunks.wav_fmt_behind_data,
    "sizes of 64 bits not filled in": wav_chunks.rf64_never_filled_in,
    "no sizes of 64 bits": wav_chunks.rf64_without_its_sizes,
}


@pytest.mark.parametrize("make", IN_DISORDER.values(), ids=IN_DISORDER)
def test_the_sound_is_found(tmp_path, make):
    path = tmp_path / "a.wav"
    path.write_bytes(make())
    assert np.array_equal(read(path).samples * 32_768, sounds.words(tone()))


def test_it_reads_like_one_file(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav_chunks.wav_odd_chunk_unpadded())
    plain = wav(fmt(), data())
    with mended(path) as file:
        assert file.seek(0, os.SEEK_END) == len(plain)
        assert file.read(10) == b""
        assert file.seek(-4, os.SEEK_CUR) == file.tell() == len(plain) - 4
        assert file.read(100) == plain[-4:]
        assert file.seek(40) == 40
        assert file.read(100) == plain[40:44]  # up to the seam
        assert file.read(100) == plain[44:144]
        assert file.seek(-1) == 0


@pytest.mark.parametrize(
    "content",
    [b"", wav(fmt()), wav(data()), wav(fmt(), chunk(b"data")), wav(b"odd.", fmt(), data())],
    ids=["empty", "no sound", "no format", "nothing in it", "no chunks"],
)
def test_nothing_to_mend(tmp_path, content):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with mended(path) as file:
        assert file is None


def test_what_cannot_be_mended_is_refused(tmp_path):
    path = tmp_path / "a.wav"
    path.write_bytes(wav(data(), fmt(0xBEEF)))
    with (
        pytest.raises(UnreadableAudio, match="cannot be decoded"),
        open_sndfile(path, "wav"),
    ):
        pass


def names(path, content):
    path.write_bytes(content)
    with path.open("rb") as file:
        return list(chunks(file).found)


def test_a_filling_byte_that_is_not_zero_fills_all_the_same(tmp_path):
    padded = unpadded(b"note", b"abc") + b"x"
    assert names(tmp_path / "a.wav", wav(padded, fmt(), data())) == [b"note", b"fmt ", b"data"]


def test_no_more_chunks_are_read_than_sense_allows(tmp_path):
    many = wav(*(chunk(b"%04d" % number) for number in range(4_000)))
    assert len(names(tmp_path / "a.wav", many)) == 3_000
