"""`manage.py convert` when something dies, hangs, is stopped or runs out of room."""

import errno
import json
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from library.audio import batch, command
from library.audio.convert import convert
from tests import sounds
from tests.until import until

ROOT = Path(__file__).parents[2]
HOUR = 3600


def long_sound(path, seconds=HOUR):
    """An hour of digital silence that takes no room on the disk and seconds to convert."""
    size = seconds * 44_100 * 6
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 2,
                       44_100, 44_100 * 6, 6, 24, b"data", size)  # fmt: skip
    path.write_bytes(head)
    os.truncate(path, 44 + size)
    return path


@pytest.fixture
def crate(tmp_path):
    """Eight short sounds and a long one."""
    folder = tmp_path / "crate"
    folder.mkdir()
    for number in range(8):
        sounds.write(folder / f"{number}.wav", sounds.noise(frames=3_000, seed=number), 44_100)
    long_sound(folder / "long.wav")
    return folder


class Running:
    """A run that is under way."""

    def __init__(self, *arguments):
        line = [sys.executable, "manage.py", "convert", *map(str, arguments)]
        self.target = Path(arguments[-1])
        self.process = subprocess.Popen(
            line, **dict.fromkeys(("stdout", "stderr"), subprocess.PIPE), text=True, cwd=ROOT
        )

    def child_at_work(self):
        """The child that is in the middle of the long file."""
        children = {child.pid: child for child in psutil.Process(self.process.pid).children()}

        def look():
            partials = self.target.glob(".*.partial")
            large = (path for path in partials if path.stat().st_size > 1 << 20)
            return next((children.get(int(path.name[1:].split("-")[0])) for path in large), None)

        def look_again():
            children.update((c.pid, c) for c in psutil.Process(self.process.pid).children())
            try:
                return look()
            except FileNotFoundError:  # it has its name now
                return None

        return until(look_again, what="the long file")

    def end(self):
        """Wait; return the exit status and what was said."""
        said, complained = self.process.communicate(timeout=60)
        return self.process.returncode, said, complained


@pytest.fixture
def running(crate, tmp_path):
    """Start a run with these options; whatever is left of it at the end is killed."""
    started = []

    def start(*options):
        started.append(Running(*options, "--jobs", 2, crate, tmp_path / "out"))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


def is_gone(process):
    """Whether a process is dead, even where nobody collects it."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def outputs(folder):
    return sorted(path.name for path in folder.iterdir())


SHORT = [f"{number}.wav" for number in range(8)]


def test_a_killed_child_costs_only_the_file_it_was_at(running, crate, tmp_path):
    run = running("--json")
    run.child_at_work().kill()
    status, said, _ = run.end()
    *files, summary = map(json.loads, said.splitlines())
    failed = {one["source"]: one["error"] for one in files if not one["ok"]}
    assert status == 1
    assert failed == {str(crate / "long.wav"): "the decoder crashed"}
    assert (summary["converted"], summary["failed"]) == (8, 1)
    assert outputs(tmp_path / "out") == SHORT


def test_what_hangs_is_given_up_after_the_limit(running, crate, tmp_path):
    run = running("--time-limit", 3)
    run.child_at_work().suspend()
    status, said, complained = run.end()
    assert status == 1
    assert complained == f"{crate}/long.wav: it takes longer than 3 s\n"
    assert said.startswith("8 files converted, 1 failed (")
    assert outputs(tmp_path / "out") == SHORT


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_leaves_nothing_unfinished(running, tmp_path, number):
    run = running()
    child = run.child_at_work()
    run.process.send_signal(number)
    status, said, complained = run.end()
    assert status == 128 + number
    assert "interrupted: " in said
    assert complained == ""
    assert is_gone(child)
    assert set(outputs(tmp_path / "out")) <= set(SHORT)


def test_the_summary_of_a_stopped_run_says_so(running, tmp_path):
    run = running("--json")
    run.child_at_work()
    run.process.send_signal(signal.SIGINT)
    summary = json.loads(run.end()[1].splitlines()[-1])
    assert (summary["stopped"], summary["failed"]) == ("interrupted", 0)
    assert summary["left"] == 9 - summary["converted"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's death")
def test_no_child_outlives_a_killed_run(running):
    run = running()
    child = run.child_at_work()
    run.process.kill()
    run.process.wait()
    until(lambda: is_gone(child), what="the child to die")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's death")
def test_what_a_killed_run_left_goes_with_the_next_one(running, crate, tmp_path):
    run = running()
    child = run.child_at_work()
    run.process.kill()
    run.process.wait()
    until(lambda: is_gone(child), what="the child to die")
    left = list((tmp_path / "out").glob(".*.partial"))
    assert left
    for path in left:
        os.utime(path, (0, 0))
    (crate / "long.wav").unlink()
    assert running().end()[0] == 0
    assert outputs(tmp_path / "out") == SHORT


def test_who_no_longer_listens_is_no_error(crate, tmp_path):
    (crate / "long.wav").unlink()
    line = f"{sys.executable} manage.py convert --json {crate} {tmp_path}/out | head -n 1"
    done = subprocess.run(line, shell=True, capture_output=True, text=True, cwd=ROOT, check=True)  # noqa: S602
    assert json.loads(done.stdout)["ok"]
    assert done.stderr == ""
    assert not list((tmp_path / "out").glob(".*"))


# What only the machine's own faults can show, made in the forked children


def failing(monkeypatch, error, *, after):
    """Let every output fail of which the source's name is `after` or comes behind it."""

    def faulty(source, target, recipe):
        if source.name >= after:
            raise error
        return convert(source, target, recipe)

    monkeypatch.setattr(batch, "convert", faulty)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_full_disk_stops_the_run_with_one_sentence(monkeypatch, crate, tmp_path, capsys, as_json):
    (crate / "long.wav").unlink()
    failing(monkeypatch, OSError(errno.ENOSPC, "No space left on device"), after="5.wav")
    options = ["--json"] if as_json else []
    arguments = [*options, "--jobs", "1", str(crate), str(tmp_path / "out")]
    assert command.main(arguments) == 1
    said = capsys.readouterr()
    assert said.err == "The disk is full: nothing more was tried.\n"
    if as_json:
        summary = json.loads(said.out.splitlines()[-1])
        assert summary["stopped"] == "the disk is full"
        assert summary["left"] == 8 - summary["converted"] - summary["failed"]
    else:
        assert said.out.count("\n") == 1
        assert "the disk is full: " in said.out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_is_really_full(crate, tmp_path):
    (crate / "long.wav").unlink()
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "none", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        done = subprocess.run(
            [sys.executable, "manage.py", "convert", crate, disk],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        assert done.returncode == 1
        assert "the disk is full: " in done.stdout
        assert not list(disk.glob(".*"))
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_machine_without_processes_to_give_is_told_of(monkeypatch, crate, tmp_path, capsys):
    def none_left():
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", none_left)
    assert command.main([str(crate), str(tmp_path / "out")]) == 1
    told = "The conversion had to stop: resource temporarily unavailable.\n"
    assert capsys.readouterr().err == told


def test_a_folder_that_cannot_be_read_has_failed(monkeypatch, crate, tmp_path, capsys):
    scandir = os.scandir

    def refuse(folder):
        if folder == crate / "closed":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(folder)

    (crate / "long.wav").unlink()
    (crate / "closed").mkdir()
    monkeypatch.setattr(os, "scandir", refuse)
    assert command.main([str(crate), str(tmp_path / "out")]) == 1
    said = capsys.readouterr()
    assert said.err == f"{crate}/closed: permission denied\n"
    assert said.out.startswith("8 files converted, 1 failed (")


def test_a_signal_that_was_ignored_stays_ignored(crate, tmp_path):
    (crate / "long.wav").unlink()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert command.main([str(crate), str(tmp_path / "out")]) == 0
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
