"""How `manage.py convert` starts, without Django, and what a terminal sees of it."""

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from library.audio import command
from library.audio.report import Report
from library.audio.shell import ONE_THREAD, processors
from tests import sounds

ROOT = Path(__file__).parents[2]


def shell(*arguments, python=()):
    """Run the command; its output is text."""
    line = [sys.executable, *python, ROOT / "manage.py", "convert", *map(str, arguments)]
    return subprocess.run(line, capture_output=True, text=True, check=False, cwd=ROOT)


@pytest.fixture
def crate(tmp_path):
    """Two sounds and a bad one."""
    folder = tmp_path / "crate"
    folder.mkdir()
    sounds.write(folder / "tone.wav", sounds.sine(frames=30_000, channels=2), 44_100, "PCM_24")
    sounds.write(folder / "noise.flac", sounds.noise(frames=9_000), 96_000)
    (folder / "broken.wav").write_bytes(b"RIFF but no more")
    return folder


# Without Django


@pytest.fixture
def imported(tmp_path):
    """Convert a file; return the names of all modules that this took, of children too."""

    def take(path):
        done = shell(path, tmp_path / "out", python=["-X", "importtime"])
        assert done.returncode == 0
        told = [one for one in done.stderr.splitlines() if one.startswith("import time:")]
        return {one.rsplit("|", 1)[1].strip().split(".")[0] for one in told}

    return take


HEAVY = {"django", "librosa", "scipy", "numba", "tqdm"}


def test_nothing_heavy_is_imported(imported, tmp_path):
    source = sounds.write(tmp_path / "a.flac", sounds.noise(), 44_100)
    modules = imported(source)
    assert {"numpy", "soundfile", "soxr", "library"} <= modules
    assert not modules & (HEAVY | {"av"})


def test_mp4_alone_brings_ffmpeg(imported, tmp_path):
    modules = imported(sounds.write_m4a(tmp_path / "a.m4a", sounds.noise()))
    assert "av" in modules
    assert not modules & HEAVY


def test_a_slip_of_the_pen_does_not_even_import_numpy(tmp_path):
    done = shell(tmp_path / "nothing", tmp_path, python=["-X", "importtime"])
    assert done.returncode == 2
    assert "numpy" not in done.stderr


def test_numpy_gets_one_thread(crate, tmp_path, monkeypatch):
    for name in ONE_THREAD:
        monkeypatch.setenv(name, "8")
    assert command.main([str(crate / "tone.wav"), str(tmp_path / "out")]) == 0
    assert [os.environ[name] for name in ONE_THREAD] == ["1", "1"]


# Within Django


def test_django_lists_it_and_runs_the_same(crate, tmp_path, capsys):
    assert get_commands()["convert"] == "library"
    call_command("convert", str(crate / "tone.wav"), str(tmp_path / "out"), "--format=aiff")
    assert capsys.readouterr().out.startswith("1 file converted (")
    assert (tmp_path / "out" / "tone.aiff").exists()
    with pytest.raises(SystemExit, match="1"):
        call_command("convert", str(crate), str(tmp_path / "out"))


# Progress


def test_a_terminal_sees_how_far_it_is(crate, tmp_path):
    here, there = pty.openpty()
    termios.tcsetwinsize(there, (24, 80))
    done = subprocess.run(
        [sys.executable, "manage.py", "convert", crate, tmp_path / "out"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=there,
        check=False,
    )
    os.close(there)
    seen = os.read(here, 100_000).decode()
    os.close(here)
    assert done.returncode == 1
    assert "/3 [" in seen
    assert "broken.wav: the content" in seen
    assert done.stdout.startswith(b"2 files converted")


def test_a_single_file_needs_no_bar(tmp_path, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    report = Report(1, 0, as_json=False)
    report._advance()
    assert report.bar is None


def test_where_the_system_does_not_say_which_processors_are_ours_all_are(monkeypatch):
    ours = processors()
    monkeypatch.delattr(os, "sched_getaffinity")
    assert 1 <= ours <= processors() == os.cpu_count()
