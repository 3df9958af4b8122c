"""Long sounds need no more memory than what is kept of them for hearing."""

import subprocess
import sys

import numpy as np
import soundfile

RATE = 96_000
MEBIBYTE = 1 << 20

CODE = """
import sys
from pathlib import Path
from library.audio.children import keep_memory
from library.audio.convert import convert
from library.audio.listen import facts
from library.audio.recipe import Recipe
keep_memory()
source, target = map(Path, sys.argv[1:3])
if sys.argv[3] == "hear":
    facts(source)
convert(source, target, Recipe(loudness_lufs=-16 if sys.argv[3] == "level" else None))
status = Path("/proc/self/status").read_text()
print(status.split("VmHWM:")[1].split()[0])
"""


def peak_memory(source, target, besides):
    """Highest resident size in bytes of a process that converts a file, and hears or levels it."""
    command = [sys.executable, "-c", CODE, source, target, besides]
    ended = subprocess.run(command, check=True, capture_output=True)
    return int(ended.stdout) * 1024


def long_flac(path, minutes):
    """24-bit stereo at 96 kHz with a peak that needs the guard, so that it is read twice."""
    block = np.random.default_rng(1).uniform(-1, 1, (RATE, 2)).astype(np.float32)
    with soundfile.SoundFile(path, "w", RATE, 2, "PCM_24", compression_level=0) as file:
        for _ in range(round(60 * minutes)):
            file.write(block)
    return path


def test_ten_minutes_need_no_more_than_what_is_listened_to(tmp_path):
    short = long_flac(tmp_path / "short.flac", 0.7)  # more than the 40 s that hearing keeps
    long = long_flac(tmp_path / "long.flac", 10)
    few, many = (peak_memory(path, tmp_path / "out.wav", "hear") for path in (short, long))
    assert many < few + 16 * MEBIBYTE
    assert many < 90 * MEBIBYTE


def test_to_level_a_long_sound_takes_no_more_than_what_is_held(tmp_path):
    """Straight from 24 bits, read twice; a process of ours has some 40 MB before that, and 64."""
    peaks = []
    for seconds in (1, 120):
        source = tmp_path / f"{seconds}.wav"
        samples = np.full((44_100 * seconds, 2), 0.1, np.float32)
        soundfile.write(source, samples, 44_100, "PCM_24")
        peaks.append(peak_memory(source, tmp_path / "out.wav", "level"))
    assert peaks[1] < peaks[0] + 25 * MEBIBYTE
