"""What headers say, and what is refused on their word alone."""

import os
import struct
import subprocess
import sys

import numpy as np
import pytest

from library.audio.claims import promised_frames
from library.audio.errors import AudioError, OutOfBounds, UnreadableAudio, UnsupportedFormat
from library.audio.headers import probe
from library.audio.ogg import identify
from tests import sounds
from tests.hostile.ogg import ogg_flac


def seen(path):
    header = probe(path)
    return header.format, header.subtype, header.bit_depth, header.rate, header.channels


@pytest.mark.parametrize(
    ("name", "subtype", "expected"),
    [
        ("a.wav", "PCM_16", ("wav", "PCM_16", 16)),
        ("a.wav", "PCM_24", ("wav", "PCM_24", 24)),
        ("a.wav", "PCM_U8", ("wav", "PCM_U8", 8)),
        ("a.wav", "FLOAT", ("wav", "FLOAT", 32)),
        ("a.wav", "DOUBLE", ("wav", "DOUBLE", 64)),
        ("a.wav", "ULAW", ("wav", "ULAW", None)),
        ("a.aiff", "PCM_16", ("aiff", "PCM_16", 16)),
        ("a.aif", "PCM_24", ("aiff", "PCM_24", 24)),
        ("a.aifc", "FLOAT", ("aiff", "FLOAT", 32)),
        ("a.flac", "PCM_24", ("flac", "PCM_24", 24)),
        ("a.ogg", "VORBIS", ("ogg", "VORBIS", None)),
        ("a.mp3", None, ("mp3", "MPEG_LAYER_III", None)),
    ],
)
def test_reads_headers_of_what_libsndfile_knows(tmp_path, name, subtype, expected):
    path = sounds.write(tmp_path / name, sounds.sine(frames=22_050, channels=2), 44_100, subtype)
    assert seen(path) == (*expected, 44_100, 2)
    assert probe(path).frames == 22_050
    assert probe(path).seconds == 0.5


def test_opus_always_runs_at_48_khz(tmp_path):
    path = sounds.write(tmp_path / "a.ogg", sounds.sine(), 48_000, "OPUS")
    assert seen(path) == ("ogg", "OPUS", None, 48_000, 1)


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_aac_is_read_from_its_boxes(tmp_path, channels):
    path = sounds.write_m4a(tmp_path / "a.m4a", sounds.sine(frames=44_100, channels=channels))
    assert seen(path) == ("m4a", "AAC", None, 44_100, channels)
    assert probe(path).seconds == pytest.approx(1, abs=0.05)


def test_alac_is_read_from_its_boxes(tmp_path):
    path = sounds.write_m4a(tmp_path / "a.m4a", sounds.sine(frames=96_000), 96_000, "alac")
    assert seen(path) == ("m4a", "ALAC", 16, 96_000, 1)
    assert probe(path).frames == 96_000


def test_the_extension_has_no_say(tmp_path):
    path = sounds.write(tmp_path / "a.flac", sounds.sine())
    assert probe(path.rename(tmp_path / "a.wav")).format == "flac"


def test_a_web_process_never_loads_ffmpeg(tmp_path):
    paths = [
        sounds.write(tmp_path / "a.wav", sounds.sine()),
        sounds.write(tmp_path / "a.mp3", sounds.sine()),
        sounds.write_m4a(tmp_path / "a.m4a", sounds.sine()),
    ]
    code = (
        "import sys; from pathlib import Path; from library.audio import listen, validate\n"
        "from library.audio.headers import probe\n"
        "for path in sys.argv[1:]: probe(Path(path))\n"
        "loaded = [name for name in ('av', 'django', 'librosa', 'scipy') if name in sys.modules]\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)"
    )
    subprocess.run([sys.executable, "-c", code, *map(str, paths)], check=True)


# What is refused


def wav_head(rate=48_000, channels=1, size=8):
    """A WAV header that says what it is told to, and eight bytes."""
    step = 2 * channels
    layout = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * step % 2**32, step % 2**16, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + size)
        + b"WAVEfmt "
        + layout
        + b"data"
        + (struct.pack("<I", size) + bytes(8))
    )


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", UnreadableAudio, "the file is empty"),
        (b"just some text, renamed", UnsupportedFormat, "not a sound file of a known format"),
        (b"ID3\x04" + bytes(500), UnreadableAudio, "cannot be decoded"),
        (b"fLaC" + bytes(100), UnreadableAudio, "cannot be decoded"),
        (b"OggS" + bytes(10), UnreadableAudio, "cannot be decoded"),
        (b"OggS" + bytes(500), UnreadableAudio, "cannot be decoded"),
        (b"\0\0\0\x18ftypM4A " + bytes(500), UnreadableAudio, "holds no sound"),
        (b"RIFF\0\0\0\0WAVE", UnreadableAudio, "cannot be decoded"),
        (wav_head(rate=1), OutOfBounds, "1 Hz is outside 4 to 384 kHz"),
        (wav_head(rate=400_000), OutOfBounds, "400000 Hz is outside"),
        (wav_head(channels=1024, size=2048), OutOfBounds, "1024 channels are outside 1 to 8"),
        (wav_head(channels=9, size=18), OutOfBounds, "9 channels"),
    ],
    ids=lambda value: value[:12].hex() if isinstance(value, bytes) else None,
)
def test_refuses_in_plain_words(tmp_path, content, error, words):
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(error, match=words) as caught:
        probe(path)
    assert str(tmp_path) not in str(caught.value)


def test_refuses_a_header_without_samples(tmp_path):
    path = sounds.write(tmp_path / "a.wav", sounds.silence(frames=0))
    with pytest.raises(UnreadableAudio, match="has no samples"):
        probe(path)


def test_refuses_a_claim_of_hours_from_a_few_bytes(tmp_path):
    path = sounds.write(tmp_path / "a.flac", sounds.silence(frames=4_096), 44_100)
    data = bytearray(path.read_bytes())
    data[21:26] = bytes([data[21] & 0xF0 | 0x0F, 0xFF, 0xFF, 0xFF, 0xFF])  # 36 bits of frames
    path.write_bytes(data)
    with pytest.raises(OutOfBounds, match="longer than 60 minutes"):
        probe(path)


def test_never_waits_at_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(UnreadableAudio, match="not a regular file"):
        probe(tmp_path / "pipe.wav")
    with pytest.raises(UnreadableAudio, match="not a regular file"):
        probe(tmp_path)


def test_what_is_not_there(tmp_path):
    with pytest.raises(UnreadableAudio, match="the file is not there"):
        probe(tmp_path / "gone.wav")


def test_a_fault_of_the_machine_says_nothing_about_the_sound(tmp_path):
    with pytest.raises(OSError, match="too long"):
        probe(tmp_path / ("x" * 300))


def test_ogg_with_something_else_in_it(tmp_path):
    path = sounds.write(tmp_path / "a.ogg", sounds.sine(), 48_000)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\x01vorbis", b"\x01theora"))
    with pytest.raises(AudioError):
        probe(path)


def test_something_else_behind_a_tag(tmp_path):
    path = sounds.write(tmp_path / "a.au", sounds.sine())
    path.write_bytes(b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + path.read_bytes())
    with pytest.raises(UnsupportedFormat):
        probe(path)


def test_flac_behind_a_tag_is_flac(tmp_path):
    path = sounds.write(tmp_path / "a.flac", sounds.sine())
    path.write_bytes(b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + path.read_bytes())
    assert probe(path).format == "flac"


@pytest.mark.parametrize(
    "chunks", ["", "66 6D 74 20 04000000 01000100", "64617461 04000000 00000000"]
)
def test_nothing_is_promised_without_both_chunks(tmp_path, chunks):
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF\0\0\0\0WAVE" + bytes.fromhex(chunks))
    assert promised_frames(path, "wav", 0) is None


def test_opus_is_identified_by_its_first_page(tmp_path):
    path = sounds.write(tmp_path / "a.ogg", sounds.sine(channels=2), 48_000, "OPUS")
    with path.open("rb") as file:
        assert identify(file) == ("OPUS", 48_000, 2)


def test_flac_in_ogg_is_identified_by_its_first_page(tmp_path):
    path = tmp_path / "a.ogg"
    path.write_bytes(ogg_flac())
    with path.open("rb") as file:
        assert identify(file) == ("FLAC", 44_100, 2)


def test_an_mp3_of_no_stated_length_has_none(tmp_path):
    samples = np.concatenate([sounds.silence(frames=48_000), sounds.noise(frames=96_000)])
    path = sounds.write(tmp_path / "a.mp3", samples, 44_100, bitrate_mode="VARIABLE")
    data = path.read_bytes()
    bare = data.replace(b"Xing", bytes(4)).replace(b"Info", bytes(4))
    path.write_bytes(bare)
    assert probe(path).frames is None
    assert probe(path).seconds is None
    tagged = b"ID3\x04\0\0" + bytes([0, 0, 8, 0]) + bytes(1024) + data  # 8 * 128 bytes of tag
    path.write_bytes(tagged)
    assert probe(path).frames == len(samples)
