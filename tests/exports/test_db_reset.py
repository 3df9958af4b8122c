"""Beginning again: what will be lost is named, asked for and copied first."""

import io
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from library import database, instance
from tests.factories import ExportFactory, GenerationFactory, KitFactory, SampleFactory

ROOT = Path(__file__).parents[2]


@pytest.fixture
def done(db, settings, tmp_path, monkeypatch):
    """Note what is done instead of doing it to the tests' database."""
    settings.RUN_DIR = tmp_path
    acts = []
    monkeypatch.setattr(database, "copy", lambda: acts.append("copy") or "the copy")
    monkeypatch.setattr(database, "empty", lambda: acts.append("empty"))
    monkeypatch.setattr(database, "migrate", lambda: acts.append("migrate"))
    return acts


def answer(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_it_names_what_will_be_lost_and_where_and_keeps_a_copy_first(done, monkeypatch, capsys):
    kit = KitFactory(filled=2)
    ExportFactory(owner=kit.owner)
    for _ in range(3):
        GenerationFactory(user=kit.owner)
    answer(monkeypatch, "yes\n")
    call_command("db_reset")
    said = capsys.readouterr().out
    assert f"In {database.where()} will be lost: " in said
    assert "2 sounds, 1 kits, 1 exports, 3 generations, and all accounts." in said
    assert "Copied to the copy." in said
    assert done == ["copy", "empty", "migrate"]


@pytest.mark.parametrize("text", ["", "\n", "no\n", "y\n"])
def test_anything_but_yes_changes_nothing(done, monkeypatch, text):
    answer(monkeypatch, text)
    with pytest.raises(CommandError, match=r"You did not say yes\. Nothing was changed\."):
        call_command("db_reset")
    assert done == []


def test_yes_beforehand_is_not_asked_again(done, monkeypatch, capsys):
    answer(monkeypatch, "no\n")
    call_command("db_reset", "--yes")
    assert "Type yes" not in capsys.readouterr().out
    assert done == ["copy", "empty", "migrate"]


def test_not_while_padcrate_runs(done):
    with instance.hold("127.0.0.1", 8123), pytest.raises(CommandError, match="already runs"):
        call_command("db_reset", "--yes")
    assert done == []


def test_without_a_copy_nothing_is_emptied(done, monkeypatch):
    def fail():
        raise database.DatabaseError("It could not be copied.")

    monkeypatch.setattr(database, "copy", fail)
    with pytest.raises(CommandError, match=r"could not be copied\. Nothing was changed"):
        call_command("db_reset", "--yes")
    assert done == []


def test_where_nothing_is_nothing_is_asked(done, monkeypatch, capsys):
    monkeypatch.setattr(database, "is_empty", lambda: True)
    call_command("db_reset")
    assert "will be lost" not in capsys.readouterr().out
    assert done == ["migrate"]


def test_one_that_cannot_be_read_is_left_alone(done, monkeypatch):
    def fail():
        raise OperationalError("file is not a database")

    monkeypatch.setattr(database, "is_empty", fail)
    with pytest.raises(CommandError, match=r"cannot be read \(file is not a database\). Move it"):
        call_command("db_reset", "--yes")
    assert done == []


def test_the_whole_of_it_in_a_data_folder_of_its_own(tmp_path):
    ours = {
        "DJANGO_SETTINGS_MODULE": "sp404site.settings",
        "PADCRATE_DATA": str(tmp_path),
        "PADCRATE_SQLITE_SYNCHRONOUS": "OFF",
    }

    def manage(*words):
        done = subprocess.run(
            [sys.executable, ROOT / "manage.py", *words],
            env=os.environ | ours,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    file = tmp_path / "padcrate.sqlite3"
    code, said = manage("db_init")
    assert (code, said.startswith(f"Made {file}: ")) == (0, True), said
    with closing(sqlite3.connect(file)) as made:
        made.execute(
            "INSERT INTO auth_user (username, password, first_name, last_name, email, is_staff, "
            "is_active, is_superuser, date_joined) VALUES ('me', '', '', '', '', 0, 1, 0, '2026')"
        )
        made.commit()
    code, said = manage("db_reset")
    assert code == 1
    assert "0 sounds, 0 kits, 0 exports, 0 generations" in said
    assert "Nothing was changed." in said
    code, said = manage("db_reset", "--yes")
    assert (code, said.endswith(f"{file} is new and empty.\n")) == (0, True), said
    (copy,) = (tmp_path / "backups").iterdir()
    for at, people in ((copy, [("me",)]), (file, [])):
        with closing(sqlite3.connect(at)) as found:
            assert found.execute("SELECT username FROM auth_user").fetchall() == people
            assert found.execute("SELECT count(*) FROM library_generation").fetchone() == (0,)


def test_with_the_copy_all_sounds_of_models_can_be_had_again(tmp_path):
    ours = {
        "DJANGO_SETTINGS_MODULE": "sp404site.settings",
        "PADCRATE_DATA": str(tmp_path),
        "PADCRATE_SQLITE_SYNCHRONOUS": "OFF",
        "PADCRATE_GENERATION_ENGINES": "tests.models_of_sound.Moody",
    }

    def manage(*words):
        return subprocess.run(
            [sys.executable, ROOT / "manage.py", *words], check=True,
            env=os.environ | ours, capture_output=True, text=True, timeout=120,
        ).stdout  # fmt: skip

    manage("db_init")
    add = "from django.contrib.auth.models import User; User.objects.create(username='me')"
    manage("shell", "-c", add)
    manage("generate", "kick", "--seconds", "0.2")
    (sound,) = (tmp_path / "media" / "generations").rglob("*.wav")
    content = sound.read_bytes()
    os.utime(sound, (time.time() - 3 * 86_400,) * 2)
    manage("db_reset", "--yes")
    manage("shell", "-c", "from library import labour; labour.sweep()")
    (copy,) = (tmp_path / "backups").iterdir()
    file = tmp_path / "padcrate.sqlite3"
    for rest in ("-wal", "-shm"):
        Path(f"{file}{rest}").unlink(missing_ok=True)
    copy.replace(file)
    with closing(sqlite3.connect(file)) as found:
        (name,) = found.execute("SELECT audio_file FROM library_generation").fetchone()
    assert (tmp_path / "media" / "generations" / name).read_bytes() == content


def test_sounds_of_the_trash_count_as_well(done, capsys):
    SampleFactory(trashed=True)
    call_command("db_reset", "--yes")
    assert "1 sounds" in capsys.readouterr().out
