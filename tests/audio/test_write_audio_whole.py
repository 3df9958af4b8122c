"""`write_audio`: the file is there whole or not at all, whatever happens."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from library.audio import write_audio, written
from tests import sounds

RATE = 48_000
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def target(tmp_path):
    return tmp_path / "sound.wav"


def test_the_parents_are_made_and_a_file_is_replaced(tmp_path):
    target = tmp_path / "2026" / "11" / "21" / "sound.wav"
    write_audio(sounds.sine(), target, RATE)
    write_audio(sounds.sine(frames=9), target, RATE)
    assert soundfile.info(target).frames == 9
    assert list(target.parent.iterdir()) == [target]


def test_all_of_it_is_on_the_disk_before_it_has_its_name(target, monkeypatch):
    def sync(handle):
        synced.append((os.fstat(handle).st_size, target.exists()))

    synced = []
    monkeypatch.setattr(os, "fsync", sync)
    _, size = write_audio(sounds.sine(), target, RATE)
    assert synced == [(size, False)]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_breaks_off_in_the_middle_leaves_nothing_of_itself(error, tmp_path, monkeypatch):
    def breaks_off(*arguments, **options):
        found = rows(*arguments, **options)
        yield next(found)
        raise error

    rows = written.rows
    old, new = tmp_path / "old.wav", tmp_path / "folder" / "new.wav"
    write_audio(sounds.sine(frames=9), old, RATE)
    before = old.read_bytes()
    monkeypatch.setattr(written, "rows", breaks_off)
    for target in (old, new):
        with pytest.raises(type(error)):
            write_audio(sounds.sine(frames=99_999), target, RATE)
    assert old.read_bytes() == before
    assert sorted(tmp_path.rglob("*")) == [new.parent, old]


def test_a_program_that_is_killed_leaves_what_was_there_before(target):
    write_audio(sounds.sine(frames=9), target, RATE)
    before = target.read_bytes()
    code = (
        "import os, signal, sys\n"
        "from library.audio import write_audio, written\n"
        "def dies(*arguments, **options):\n"
        "    yield next(rows(*arguments, **options))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "rows, written.rows = written.rows, dies\n"
        "write_audio([0.5] * 99_999, sys.argv[1], 48_000)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, target], cwd=ROOT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert target.read_bytes() == before
    left = {path.name for path in target.parent.iterdir()} - {target.name}
    assert [name for name in left if not re.fullmatch(r"\.\d+-[0-9a-f]+\.partial", name)] == []


def test_a_folder_is_no_place_for_a_file(tmp_path):
    with pytest.raises(OSError, match=str(tmp_path)):
        write_audio(sounds.sine(), tmp_path, RATE)
    assert list(tmp_path.iterdir()) == []
