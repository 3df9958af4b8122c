"""`manage.py convert` with names and streams that shells can give, and few people would."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from tests import sounds

MANAGE = Path(__file__).parents[2] / "manage.py"
TONE = sounds.sine(frames=4_000)


def convert(folder, *arguments, streams="", **options):
    """Run the command from within a folder, its streams redirected as a shell would."""
    line = [sys.executable, MANAGE, "convert", *arguments]
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {streams}', "sh", *line],
        cwd=folder, capture_output=True, check=False, **options,
    )  # fmt: skip


def names(folder):
    """The names in a folder, in order."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("form", ["FLAC", "MP3", "OGG", "WAV", "AIFF"])
def test_names_that_are_no_text(tmp_path, form):
    name = b"caf\xe9." + form.lower().encode()  # Latin-1, as old archives have it
    with (tmp_path / os.fsdecode(name)).open("wb") as file:
        soundfile.write(file, TONE, 44_100, format=form)
    done = convert(tmp_path, name, "out")
    assert (done.returncode, done.stderr) == (0, b"")
    assert names(tmp_path / "out") == [os.fsdecode(b"caf\xe9.wav")]


def test_a_name_with_a_dash_stands_behind_two(tmp_path):
    for name in ("-dash.wav", "--json.wav", "plain.wav"):
        sounds.write(tmp_path / name, TONE, 44_100)
    done = convert(tmp_path, "--format", "aiff", "--", "plain.wav", "-dash.wav", "--json.wav", "-o")
    assert (done.returncode, done.stderr) == (0, b"")
    assert names(tmp_path / "-o") == ["--json.aiff", "-dash.aiff", "plain.aiff"]


def test_a_file_called_dash_is_a_file(tmp_path):
    sounds.write(tmp_path / "other.wav", TONE, 44_100)
    (tmp_path / "-").write_bytes((tmp_path / "other.wav").read_bytes()[:-2_000])
    with (tmp_path / "other.wav").open("rb") as other:
        assert convert(tmp_path, "./-", "out", stdin=other).returncode == 0
    assert soundfile.info(tmp_path / "out" / "-.wav").frames == -(-3_000 * 48_000 // 44_100)


@pytest.mark.parametrize("paths", [("", "out"), ("a.wav", "")])
def test_no_name_at_all_is_not_this_folder(tmp_path, paths):
    sounds.write(tmp_path / "a.wav", TONE)
    done = convert(tmp_path, *paths)
    assert done.returncode == 2
    assert b"it is empty" in done.stderr
    assert names(tmp_path) == ["a.wav"]


@pytest.mark.parametrize("streams", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams(tmp_path, streams):
    sounds.write(tmp_path / "whole.wav", TONE, 44_100)
    (tmp_path / "broken.wav").write_bytes(b"RIFF")
    soundfile.write(tmp_path / "a.mp3", TONE, 44_100)
    done = convert(tmp_path, ".", "out", streams=streams)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert names(tmp_path / "out") == ["a.wav", "whole.wav"]
