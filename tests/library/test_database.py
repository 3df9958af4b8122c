"""The database from the shell: made, brought up to date, copied, and never touched in use."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils.timezone import now

from library import database, instance
from library.management.commands import db_init
from library.models import Sample, WorkerBeat
from tests.factories import GenerationFactory

ROOT = Path(__file__).parents[2]
on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="copies SQLite's file")


@pytest.fixture
def folder(settings, tmp_path):
    """Give the test a data folder of its own; the database stays where it is."""
    settings.DATA_DIR = settings.RUN_DIR = tmp_path
    return tmp_path


class Server:
    """Stands for the connection to a server; it notes what it is asked."""

    vendor = "postgresql"
    ops = connection.ops

    def __init__(self, *, reached=True, knows=False, away=False):
        self.reached, self.knows, self.away = reached, knows, away
        self.asked, self.closed = [], False
        self.settings_dict = {
            "NAME": "padcrate", "HOST": "db.example.org", "PORT": "5433",
            "USER": "me", "PASSWORD": "secret",
        }  # fmt: skip

    def ensure_connection(self):
        if not self.reached:
            raise OperationalError("it does not exist")

    def copy(self):
        return self

    def cursor(self):
        if self.away:
            raise OperationalError("no route")
        return self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def execute(self, sql, params=()):
        self.asked.append(sql)

    def fetchone(self):
        return (1,) if self.knows else None

    def close(self):
        self.closed = True


@pytest.fixture
def server(monkeypatch):
    """Let the database be one of a server, which is returned."""

    def at(**what):
        monkeypatch.setattr(database, "connection", Server(**what))
        return database.connection

    return at


# ── Where, and made ─────────────────────────────────────────────────────────


def test_it_is_named_by_its_file():
    assert database.where() == str(connection.settings_dict["NAME"])


def test_it_is_named_by_its_server_without_the_password(server):
    known = server().settings_dict
    assert database.where() == "PostgreSQL database padcrate on db.example.org"
    known["HOST"] = ""
    assert database.where() == "PostgreSQL database padcrate on this machine"


def test_making_says_what_was_found(db, capsys):
    call_command("db_init")
    assert capsys.readouterr().out == f"Found {database.where()}: up to date.\n"


def test_a_server_out_of_reach_is_said(db, monkeypatch):
    def refuse():
        raise database.DatabaseError("It cannot be reached.")

    monkeypatch.setattr(database, "make", refuse)
    with pytest.raises(db_init.CommandError, match="cannot be reached"):
        call_command("db_init")


def test_rows_of_a_table_that_is_not_there_are_none(db, monkeypatch):
    GenerationFactory(user__username="me")
    assert database.rows(Sample) == 0
    assert not database.is_empty()
    monkeypatch.setattr(Sample._meta, "db_table", "library_future")
    assert database.rows(Sample) == 0


# ── Alone ───────────────────────────────────────────────────────────────────


def test_it_is_alone_until_it_is_done(db, folder):
    with database.alone():
        refused = pytest.raises(instance.CannotStartError, match="already runs")
        with refused, instance.hold("127.0.0.1", 1):
            pass
    assert instance.running() is None


def test_not_while_padcrate_runs(db, folder):
    with instance.hold("127.0.0.1", 8123):
        refused = pytest.raises(database.DatabaseError, match="already runs on the data folder")
        with refused, database.alone():
            pass


def test_nor_while_workers_live(db, folder):
    beat = WorkerBeat.objects.create(name="far:1")
    with pytest.raises(database.DatabaseError, match="in the last 15 seconds"), database.alone():
        pass
    WorkerBeat.objects.filter(pk=beat.pk).update(beat_at=now() - timedelta(seconds=16))
    with database.alone():
        pass


# ── Copies ──────────────────────────────────────────────────────────────────


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_copy_holds_what_is_in_the_log_and_is_for_its_owner_alone(folder):
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as reader:
        reader.execute("BEGIN")  # keeps the log from being written back
        reader.execute("SELECT count(*) FROM library_generation").fetchone()
        made = GenerationFactory()
        copied = database.copy()
        reader.execute("ROLLBACK")
    assert copied.parent == folder / "backups"
    assert copied.name.startswith(f"padcrate-{now():%Y-}")
    with closing(sqlite3.connect(copied)) as copy:
        assert copy.execute("SELECT id FROM library_generation").fetchall() == [(made.pk.hex,)]
    assert stat.S_IMODE(copied.stat().st_mode) == 0o600
    assert [*(folder / "backups").iterdir()] == [copied]


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_copy_never_takes_the_place_of_another(folder, monkeypatch):
    moment = now()
    monkeypatch.setattr(database, "localtime", lambda: moment)
    first = database.copy()
    before = first.read_bytes()
    with pytest.raises(database.DatabaseError, match="there is one of this second"):
        database.copy()
    assert first.read_bytes() == before
    assert [*(folder / "backups").iterdir()] == [first]


@on_sqlite
def test_a_folder_that_cannot_be_written_ends_it(db, folder):
    (folder / "backups").touch()
    with pytest.raises(database.DatabaseError, match="could not be written"):
        database.copy()


@on_sqlite
def test_a_damaged_file_gives_no_copy(folder, monkeypatch):
    broken = folder / "broken.sqlite3"
    broken.write_bytes(b"no database " * 999)
    own = SimpleNamespace(vendor="sqlite", settings_dict={"NAME": broken})
    monkeypatch.setattr(database, "connection", own)
    with pytest.raises(database.DatabaseError, match="could not be copied: file is not"):
        database.copy()
    assert [*(folder / "backups").iterdir()] == []


def test_a_server_is_copied_by_its_own_program(folder, server, monkeypatch):
    server()
    tool = folder / "pg_dump"
    tool.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "file = next(word[7:] for word in sys.argv if word.startswith('--file='))\n"
        "open(file, 'w').write(' '.join(sys.argv[1:]) + os.environ['PGPASSWORD'])\n"
    )
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", str(folder))
    copied = database.copy()
    assert copied.suffix == ".dump"
    text = copied.read_text()
    assert text.startswith("--format=custom")
    assert "--host=db.example.org --port=5433 --username=me --dbname=padcrate" in text
    assert text.endswith("secret")
    tool.write_text("#!/bin/sh\necho 'server version mismatch' >&2; exit 1\n")
    copied.unlink()
    with pytest.raises(database.DatabaseError, match="copied: server version mismatch"):
        database.copy()
    assert [*(folder / "backups").iterdir()] == []


def test_without_that_program_there_is_no_copy(folder, server, monkeypatch):
    server()
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(database.DatabaseError, match="pg_dump is not installed"):
        database.copy()


# ── Servers ─────────────────────────────────────────────────────────────────


def test_a_database_that_the_server_lacks_is_made(server):
    at = server(reached=False)
    assert database.make()
    assert at.asked[-1] == 'CREATE DATABASE "padcrate"'
    assert at.settings_dict["NAME"] == "postgres"
    assert at.closed


@pytest.mark.parametrize(
    ("what", "why"), [({"knows": True}, "it does not exist"), ({"away": True}, "no route")]
)
def test_one_that_cannot_be_reached_is_not_made(server, what, why):
    at = server(reached=False, **what)
    with pytest.raises(database.DatabaseError, match=f"cannot be reached: {why}"):
        database.make()
    assert at.closed
    assert not [sql for sql in at.asked if "CREATE" in sql]


def test_one_that_is_there_is_not_made(server):
    at = server()
    assert not database.make()
    assert at.asked == []


# ── Make ────────────────────────────────────────────────────────────────────


def make(*words):
    """Call make as from a shell, even where make runs the tests."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *words], cwd=ROOT, env=plain, capture_output=True, text=True, check=True
    ).stdout


def test_the_targets_are_listed_and_call_the_commands():
    listed = make("help")
    for name, command in (("init", "db_init"), ("migrate", "migrate"), ("reset", "db_reset")):
        assert f"make db-{name} " in listed
        assert f"manage.py {command}" in make("-n", f"db-{name}")
    assert "--yes" not in make("-n", "db-reset")
    assert "--yes" not in make("-n", "db-reset", "YES=0")
    assert "db_reset --yes" in make("-n", "db-reset", "YES=1")
