"""Headers of FLAC that claim less than there is, or far more."""

import io
import struct

import pytest

from library.audio.claims import promised_frames
from library.audio.errors import OutOfBounds
from library.audio.files import read
from library.audio.flac import STREAMINFO, holds_more
from library.audio.headers import probe
from library.audio.listen import facts
from tests import sounds
from tests.hostile.encoded import by_ffmpeg, by_sndfile, flac
from tests.hostile.flac import claiming, head_of
from tests.hostile.kinds import spread

LENGTH = 100_000


def noise(channels=2, frames=LENGTH):
    """Noise as FLAC, which takes nearly as many bytes as it would plain."""
    return by_sndfile("FLAC", sounds.noise(frames=frames, channels=channels), subtype="PCM_16")


def more(data, claimed):
    return holds_more(io.BytesIO(data), claimed)


@pytest.mark.parametrize("channels", [1, 2, 8])
@pytest.mark.parametrize("claimed", [1, 1_000, LENGTH // 4])
def test_all_is_read_where_the_header_claims_less(tmp_path, channels, claimed):
    whole = noise(channels)
    path = tmp_path / "a.flac"
    path.write_bytes(claiming(claimed, whole))
    assert probe(path).frames is None
    found = facts(path).material
    assert (found.frames, found.warnings) == (LENGTH, ())
    path.write_bytes(whole)
    assert probe(path).frames == LENGTH


def test_all_of_a_tone_is_read_too(tmp_path):
    path = tmp_path / "a.flac"
    path.write_bytes(claiming(1_000))
    assert read(path).frames == 12_001


@pytest.mark.parametrize("depth", ["PCM_S8", "PCM_16", "PCM_24"])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_a_true_claim_is_believed(depth, channels):
    for frames in (1, 100, 5_000):
        samples = sounds.noise(frames=frames, channels=channels, peak_db=0)
        assert not more(by_sndfile("FLAC", samples, subtype=depth), frames)


def test_a_large_tag_behind_a_short_sound_is_no_sound(tmp_path):
    body = bytes(range(256)) * 800
    item = struct.pack("<II", len(body), 2) + b"Cover Art (Front)\0" + body
    ape = b"APETAGEX" + struct.pack("<IIII", 2_000, len(item) + 32, 1, 0x8000_0000) + bytes(8)
    for tag in (item + ape, b"ID3\x04\0\0" + bytes([0, 12, 0, 0]) + body, bytes(300_000)):
        path = tmp_path / "a.flac"
        path.write_bytes(flac() + tag)
        assert probe(path).frames == 12_001
        found = facts(path).material
        assert (found.frames, found.warnings) == (12_001, ())


def test_another_file_behind_it_is_not_its_own():
    """Its frames are numbered from nought."""
    short = noise(frames=4_000)
    assert not more(short + noise(frames=4_000), 4_000)


def test_a_claim_behind_a_tag_and_before_a_picture():
    whole = noise()
    start = head_of(whole)
    padded = whole[:42] + b"\1" + (9_000).to_bytes(3) + bytes(9_000) + whole[42:]
    assert head_of(padded) == start + 9_004
    for data in (b"ID3\x04\0\0\0\0\1\0" + bytes(128) + whole, padded):
        assert more(data, 1_000)
        assert not more(data, LENGTH)


def test_a_head_counts_frames_or_where_they_change_in_size_samples():
    frame_1, sample_80 = (framed(bytes.fromhex(head)) for head in ("fff8591801", "fff9591850"))
    assert more(frame_1, 100)
    assert more(sample_80, 80)
    assert not more(sample_80, 81)


def crc(data):
    """CRC-8 by long division."""
    rest = int.from_bytes(data) << 8
    for bit in range(8 * len(data) + 7, 7, -1):
        if rest >> bit & 1:
            rest ^= 0x107 << bit - 8
    return rest


def framed(head, *, right=True):
    """The usual header and, far behind it, a head of so many bytes."""
    checked = head + bytes([crc(head) ^ (not right)])
    return flac()[:4] + b"\x80" + flac()[5:42] + bytes(1_000) + checked + bytes(16)


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        ("fff8 59 18 7f", True),
        ("fff8 59 18 c2bf", True),
        ("fff8 59 18 febfbfbfbfbfbf", True),
        ("fff8 69 18 7f ff", True),  # a byte of block size
        ("fff8 79 18 7f 0fff", True),  # two
        ("fff8 5c 18 7f 2c", True),  # a byte of rate
        ("fff8 5d 18 7f ac44", True),  # two
        ("fff8 59 88 7f", True),  # left and side
        ("fff8 59 08 7f", False),  # mono
        ("fff8 59 18 00", False),  # the first one of all
        ("fff8 59 18 bf", False),  # the middle of a number
        ("fff8 59 18 ff", False),
        ("fff8 09 18 7f", False),  # a size that is none
        ("fffa 59 18 7f", False),  # MPEG
    ],
)
def test_what_the_head_of_a_frame_is(head, is_one):
    data = bytes.fromhex(head)
    assert more(framed(data), 1) is is_one
    assert not more(framed(data, right=False), 1)


def test_headers_cut_short():
    assert not more(flac()[: 7 + STREAMINFO], 1)
    assert not more(flac()[:42], 0)  # no block of metadata says that it is the last
    many = flac()[:42] + b"\1\0\0\0" * 2_000
    assert not more(many, 1)


def test_the_largest_sound_of_few_bytes_is_refused_as_a_claim(tmp_path):
    path = tmp_path / "a.flac"
    path.write_bytes(claiming(2**36 - 1))
    with pytest.raises(OutOfBounds, match="the header says that the sound is longer than 60 min"):
        probe(path)


def test_what_ffmpeg_wrote_is_believed(tmp_path):
    path = tmp_path / "a.flac"
    path.write_bytes(by_ffmpeg("flac", "flac", spread(6)))
    counted = probe(path).frames
    assert promised_frames(path, "flac", counted) == counted
