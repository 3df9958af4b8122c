"""One instance for many journeys: each finds it as empty as it was when it had just started."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

from tests.e2e.instance import Instance

PATIENCE = 5.0  # seconds until what a journey left behind has to be done
LINGER = 1.0  # seconds until a browser that was closed has hung up; idle connections may stay


class Lending:
    """Lends an instance to one journey after the other, and starts another one when it must.

    `start` makes an instance in a folder of its own and starts it.
    """

    def __init__(self, start: Callable[[], Instance]) -> None:
        self.start = start
        self.instance: Instance | None = None
        self.process: object = None  # another one means that a journey has started it anew
        self.is_lent = False
        self.is_spoilt = False

    @contextmanager
    def lent(self) -> Iterator[Instance]:
        """Yield the instance as good as new."""
        assert not self.is_lent
        if not (self.instance and self._can_be_cleared(self.instance)):
            self.end()
            self.instance = self.start()
            self.process = self.instance.process
            self._remember(self.instance)
        else:
            self._clear(self.instance)
        self.is_lent, self.is_spoilt = True, False
        try:
            yield self.instance
        finally:
            self.is_lent = False

    def end(self) -> None:
        """End the instance."""
        if self.instance:
            instance, self.instance = self.instance, None
            assert instance.stop() == 0
            shutil.rmtree(instance.data)

    def _can_be_cleared(self, instance: Instance) -> bool:
        """Tell whether it runs as it was started, and has finished with what it was asked for."""
        if self.is_spoilt or instance.process is not self.process or not instance.is_running():
            return False
        begin = time.monotonic()
        while states := unfinished(instance):
            waited = time.monotonic() - begin
            if waited > PATIENCE:
                return False
            if waited > LINGER and states == {psutil.CONN_ESTABLISHED}:
                break
            time.sleep(0.02)
        return True

    def _remember(self, instance: Instance) -> None:
        instance.until("SELECT count(*) FROM library_workerbeat")  # the workers are up
        with (
            closing(sqlite3.connect(self._newborn(instance))) as newborn,
            closing(sqlite3.connect(instance.database)) as now,
        ):
            now.backup(newborn)

    def _clear(self, instance: Instance) -> None:
        """Put all tables but the workers' signs of life back as they were; remove all sounds."""
        media = instance.data / "media"
        for folder in (*media.iterdir(), *(media / "tmp").iterdir()):
            if folder.is_dir() and folder != media / "tmp":
                shutil.rmtree(folder)
            elif not folder.is_dir():
                folder.unlink()
        with (
            closing(sqlite3.connect(self._newborn(instance))) as newborn,
            closing(sqlite3.connect(instance.database, timeout=20)) as now,
        ):
            beats = now.execute("SELECT name, beat_at FROM library_workerbeat").fetchall()
            newborn.backup(now)
            now.execute("DELETE FROM library_workerbeat")
            now.executemany("INSERT INTO library_workerbeat (name, beat_at) VALUES (?, ?)", beats)
            now.commit()

    @staticmethod
    def _newborn(instance: Instance) -> Path:
        return instance.data / "newborn.sqlite3"


def unfinished(instance: Instance) -> set[str]:
    """Return what is still going on: "queue" and the states of connections.

    A connection that only waits to be closed by us is of a request that nobody wants any more, and
    that may still write.
    """
    assert instance.process is not None
    family = psutil.Process(instance.process.pid).children(recursive=True)
    states = {
        connection.status
        for process in family
        for connection in process.net_connections("tcp")
        if connection.laddr.port == instance.port and connection.status != psutil.CONN_LISTEN
    }
    return states | ({"queue"} if instance.one("SELECT count(*) FROM django_q_ormq") else set())
