"""What generations promise holds on PostgreSQL too: the same tests on a server of their own."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

SAME = (
    "test_generations.py", "test_prompts.py", "test_generation_queries.py", "test_generate.py",
    "test_killed_generations.py",
)  # fmt: skip
HERE = Path(__file__).parent
SERVER = Path("/usr/lib/postgresql")  # where Debian puts it, one folder for each version


def program(name: str) -> Path | None:
    """Return where a program of the server lies, the newest one."""
    found = shutil.which(name)
    return Path(found) if found else max(SERVER.glob(f"*/bin/{name}"), default=None)


@pytest.fixture
def server():
    """Start an empty server that listens on a socket in its folder, and return that folder."""
    initdb, control = program("initdb"), program("pg_ctl")
    if not initdb or not control or not find_spec("psycopg"):
        pytest.skip("needs PostgreSQL's initdb and pg_ctl, and psycopg")
    # Not below pytest's folder: that is its user's alone, and the name of a socket must be short.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    as_whom = {}
    if os.geteuid() == 0:  # the server refuses to run as root
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        as_whom = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def run(*command: str | Path) -> None:
        subprocess.run(
            command, check=True, cwd=folder, stdout=subprocess.DEVNULL, timeout=120, **as_whom
        )

    try:
        run(initdb, "-D", folder / "data", "-U", "padcrate", "-A", "trust", "-E", "UTF8", "-N")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        run(control, "-D", folder / "data", "-l", folder / "log", "-w", "-o", options, "start")
        try:
            yield folder
        finally:
            run(control, "-D", folder / "data", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def test_the_same_tests_pass_on_postgresql(server):
    ours = {"PADCRATE_TEST_DATABASE_URL": "postgres://padcrate@/padcrate", "PGHOST": str(server)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *(HERE / name for name in SAME), "-x",
         "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly"],
        cwd=HERE.parents[1], env=os.environ | ours, capture_output=True, text=True, timeout=300,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout


def test_a_database_of_a_server_is_made_copied_and_emptied(server, tmp_path):
    if not shutil.which("pg_dump"):
        pytest.skip("needs pg_dump")
    ours = {
        "DJANGO_SETTINGS_MODULE": "sp404site.settings",
        "PADCRATE_DATA": str(tmp_path),
        "PADCRATE_DATABASE_URL": "postgres://padcrate@/mine",
        "PGHOST": str(server),
    }

    def manage(*words):
        return subprocess.run(
            [sys.executable, HERE.parents[1] / "manage.py", *words],
            env=os.environ | ours, capture_output=True, text=True, timeout=300, check=True,
        ).stdout  # fmt: skip

    name = "PostgreSQL database mine on this machine"
    assert manage("db_init").startswith(f"Made {name}: ")
    assert manage("db_init") == f"Found {name}: up to date.\n"
    add = "from django.contrib.auth.models import User; User.objects.create(username='me')"
    manage("shell", "-c", add)
    manage("migrate", "library", "zero")  # and all that stands on it
    assert "library_" not in manage("inspectdb")
    assert manage("db_init").startswith(f"Found {name}: ")
    said = manage("db_reset", "--yes")
    assert "0 sounds, 0 kits, 0 exports, 0 generations" in said
    assert said.endswith(f"{name} is new and empty.\n")
    (copy,) = (tmp_path / "backups").glob("*.dump")
    assert copy.read_bytes().startswith(b"PGDMP")
    count = "from django.contrib.auth.models import User; print('people', User.objects.count())"
    assert "people 0" in manage("shell", "-c", count)
