"""Many files at once: in what order, and that each has an outcome of its own."""

import errno
import os
import signal
import time
from pathlib import Path

import pytest

from library.audio import batch
from library.audio.batch import Job, Outcome, portions, run
from library.audio.containers import replacing
from library.audio.convert import convert
from library.audio.recipe import Recipe
from tests import sounds


def job(name, size_bytes):
    return Job(Path(name), Path("out"), size_bytes)


@pytest.fixture
def jobs(tmp_path):
    """Ten short sounds to convert."""
    made = []
    for number in range(10):
        source = tmp_path / f"{number}.wav"
        sounds.write(source, sounds.noise(frames=2_000 + number, seed=number), 44_100)
        made.append(Job(source, tmp_path / f"{number}.out", source.stat().st_size))
    return made


def outcomes(jobs, recipe=None, *, size=2, **options):
    return dict(run(jobs, recipe or Recipe(), size=size, **options))


def failing(monkeypatch, name, fault):
    """Let `fault` happen in the middle of writing the output of one source."""

    def faulty(source, target, recipe):
        if source.name != name:
            return convert(source, target, recipe)
        with replacing(target) as file:
            file.write(b"half")
            file.flush()
            return fault()

    monkeypatch.setattr(batch, "convert", faulty)


def raising(error):
    def fault():
        raise error

    return fault


def test_large_files_come_first_and_alone_small_ones_in_fours():
    small = [job(f"{number}.wav", 1000 + number) for number in range(6)]
    jobs = [*small, job("long.wav", 90_000_000), job("song.mp3", 10_000_000)]
    assert portions(jobs) == [[7], [6], [5, 4, 3, 2], [1, 0]]
    assert portions([]) == []


def test_a_compressed_megabyte_is_more_work():
    sizes = [job(name, 1_000_000).cost for name in ("a.wav", "a.FLAC", "a.mp3", "a.ogg")]
    assert sizes == sorted(sizes)
    assert len(set(sizes)) == 4


@pytest.mark.parametrize("size", [1, 3])
def test_the_bytes_are_those_of_convert_alone(jobs, tmp_path, size):
    found = outcomes(jobs, Recipe(format="aiff"), size=size)
    assert len(found) == len(jobs)
    for number, one in enumerate(jobs):
        alone = tmp_path / "alone"
        result = convert(one.source, alone, Recipe(format="aiff"))
        assert found[number] == Outcome(result)
        assert one.target.read_bytes() == alone.read_bytes()


def test_a_bad_file_has_its_reason_and_the_rest_goes_on(jobs):
    jobs[3].source.write_bytes(b"hello")
    jobs[4].source.unlink()
    found = outcomes(jobs)
    assert found[3].error == "the content is not a sound file of a known format"
    assert found[4].error == "the file is not there"
    assert sum(outcome.result is not None for outcome in found.values()) == 8
    assert not jobs[3].target.exists()


@pytest.mark.parametrize(
    ("error", "reason", "is_full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "no space left on device", True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "disk quota exceeded", True),
        (OSError(errno.EIO, "Input/output error"), "input/output error", False),
        (MemoryError(), "it takes too much memory", False),
        (ZeroDivisionError("oh"), "the converter failed (ZeroDivisionError('oh'))", False),
    ],
)
def test_whatever_goes_wrong_goes_wrong_with_one_file(monkeypatch, jobs, error, reason, is_full):
    failing(monkeypatch, "5.wav", raising(error))
    found = outcomes(jobs)
    assert found.pop(5) == Outcome(error=reason, is_full=is_full)
    assert all(outcome.result for outcome in found.values())
    assert not list(jobs[0].target.parent.glob("*.partial"))


def test_a_fault_of_the_target_names_the_target(jobs):
    target = jobs[2].target
    target.mkdir()
    jobs[4] = Job(jobs[4].source, target.parent / "nowhere" / "4.wav", 0)
    found = outcomes(jobs)
    assert found[2].error == f"{target} cannot be written: is a directory"
    expected = f"{jobs[4].target} cannot be written: no such file or directory"
    assert found[4].error == expected
    assert sum(outcome.result is not None for outcome in found.values()) == 8


def test_a_fault_of_the_source_does_not(monkeypatch, jobs):
    closed = PermissionError(errno.EACCES, "Permission denied", str(jobs[5].source))
    failing(monkeypatch, "5.wav", raising(closed))
    assert outcomes(jobs)[5].error == "permission denied"


def test_after_a_crash_nothing_unfinished_is_left(monkeypatch, jobs):
    failing(monkeypatch, "2.wav", lambda: os.kill(os.getpid(), signal.SIGKILL))
    jobs[2].target.write_bytes(b"of an earlier run")
    found = outcomes(jobs)
    assert found.pop(2) == Outcome(error="the decoder crashed")
    assert all(outcome.result for outcome in found.values())
    assert jobs[2].target.read_bytes() == b"of an earlier run"
    assert not list(jobs[0].target.parent.glob("*.partial"))


def test_what_hangs_is_given_up(monkeypatch, jobs):
    failing(monkeypatch, "2.wav", lambda: time.sleep(600))
    found = outcomes(jobs, limit_seconds=1)
    assert found.pop(2) == Outcome(error="it takes longer than 1 s")
    assert all(outcome.result for outcome in found.values())
    assert not list(jobs[0].target.parent.glob("*.partial"))


def test_a_disk_that_is_gone_does_not_stop_the_clearing_up(monkeypatch, jobs):
    def gone(_target, _process):
        raise OSError(errno.EIO, "Input/output error")

    failing(monkeypatch, "2.wav", lambda: os.kill(os.getpid(), signal.SIGKILL))
    monkeypatch.setattr(batch, "remove_unfinished", gone)
    assert outcomes(jobs)[2] == Outcome(error="the decoder crashed")


def test_a_name_may_have_the_greatest_length(tmp_path):
    source = sounds.write(tmp_path / f"{'x' * 251}.wav", sounds.noise(frames=3000))
    target = tmp_path / "out" / source.name
    target.parent.mkdir()
    assert outcomes([Job(source, target, 0)])[0].result
    assert target.stat().st_size > 6000
