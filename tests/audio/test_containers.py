"""The headers of what is written, byte by byte, and files that appear whole or not at all."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest
import soundfile

from library.audio.containers import PcmFile, file_size, header, remove_abandoned, replacing
from tests import sounds

WAV = bytes.fromhex(
    "52494646"  # RIFF
    "2C000000"  # 44 bytes follow: 36 of header, 8 of samples
    "57415645"  # WAVE
    "666D7420 10000000"  # fmt , 16 bytes
    "0100"  # PCM
    "0200"  # 2 channels
    "80BB0000"  # 48,000 frames a second
    "00EE0200"  # 192,000 bytes a second
    "0400"  # 4 bytes a frame
    "1000"  # 16 bits a sample
    "64617461 08000000"  # data, 8 bytes
)

AIFF = bytes.fromhex(
    "464F524D"  # FORM
    "00000036"  # 54 bytes follow: 46 of header, 8 of samples
    "41494646"  # AIFF
    "434F4D4D 00000012"  # COMM, 18 bytes
    "0002"  # 2 channels
    "00000002"  # 2 frames
    "0010"  # 16 bits a sample
    "400EBB80000000000000"  # 48,000 in 80 bits
    "53534E44 00000010"  # SSND, 16 bytes: 8 and the samples
    "00000000 00000000"  # no offset, no block size
)

WORDS = np.array([[1, -2], [32767, -32768]], np.int16)


@pytest.mark.parametrize(
    ("container", "head", "body"),
    [("wav", WAV, "0100FEFF FF7F0080"), ("aiff", AIFF, "0001FFFE 7FFF8000")],
)
def test_every_byte_of_a_small_file(tmp_path, container, head, body):
    assert header(container, frames=2, channels=2) == head
    target = tmp_path / f"small.{container}"
    with replacing(target) as file:
        out = PcmFile(file, container, channels=2)
        out.write(WORDS)
        size = out.finish()
    data = target.read_bytes()
    assert data == head + bytes.fromhex(body)
    assert size == len(data) == file_size(container, 2, 2)


@pytest.mark.parametrize("container", ["wav", "aiff"])
def test_another_program_reads_the_same_words(tmp_path, container):
    target = tmp_path / f"noise.{container}"
    words = sounds.words(sounds.noise(frames=1_001))
    with replacing(target) as file:
        out = PcmFile(file, container, channels=1)
        out.write(words)
        out.write_silence(10)
        out.finish()
    assert out.frames == 1_011
    read, rate = soundfile.read(target, dtype="int16", always_2d=True)
    assert rate == 48_000
    assert np.array_equal(read[:1_001], words)
    assert not read[1_001:].any()


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "kept.wav"
    target.write_bytes(b"old")

    def fail():
        with replacing(target) as file:
            file.write(b"new")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.wav"]


def test_while_writing_the_name_is_not_taken(tmp_path):
    target = tmp_path / "new.wav"
    with replacing(target) as file:
        file.write(b"new")
        assert not target.exists()
        assert [path.suffix for path in tmp_path.iterdir()] == [".partial"]
    assert target.read_bytes() == b"new"


def left(folder, process, *, seconds=1000, name="{}-0a1b2c3d.partial"):
    """A file that a process left unfinished so long ago."""
    path = folder / f".{name.format(process)}"
    path.write_bytes(b"half")
    os.utime(path, (time.time() - seconds,) * 2)
    return path


@pytest.fixture
def dead():
    """The number of a process that is no more."""
    gone = subprocess.Popen(["true"])
    gone.wait()
    return gone.pid


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of those that nobody buried")
def test_what_a_process_left_that_nobody_buried_is_removed(tmp_path):
    gone = subprocess.Popen(["true"])
    os.waitid(os.P_PID, gone.pid, os.WEXITED | os.WNOWAIT)
    abandoned = left(tmp_path, gone.pid)
    remove_abandoned(tmp_path)
    gone.wait()
    assert not abandoned.exists()


def test_what_a_killed_process_left_is_removed(tmp_path, dead):
    abandoned = left(tmp_path, dead)
    kept = [
        left(tmp_path, os.getpid()),
        left(tmp_path, dead, name="{}-1a1b2c3d.partial", seconds=60),
        left(tmp_path, dead, name="{}-0a1b2c3d.partial.wav"),
        left(tmp_path, dead, name="{}.partial"),
    ]
    in_the_way = tmp_path / f".{dead}-2a1b2c3d.partial"
    in_the_way.mkdir()
    os.utime(in_the_way, (0, 0))
    remove_abandoned(tmp_path)
    assert not abandoned.exists()
    assert sorted(tmp_path.iterdir()) == sorted([*kept, in_the_way])


def test_what_a_process_of_somebody_else_writes_stays(tmp_path, dead, monkeypatch):
    def refuse(_process, _signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    path = left(tmp_path, dead)
    remove_abandoned(tmp_path)
    assert path.exists()
