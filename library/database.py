"""The database as a whole, as the shell handles it: where it is, made, copied, emptied."""

import errno
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.timezone import localtime

from library import instance, storage
from library.models import WorkerBeat


class DatabaseError(Exception):
    """What stands in the way, in words for a person; nothing was changed."""


def where() -> str:
    """Return where the database is, without its password."""
    name, host = connection.settings_dict["NAME"], connection.settings_dict["HOST"]
    if connection.vendor == "sqlite":
        return str(name)
    return f"PostgreSQL database {name} on {host or 'this machine'}"


def make() -> bool:
    """Make the database where the server has none of its name; True when it was made.

    SQLite makes its file by itself.
    """
    if connection.vendor == "sqlite":
        return not Path(connection.settings_dict["NAME"]).exists()
    try:
        connection.ensure_connection()
    except OperationalError as fault:
        return _make_on_server(connection.settings_dict["NAME"], fault)
    return False


def _make_on_server(name: str, fault: OperationalError) -> bool:
    server = connection.copy()
    server.settings_dict["NAME"] = "postgres"  # which every server has
    try:
        with server.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone():
                raise DatabaseError(f"{where()} cannot be reached: {fault}")
            cursor.execute(f"CREATE DATABASE {connection.ops.quote_name(name)}")
    except OperationalError as reason:
        raise DatabaseError(f"{where()} cannot be reached: {reason}") from None
    finally:
        server.close()
    return True


def migrate() -> int:
    """Apply the migrations that are missing; return how many those were."""
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    call_command("migrate", verbosity=0, interactive=False)
    return missing


@contextmanager
def alone() -> Iterator[None]:
    """Keep Padcrate from starting; DatabaseError when it runs, or workers of it do."""
    try:
        with instance.hold(settings.HOST, settings.PORT):
            if _exists(WorkerBeat) and WorkerBeat.any_alive():
                raise DatabaseError(
                    "Workers were at this database in the last "
                    f"{WorkerBeat.ALIVE.seconds} seconds. Stop them, wait as long and try again."
                )
            yield
    except instance.CannotStartError as reason:
        raise DatabaseError(str(reason)) from None


def _exists(model: type[models.Model]) -> bool:
    return model._meta.db_table in connection.introspection.table_names()


def rows(model: type[models.Model]) -> int:
    """Return how many rows a table has; 0 where an old database lacks it."""
    return model._base_manager.count() if _exists(model) else 0


def is_empty() -> bool:
    """Tell whether there is not even a table."""
    return not connection.introspection.table_names()


def copy() -> Path:
    """Copy the database into a new file of the data folder and return it.

    The file holds sessions and digests of passwords: nobody else may read it. SQLite is copied by
    its own backup, which takes what still lies in the write-ahead log as well; PostgreSQL by
    pg_dump, and without that DatabaseError is raised.
    """
    folder = Path(settings.DATA_DIR) / "backups"
    ending = "sqlite3" if connection.vendor == "sqlite" else "dump"
    target = folder / f"padcrate-{localtime():%Y-%m-%d-%H%M%S}.{ending}"
    part = target.with_name(f"{target.name}.part")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        if connection.vendor == "sqlite":
            _copy_sqlite(part)
        else:
            _copy_postgresql(part)
        storage.sync(part)
        if target.exists():
            raise FileExistsError(errno.EEXIST, "there is one of this second")
        part.rename(target)
        storage.sync(folder)
    except OSError as fault:
        raise DatabaseError(f"{target} could not be written: {fault.strerror}.") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def _copy_sqlite(target: Path) -> None:
    name = connection.settings_dict["NAME"]
    try:
        with closing(sqlite3.connect(name)) as own, closing(sqlite3.connect(target)) as other:
            own.backup(other)
            (verdict,) = other.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as fault:
        raise DatabaseError(f"{name} could not be copied: {fault}.") from None
    if verdict != "ok":
        raise DatabaseError(f"{name} is damaged ({verdict}): copy the file by hand.")


def _copy_postgresql(target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise DatabaseError(f"{where()} cannot be copied: pg_dump is not installed here.")
    known = connection.settings_dict
    options = {"--host": known["HOST"], "--port": known["PORT"], "--username": known["USER"]}
    given = [f"{name}={value}" for name, value in options.items() if value]
    secret = {"PGPASSWORD": known["PASSWORD"]} if known["PASSWORD"] else {}
    done = subprocess.run(  # noqa: S603 - words of the settings, no shell
        [program, "--format=custom", f"--file={target}", *given, f"--dbname={known['NAME']}"],
        env=os.environ | secret, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise DatabaseError(f"{where()} could not be copied: {done.stderr.strip()}")


def empty() -> None:
    """Take every table of Padcrate away. SQLite's file goes; other tables of a server stay."""
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        connection.close()
        for ending in ("-wal", "-shm", ""):  # the log must not outlive its file
            Path(f"{name}{ending}").unlink(missing_ok=True)
        return
    ours: list[Any] = connection.introspection.django_table_names(only_existing=True)
    with transaction.atomic(), connection.cursor() as cursor:
        for table in {*ours, "django_migrations"}:
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)} CASCADE")
