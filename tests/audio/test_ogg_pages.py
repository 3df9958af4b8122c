"""What the page heads of an Ogg file tell of sound that its decoder left out without a word."""

import struct
import time

import pytest

from library.audio import ogg
from library.audio.convert import convert
from library.audio.decoders import DAMAGED
from library.audio.files import CUT_SHORT, FOLLOWED, blocks
from library.audio.headers import probe
from library.audio.listen import facts
from library.audio.ogg import survey
from tests import sounds
from tests.hostile import encoded
from tests.hostile.encoded import by_ffmpeg, pages, signed, with_serial
from tests.hostile.kinds import FRAMES
from tests.hostile.ogg import LAST, page

RATE = 44_100
LENGTH = 4 * RATE
NUMBER = 18
"""Where a page's number lies."""


def whole(subtype="VORBIS", rate=RATE, channels=1):
    """Four seconds of noise: a stream of many pages."""
    samples = sounds.noise(frames=4 * rate, channels=channels, peak_db=-12)
    return encoded.ogg(subtype, samples, rate)


def heard(tmp_path, data, decoder=None):
    """How many frames a file of these bytes gives, and what is said to that."""
    path = tmp_path / "a.ogg"
    path.write_bytes(data)
    with blocks(path, decoder=decoder) as decoding:
        frames = sum(map(len, decoding))
    return frames, decoding.warnings


def surveyed(tmp_path, data):
    path = tmp_path / "a.ogg"
    path.write_bytes(data)
    return survey(path)


def moved(data, frames):
    """A stream that counts from somewhere else than nought."""
    out = []
    for one in pages(data):
        position = struct.unpack("<q", one[6:14])[0]
        later = struct.pack("<q", position + frames) if position > 0 else one[6:14]
        out.append(signed(one[:6] + later + one[14:]))
    return b"".join(out)


@pytest.mark.parametrize("frames", [441, 4_410, RATE, LENGTH])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("codec", "rate"), [("VORBIS", 8_000), ("VORBIS", 48_000), ("OPUS", 24_000), ("OPUS", 48_000)]
)
def test_nothing_is_said_of_what_libsndfile_wrote(tmp_path, codec, rate, channels, frames):
    samples = sounds.noise(frames=frames, channels=channels, peak_db=-12)
    assert heard(tmp_path, encoded.ogg(codec, samples, rate)) == (frames, ())


@pytest.mark.parametrize("frames", [4_800, 48_000, 480_000])
@pytest.mark.parametrize("codec", ["libvorbis", "libopus", "flac"])
def test_nothing_is_said_of_what_ffmpeg_wrote(tmp_path, codec, frames):
    samples = sounds.noise(frames=frames, channels=2, peak_db=-12)
    count, warnings = heard(tmp_path, by_ffmpeg(codec, "ogg", samples, 48_000))
    assert count >= frames
    assert warnings == ()


@pytest.mark.parametrize("later", [RATE, 5_000 * RATE])
@pytest.mark.parametrize("decoder", ["sndfile", "ffmpeg"])
def test_a_part_of_a_longer_stream_is_whole(tmp_path, later, decoder):
    one = encoded.ogg(samples=sounds.noise(frames=RATE // 2, peak_db=-12))
    count, warnings = heard(tmp_path, moved(one, later), decoder)
    assert count == pytest.approx(RATE // 2, abs=1_024)
    assert warnings == ()


@pytest.mark.parametrize("codec", ["VORBIS", "OPUS"])
def test_an_end_that_is_missing_is_told(tmp_path, codec):
    rate = 48_000
    found = pages(whole(codec, rate))
    for data in (b"".join(found[:-1]), b"".join(found)[: -len(found[-1]) // 2]):
        count, warnings = heard(tmp_path, data)
        assert rate < count < 4 * rate
        assert warnings == (CUT_SHORT,)


def test_a_loss_is_told_by_all_who_decode(tmp_path):
    path = tmp_path / "a.ogg"
    path.write_bytes(b"".join(pages(whole())[:-1]))
    assert facts(path).material.warnings == (CUT_SHORT,)
    assert CUT_SHORT in convert(path, tmp_path / "a.wav").changes


@pytest.mark.parametrize("lost", [2, 4])
@pytest.mark.parametrize("codec", ["VORBIS", "OPUS"])
def test_a_page_that_is_missing_is_told(tmp_path, codec, lost):
    found = pages(whole(codec, 48_000))
    count, warnings = heard(tmp_path, b"".join(found[:lost] + found[lost + 1 :]))
    assert count > 48_000
    assert warnings == (DAMAGED,)


def test_a_first_page_that_is_missing_is_told_by_its_number(tmp_path):
    """Its sound is not counted where the next one seems to begin late."""
    found = surveyed(tmp_path, moved(whole(), 5_000 * RATE))
    assert found.is_late
    assert not found.is_torn
    first, comments, _, *rest = pages(moved(whole(), 5_000 * RATE))
    assert surveyed(tmp_path, first + comments + b"".join(rest)).is_torn


@pytest.mark.parametrize("at", [2, -1])
def test_damage_within_a_page_is_told_by_the_count(tmp_path, at):
    found = pages(whole())
    middle = len(found[at]) // 2
    found[at] = found[at][:middle] + bytes(40) + found[at][middle + 40 :]
    count, warnings = heard(tmp_path, b"".join(found))
    assert count < LENGTH
    assert warnings == (DAMAGED,)


def test_both_are_told(tmp_path):
    found = pages(whole())
    del found[-1], found[3]
    assert heard(tmp_path, b"".join(found))[1] == (DAMAGED, CUT_SHORT)


def test_a_head_that_is_broken_is_told(tmp_path):
    found = pages(whole())
    found[3] = b"Rags" + found[3][4:]
    assert heard(tmp_path, b"".join(found))[1] == (DAMAGED,)
    assert surveyed(tmp_path, b"".join(found)).is_torn


def test_bytes_between_pages_are_told_and_rubbish_behind_is_not(tmp_path):
    found = pages(whole())
    between = b"".join(found[:3]) + bytes(20_000) + b"".join(found[3:])
    assert surveyed(tmp_path, between).is_torn
    assert not surveyed(tmp_path, between).is_cut
    behind = whole() + bytes(20_000) + signed(with_serial(page(b""), 9))
    assert not surveyed(tmp_path, behind).is_torn
    assert not surveyed(tmp_path, whole() + bytes(400)).is_torn


def test_no_head_is_searched_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(ogg, "SEARCHED", 10_000)
    found = pages(whole())
    far = b"".join(found[:3]) + bytes(20_000) + b"".join(found[3:])
    assert surveyed(tmp_path, far).is_cut
    near = b"".join(found[:3]) + bytes(9_000) + b"".join(found[3:])
    assert not surveyed(tmp_path, near).is_cut


def test_not_all_pages_of_an_endless_file_are_walked(tmp_path, monkeypatch):
    monkeypatch.setattr(ogg, "MOST_PAGES", 3)
    found = surveyed(tmp_path, whole())
    assert found.number == 2
    assert not found.is_cut
    film = b"".join(page(b"\x80theora", serial=number) for number in range(9))
    assert surveyed(tmp_path, film + whole()) is None


def test_an_hour_of_tiny_pages_takes_no_time(tmp_path):
    path = tmp_path / "a.ogg"
    path.write_bytes(pages(whole())[0] + 300_000 * (page(b"", 0, serial=1)[:26] + b"\0"))
    began = time.process_time()
    assert survey(path).is_torn
    assert time.process_time() - began < 5


@pytest.mark.parametrize("serial", [1, 2])
@pytest.mark.parametrize("codec", ["VORBIS", "OPUS"])
def test_a_second_sound_is_told(tmp_path, codec, serial):
    again = b"".join(signed(with_serial(one, serial)) for one in pages(whole(codec, 48_000)))
    data = whole(codec, 48_000) + again
    assert heard(tmp_path, data) == (192_000, (FOLLOWED,))
    count, warnings = heard(tmp_path, data, "ffmpeg")  # reads on
    assert count > 300_000
    assert warnings == ()


def test_sounds_side_by_side_do_not_follow_each_other(tmp_path):
    one = pages(whole())
    two = [signed(with_serial(each, 2)) for each in one]
    found = surveyed(tmp_path, b"".join(map(bytes.__add__, one, two)))
    assert found.serial == 1
    assert not any((found.is_followed, found.is_cut, found.is_torn))


def test_the_sound_of_a_film_is_found(tmp_path):
    first, *rest = pages(whole())
    film = page(b"\x80theora\x03\x02\x01" + bytes(32), serial=9)
    behind = page(b"", LAST, 1, 1, serial=9)
    found = surveyed(tmp_path, film + first + behind + b"".join(rest))
    assert (found.serial, found.is_cut, found.last) == (1, False, LENGTH)


def test_a_sound_that_does_not_begin_the_file_is_not_surveyed(tmp_path):
    first, *rest = pages(whole())
    assert surveyed(tmp_path, page(b"", 0) + first + b"".join(rest)) is None


def test_what_lies_behind_the_end_of_a_stream_is_not_its_own(tmp_path):
    found = surveyed(tmp_path, whole() + page(b"", 0, 70, serial=1))
    assert not found.is_cut
    assert not found.is_torn


def test_pages_behind_a_tag(tmp_path):
    tag = b"ID3\x04\0\0\0\0\1\0" + bytes(128)
    assert surveyed(tmp_path, tag + whole()).last == LENGTH


def test_positions_that_are_none_do_not_count(tmp_path):
    for position in (-1, 1 << 62):
        *first, last = pages(whole())
        last = signed(last[:6] + struct.pack("<q", position) + last[14:])
        found = surveyed(tmp_path, b"".join(first) + last)
        assert RATE < found.last < LENGTH
        assert not found.is_cut


def test_numbers_of_pages_begin_anew_behind_the_largest(tmp_path):
    renumbered = [
        signed(one[:NUMBER] + (number & 0xFFFF_FFFF).to_bytes(4, "little") + one[NUMBER + 4 :])
        for number, one in enumerate(pages(whole()), -3)
    ]
    assert not surveyed(tmp_path, b"".join(renumbered)).is_torn


def test_opus_may_skip_more_than_there_is(tmp_path):
    first, *rest = pages(encoded.ogg("OPUS", sounds.noise(frames=480), 48_000))
    first = signed(first[:38] + b"\xff\xff" + first[40:])
    assert surveyed(tmp_path, first + b"".join(rest)).frames(48_000) == 0


def test_a_header_that_ends_early_gives_nothing(tmp_path):
    path = tmp_path / "a.ogg"
    path.write_bytes(page(b"OpusHead"))
    with path.open("rb") as file:
        assert ogg.identify(file) == ("OPUS", 48_000, 0)
    assert survey(path).identity.skipped == 0


def test_the_header_alone_is_read_without_a_walk(tmp_path, monkeypatch):
    path = tmp_path / "a.ogg"
    path.write_bytes(whole())
    monkeypatch.setattr("library.audio.files.survey", None)
    assert probe(path).frames == LENGTH


def test_frames_that_ffmpeg_leaves_out_are_no_damage(tmp_path):
    """It starts later than libsndfile by a part of a packet where the sound is short."""
    count, warnings = heard(tmp_path, encoded.ogg(), "ffmpeg")
    assert count < FRAMES
    assert warnings == ()
