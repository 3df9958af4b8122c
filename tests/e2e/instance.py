"""A real instance of the product: `manage.py serve` with its own data folder and port."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.clerk import ROOT, Clerk

START_SECONDS = 60


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Instance:
    """One running product."""

    def __init__(self, data: Path, **env: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "PADCRATE_DATA": str(data),
            "PADCRATE_PORT": str(self.port),
            "PADCRATE_SQLITE_SYNCHRONOUS": "NORMAL",
            "PADCRATE_RESERVE_BYTES": "1000000",
            "DJANGO_SETTINGS_MODULE": "sp404site.settings",
            **env,
        }
        self.output: list[str] = []
        self.printed = ""  # the link that the start told
        self.process: subprocess.Popen[str] | None = None
        self.clerk: Clerk | None = None

    @property
    def database(self) -> Path:
        """Return where its rows are."""
        return self.data / "padcrate.sqlite3"

    def is_running(self) -> bool:
        """Tell whether it has been started and has not ended."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> "Instance":
        """Start it and wait for the line with the link."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        ready = threading.Event()
        threading.Thread(target=self._read, args=(self.process, ready), daemon=True).start()
        ready.wait(START_SECONDS)
        assert self.printed, "no link was printed:\n" + "".join(self.output)
        return self

    def _read(self, process: "subprocess.Popen[str]", ready: threading.Event) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.output.append(line)
            if f"{self.url}/?t=" in line:
                self.printed = line[line.index(self.url) :].split()[0]
                ready.set()
        ready.set()

    @property
    def link(self) -> str:
        """Return a link that nobody has opened: the printed one first, then fresh ones."""
        printed, self.printed = self.printed, ""
        return printed or self.manage("link").split()[-1]

    def stop(self) -> int:
        """Press Ctrl-C and return the exit status."""
        assert self.process is not None
        self.dismiss()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def manage(self, *words: str) -> str:
        """Run a management command on this instance's data and return what it printed."""
        if self.clerk is None:
            self.clerk = Clerk(self.env)
        return self.clerk.do(words)

    def dismiss(self) -> None:
        """End the process that runs management commands."""
        if self.clerk is not None:
            self.clerk.end()
            self.clerk = None

    def rows(self, sql: str, *values: object) -> list[tuple]:
        """Ask the database."""
        connection = sqlite3.connect(self.database, timeout=20)
        try:
            found = connection.execute(sql, values).fetchall()
            connection.commit()
            return found
        finally:
            connection.close()

    def until(self, question: str, *values: object, seconds: float = 60) -> None:
        """Wait until the database answers the question with a true value."""
        end = time.monotonic() + seconds
        while not self.one(question, *values):
            assert time.monotonic() < end, f"still not so after {seconds} s: {question}"
            time.sleep(0.1)

    def take_in(self, *paths: Path) -> None:
        """Import files and folders from the shell and wait until they are analysed."""
        self.manage("import_samples", *map(str, paths))
        self.until(
            "SELECT NOT EXISTS (SELECT 1 FROM library_analysis "
            "WHERE state IN ('pending', 'processing', 'waiting'))"
        )

    def make_kit(self, name: str, **pads: str) -> int:
        """Make a kit of imported sounds, `A1="kick_dusty"`; return its number."""
        code = (
            "from kits.models import Kit, Pad; from kits.hardware.pads import PadAddress;"
            "from library.models import Sample; from django.contrib.auth.models import User;"
            f"kit = Kit.objects.create(owner=User.objects.get(username='local'), name={name!r});"
            "pads = {PadAddress.parse(at): Pad.holding(Sample.objects.get(title=title))"
            f" for at, title in {pads!r}.items()}}; kit.change('set up', pads) if pads else None;"
            "kit.edits.all().delete(); print('kit', kit.pk)"
        )
        return int(self.manage("shell", "-v", "0", "-c", code).split()[-1])

    def pads(self, kit: int) -> dict[str, str]:
        """Return what is on the pads: `{"A1": "kick_dusty"}`."""
        found = self.rows(
            "SELECT bank || number, title FROM kits_pad WHERE kit_id = ? ORDER BY bank, number", kit
        )
        return dict(found)

    def one(self, sql: str, *values: object) -> object:
        """Return the single value that the question has."""
        return self.rows(sql, *values)[0][0]


def prepare(data: Path) -> Path:
    """Put tables and static files into a data folder, as the first start does; return it."""
    instance = Instance(data)
    code = "from library import prepare; prepare.database(); prepare.static_files()"
    instance.manage("shell", "-v", "0", "-c", code)
    instance.dismiss()
    return data


@contextmanager
def running(data: Path, **env: str) -> Iterator[Instance]:
    """Yield a running instance and end it afterwards."""
    instance = Instance(data, **env).start()
    try:
        yield instance
    finally:
        instance.stop()
