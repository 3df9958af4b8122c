"""Lies and damage: the best is made of them, or they are refused in words."""

import os
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from library.audio import files
from library.audio.decoders import ffmpeg_stream
from library.audio.errors import AudioError, OutOfBounds, UnreadableAudio, UnsupportedFormat
from library.audio.files import CUT_SHORT, NOT_NUMBERS, blocks, read
from library.audio.headers import LONGEST_SECONDS
from library.audio.listen import facts
from library.audio.quiet import stderr_muted
from tests import sounds
from tests.hostile.flac import flac_of_unknown_length

TONE = sounds.sine(997, frames=50_001, rate=44_100, peak_db=-6, channels=2)


def descriptors():
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def decoded(path, **options):
    """All frames, and the warnings."""
    with blocks(path, **options) as decoding:
        samples = np.concatenate(list(decoding))
        return samples, decoding.warnings


def test_numbers_that_are_none_become_silence(tmp_path):
    samples = sounds.sine(frames=200_000)
    samples[1_000], samples[2_000], samples[3_000] = np.nan, np.inf, 1e30
    samples[150_000] = -np.inf
    heard, warnings = decoded(sounds.write(tmp_path / "a.wav", samples, subtype="FLOAT"))
    wrong = [1_000, 2_000, 3_000, 150_000]
    assert not heard[wrong].any()
    assert np.array_equal(np.delete(heard, wrong), np.delete(samples, wrong))
    assert warnings == (NOT_NUMBERS,)


def test_loud_floats_are_numbers(tmp_path):
    samples = np.full((1_000, 1), 5e8, np.float32)
    heard, warnings = decoded(sounds.write(tmp_path / "a.wav", samples, subtype="FLOAT"))
    assert np.array_equal(heard, samples)
    assert warnings == ()


@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.flac", "a.mp3", "a.m4a", "a.ogg"])
def test_a_file_cut_in_half_gives_its_first_half(tmp_path, name):
    tone = sounds.noise(frames=5 * 44_100, channels=2, peak_db=-12)
    path = tmp_path / name
    if name == "a.m4a":
        sounds.write_m4a(path, tone, 44_100)
        data = path.read_bytes()
        moov = data.index(b"moov") - 4
        # players' order, boxes first, as a download would have it: keep the boxes, lose the sound
        path.write_bytes(data[: moov // 2] + bytes(moov - moov // 2) + data[moov:])
    else:
        data = sounds.write(path, tone, 44_100).read_bytes()
        path.write_bytes(data[: len(data) // 2])
    clip, found = read(path), facts(path)
    assert 0.3 * len(tone) < clip.frames <= len(tone)
    assert found.material.warnings != ()
    if name in {"a.wav", "a.aiff", "a.ogg"}:
        assert found.material.warnings == (CUT_SHORT,)
    if name in {"a.wav", "a.aiff"}:
        words = sounds.words(clip.samples)
        assert np.abs(words - tone[: clip.frames] * 32768.0).max() <= 1


@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF, 0x7FFF_FFFF])
def test_a_wav_whose_size_was_never_filled_in(tmp_path, size):
    path = sounds.write(tmp_path / "a.wav", sounds.words(TONE), 44_100)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, 40, size)
    path.write_bytes(data)
    found = facts(path)
    assert found.material.frames == len(TONE)
    assert found.material.warnings == ()


def test_a_wav_that_claims_less_than_there_is(tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.words(TONE), 44_100)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, 40, 1_000)
    path.write_bytes(data)
    assert facts(path).material.frames == 250


def test_flac_of_unknown_length(tmp_path):
    path = sounds.write(tmp_path / "a.flac", sounds.words(TONE), 44_100)
    data = bytearray(path.read_bytes())
    data[21:26] = bytes([data[21] & 0xF0, 0, 0, 0, 0])  # 36 bits of frames
    path.write_bytes(data)
    found = facts(path)
    assert found.material.frames == len(TONE)
    assert found.material.warnings == ()


def test_mp3_without_a_table_is_read_to_its_end(tmp_path):
    samples = np.concatenate((sounds.noise(frames=44_100), sounds.silence(frames=441_000)))
    path = sounds.write(tmp_path / "a.mp3", samples, 44_100, bitrate_mode="VARIABLE")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Xing", bytes(4)).replace(b"Info", bytes(4)))
    heard = read(path)
    assert len(samples) <= heard.frames < len(samples) + 4 * 1152
    assert facts(path).material.warnings == ()


def test_damage_in_the_middle_is_skipped(tmp_path):
    tone = sounds.noise(frames=5 * 44_100, peak_db=-12)
    path = sounds.write(tmp_path / "a.flac", tone, 44_100)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3_000] = bytes(3_000)
    path.write_bytes(data)
    found = facts(path)
    assert found.material.frames > 0.9 * len(tone)
    assert "Damaged frames skipped" in found.material.warnings


def test_damage_in_an_mp4_is_skipped(tmp_path):
    path = sounds.write_m4a(tmp_path / "a.m4a", sounds.noise(frames=5 * 44_100, peak_db=-12))
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + 20_000
    data[middle : middle + 1_000] = b"\xff" * 1_000
    path.write_bytes(data)
    found = facts(path)
    assert found.material.frames > 4 * 44_100
    assert found.material.warnings[0] == "Damaged frames skipped"


def test_apples_note_of_the_length_wins(tmp_path):
    def box(kind, body):
        return struct.pack(">I4s", 8 + len(body), kind) + body

    def with_note(note):
        path = sounds.write_m4a(tmp_path / "a.m4a", sounds.noise(frames=44_100))
        item = (
            box(b"mean", bytes(4) + b"com.apple.iTunes")
            + box(b"name", bytes(4) + b"iTunSMPB")
            + box(b"data", bytes([0, 0, 0, 1, 0, 0, 0, 0]) + note)
        )
        handler = box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9))
        meta = box(b"meta", bytes(4) + handler + box(b"ilst", box(b"----", item)))
        data = path.read_bytes()
        at = data.index(b"moov") - 4
        moov = box(b"moov", data[at + 8 :] + box(b"udta", meta))
        path.write_bytes(data[:at] + moov)
        return read(path).frames

    assert with_note(b" 00000000 00000400 000002BC 000000000000A000 00000000") == 0xA000
    assert with_note(b" not what one expects") == 44_100


def test_no_sound_at_all(tmp_path):
    path = sounds.write(tmp_path / "a.mp3", sounds.noise(frames=44_100), 44_100)
    data = bytearray(path.read_bytes())
    data[1_000:] = bytes(len(data) - 1_000)
    path.write_bytes(data)
    with pytest.raises(UnreadableAudio):
        read(path)
    path = tmp_path / "b.wav"
    head = b"RIFF\xff\xff\0\0WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8_000, 16_000, 2, 16)
    path.write_bytes(head + b"data\0\0\0\0" + b"x")
    with pytest.raises(UnreadableAudio):
        read(path)


def test_a_sound_that_changes_midway_is_refused(tmp_path):
    halves = []
    for rate in (44_100, 48_000):
        path = sounds.write(tmp_path / f"{rate}.mp3", sounds.noise(frames=rate), rate)
        halves.append(path.read_bytes().replace(b"Xing", bytes(4)).replace(b"Info", bytes(4)))
    path = tmp_path / "both.mp3"
    path.write_bytes(b"".join(halves))
    with pytest.raises(UnsupportedFormat, match="change midway"):
        read(path)


def test_a_codec_that_nobody_knows(tmp_path):
    path = sounds.write_m4a(tmp_path / "a.m4a", sounds.sine(frames=4_410))
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"zzzz").replace(b"esds", b"zzzz"))
    with pytest.raises(UnreadableAudio, match="holds no sound"):
        read(path)


def test_a_header_that_ffmpeg_cannot_follow(tmp_path):
    path = sounds.write(tmp_path / "a.aiff", sounds.noise(frames=4_410), 44_100)
    data = bytearray(path.read_bytes())
    data[20] = 0x80  # 32,769 channels
    path.write_bytes(data)
    with (
        pytest.raises(UnreadableAudio, match="cannot be decoded"),
        ffmpeg_stream(path, "aiff", 1_024),
    ):
        pass


def test_over_an_hour_is_refused_whatever_its_header_says(tmp_path):
    rate, hour = 8_000, LONGEST_SECONDS
    path = tmp_path / "long.wav"
    head = b"RIFF\xff\xff\xff\xffWAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, rate, 1, 8)
    with path.open("wb") as file:
        file.write(head + b"data\0\0\0\0")
        file.truncate((hour + 1) * rate)
    with pytest.raises(OutOfBounds, match=r"^the sound is longer than 60 minutes"):
        read(path)


def test_over_an_hour_is_refused_while_decoding(tmp_path, monkeypatch):
    """The header of FLAC as streams have it says nothing, so only decoding can tell."""
    path = tmp_path / "stream.flac"
    path.write_bytes(flac_of_unknown_length())
    assert read(path).frames > 0.1 * 44_100
    monkeypatch.setattr(files, "LONGEST_SECONDS", 0.1)
    with pytest.raises(OutOfBounds, match=r"^the sound is longer than 60 minutes"):
        read(path)


@pytest.mark.parametrize("step", [1, 7])
@pytest.mark.parametrize("name", ["a.wav", "a.aiff", "a.flac", "a.mp3", "a.ogg", "a.m4a"])
def test_hostile_bytes_end_in_sound_or_in_words(tmp_path, name, step):
    """Flip bytes all over a small file: each version is read or refused by an AudioError."""
    path, tone = tmp_path / name, sounds.noise(frames=3_000)
    path = sounds.write_m4a(path, tone) if name == "a.m4a" else sounds.write(path, tone, 44_100)
    data, random = path.read_bytes(), np.random.default_rng(step)
    before = descriptors()
    for _ in range(25):
        broken = bytearray(data)
        for at in random.integers(0, len(data) if step == 7 else 200, step):
            broken[at] = int(random.integers(256))
        path.write_bytes(broken)
        with suppress(AudioError):
            assert read(path).frames > 0
    assert descriptors() == before


def mp3_with_a_hole(path):
    """MP3 that libmpg123 has a word to say about."""
    sounds.write(path, sounds.noise(frames=88_200), 44_100)
    data = bytearray(path.read_bytes())
    data[4_000:4_400] = bytes(400)
    path.write_bytes(data)
    return path


def wav_that_holds_next_to_no_mp3(path):
    """A WAV of MP3 that ends within its first frame: libmpg123 speaks while it is opened."""
    layout = struct.pack("<HHIIHH HHIHHH", 0x55, 1, 44_100, 16_000, 1, 0, 12, 1, 2, 417, 1, 0)
    mpeg = mp3_with_a_hole(path.with_suffix(".mp3")).read_bytes()[:400]
    body = b"WAVEfmt " + struct.pack("<I", len(layout)) + layout
    body += b"data" + struct.pack("<I", len(mpeg)) + mpeg
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


@pytest.mark.parametrize("make", [mp3_with_a_hole, wav_that_holds_next_to_no_mp3])
def test_libraries_do_not_print(make, tmp_path):
    path = make(tmp_path / ("a.wav" if make is wav_that_holds_next_to_no_mp3 else "a.mp3"))
    code = (
        "import sys; from contextlib import suppress; from pathlib import Path\n"
        "from library.audio.errors import AudioError; from library.audio.files import read\n"
        "with suppress(AudioError): read(Path(sys.argv[1]))\n"
        "print('still heard', file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code, path], check=True, capture_output=True)
    assert ended.stderr == b"still heard\n"


def test_silence_on_descriptor_2_ends_with_the_last_who_wants_it(capfd):
    inside, outside = threading.Event(), threading.Event()

    def other():
        with stderr_muted():
            inside.set()
            outside.wait(10)

    thread = threading.Thread(target=other)
    with stderr_muted():
        thread.start()
        inside.wait(10)
    os.write(2, b"still muted by the other\n")
    outside.set()
    thread.join()
    os.write(2, b"heard\n")
    assert capfd.readouterr().err == "heard\n"
