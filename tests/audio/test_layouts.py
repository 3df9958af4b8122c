"""The places of the channels in WAV and AIFF: as FFmpeg has them, which reads them by itself."""

import pytest

from library.audio.files import blocks
from library.audio.layouts import LAYOUTS, MASK_PLACES, by_mask, stated_places
from tests.hostile.aiff import with_layout
from tests.hostile.kinds import spread
from tests.hostile.riff import chunk, data, extensible, fmt, wav
from tests.hostile.wav_places import masked

AT_THE_SIDE = {"SL": "BL", "SR": "BR"}


def both(path):
    """What libsndfile's way and FFmpeg's way make of a file; side and back weigh the same."""
    for decoder in ("sndfile", "ffmpeg"):
        with blocks(path, decoder=decoder) as decoding:
            places = decoding.places
        yield places if {"SL", "BL"} <= set(places) else [AT_THE_SIDE.get(at, at) for at in places]


@pytest.mark.parametrize(("tag", "places"), LAYOUTS.items())
def test_core_audios_layouts(tmp_path, tag, places):
    path = tmp_path / "a.aiff"
    path.write_bytes(with_layout(tag << 16 | len(places), 0, len(places)))
    ours, theirs = both(path)
    assert list(ours) == list(theirs)


@pytest.mark.parametrize(
    ("mask", "channels"),
    [
        (0x33, 4), (0x107, 4), (0x10B, 4), (0x0B, 3), (0x607, 5), (0x3B, 5), (0x137, 6),
        (0x13F, 7), (0x63F, 8), (0xFF, 8), (0x503F, 8), (0x3_F000, 6), (0, 6), (0x3, 6),
    ],
)  # fmt: skip
def test_masks_of_wav(tmp_path, mask, channels):
    path = tmp_path / "a.wav"
    path.write_bytes(masked(channels, mask))
    ours, theirs = both(path)
    assert list(ours) == list(theirs)


def test_the_lowest_bits_of_a_mask_count():
    assert by_mask(0xFFFF_FFFF, 3) == ("FL", "FR", "FC")
    assert by_mask(0xFFFF_FFFF, 18) == MASK_PLACES
    assert by_mask(0xFFFF_FFFF, 19) is None
    assert by_mask(0x10B, 5) is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        wav(fmt(channels=6), data(spread(6, frames=9))),
        wav(extensible(6, 0x3F))[:40],
        wav(chunk(b"CHAN", bytes(12))),
        with_layout(117 << 16 | 5, 0, 5),
        with_layout(0, 0, 6),
    ],
    ids=["empty", "name only", "no mask", "cut", "all zero", "of other number", "described"],
)
def test_nothing_is_stated(tmp_path, content):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    assert stated_places(path, 6) is None
