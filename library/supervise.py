"""The foreground supervisor: starts web and workers, restarts whatever ends, leaves no orphan.

It never touches the database in the thread that watches, so a database that is away holds up
nothing. Each process it starts leads a session of its own and asks the kernel to be killed with it.
"""

import http.client
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from types import FrameType

from django.conf import settings
from django.db import connection

from library import processes
from library.reaper import Reaper

log = logging.getLogger(__name__)

TICK_SECONDS = 0.1
STOP_SECONDS = 10.0  # web and workers get this long to finish what they are at
AGAIN_SECONDS = 1.0  # make passes a signal on, so one request may arrive twice
STEADY_SECONDS = 10.0  # what ran this long starts again at once
LONGEST_PAUSE = 30.0


@dataclass
class Service:
    """One long-running program and how it fares."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = 0.0
    due: float = 0.0

    def tend(self) -> None:
        """Start it if it should run and does not; longer and longer pauses if it ends at once."""
        if self.process is None:
            if time.monotonic() >= self.due:
                self.start()
        elif self.process.poll() is not None:
            self.bury(self.process)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603  our own programs
            self.command,
            cwd=settings.BASE_DIR,
            env={**self.environment, processes.PARENT: str(os.getpid())},
            start_new_session=True,
        )

    def bury(self, dead: "subprocess.Popen[bytes]") -> None:
        """After its end: kill what is left of its group and plan the next start."""
        processes.kill_group(dead.pid, signal.SIGKILL)
        quick = time.monotonic() - self.started < STEADY_SECONDS
        self.pause = min(LONGEST_PAUSE, max(0.5, 2 * self.pause)) if quick else 0.1
        self.due = time.monotonic() + self.pause
        log.warning(
            "%s ended (%s); it starts again in %.1f s",
            self.name.capitalize(),
            dead.returncode,
            self.pause,
        )
        self.process = None

    def kill(self) -> None:
        """Kill it and its group; it starts again like after any other end."""
        if self.process is not None:
            processes.kill_group(self.process.pid, signal.SIGKILL)

    def ask_to_stop(self) -> None:
        """Ask it to finish."""
        if self.process is not None:
            self.process.terminate()

    def is_gone(self) -> bool:
        """Tell whether it has ended, killing what is left of its group."""
        if self.process is None:
            return True
        if self.process.poll() is None:
            return False
        processes.kill_group(self.process.pid, signal.SIGKILL)
        return True


class Supervisor:
    """Runs services until Ctrl-C, SIGTERM or a closed terminal."""

    def __init__(self, host: str, port: int, workers: int) -> None:
        self.host = host
        self.port = port
        self.services = services(host, port, workers)
        self.asked_at = 0.0  # when we were asked to stop
        self.hurry = False  # somebody asked again
        self.hanging = threading.Event()  # set by the reaper, handled by the watching thread
        self.stopped = threading.Event()

    def run(self) -> None:
        """Keep the services going; return when they have all ended after a request to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)
        threading.Thread(target=self._reap, name="reaper", daemon=True).start()
        while not self.asked_at:
            for service in self.services.values():
                service.tend()
            if self.hanging.is_set():
                log.warning("Work lies ready and no worker shows a sign of life: restarting them")
                self.services["worker"].kill()
                self.hanging.clear()
            time.sleep(TICK_SECONDS)
        self.stop()

    def answers(self) -> bool:
        """Tell whether the web server answers; any answer counts."""
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  asked, not bound
        host = everywhere.get(self.host, self.host)
        asked = http.client.HTTPConnection(host, self.port, timeout=2)
        try:
            asked.request("GET", "/", headers={"Host": f"{settings.ALLOWED_HOSTS[0]}:{self.port}"})
            asked.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()
        return True

    def _note(self, _signal: int, _frame: FrameType | None) -> None:
        moment = time.monotonic()
        self.hurry = bool(self.asked_at) and moment > self.asked_at + AGAIN_SECONDS
        self.asked_at = self.asked_at or moment

    def _reap(self) -> None:
        reaper = Reaper()
        while not self.stopped.wait(settings.REAPER_SECONDS):
            try:
                if not reaper.run():
                    self.hanging.set()
                    reaper = Reaper()
            except Exception:  # a database or disk that is away may be back at the next round
                log.exception("The reaper could not finish its round")
            finally:
                connection.close()

    def stop(self) -> None:
        """Ask all to finish, kill what does not in time; a second Ctrl-C kills at once."""
        self.stopped.set()
        for service in self.services.values():
            service.ask_to_stop()
        until = time.monotonic() + STOP_SECONDS
        while not all(service.is_gone() for service in self.services.values()):
            if time.monotonic() > until or self.hurry:
                for service in self.services.values():
                    service.kill()
            time.sleep(TICK_SECONDS / 2)


def services(host: str, port: int, workers: int) -> dict[str, Service]:
    """Return the web server and the workers for this address."""
    environment = {
        **os.environ,
        "PADCRATE_HOST": host,
        "PADCRATE_PORT": str(port),
        "PADCRATE_WORKERS": str(workers),
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "sp404site.settings"),
    }
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "python:sp404site.web"]
    worker = [sys.executable, "manage.py", "worker"]
    return {
        "web": Service("web", [*gunicorn, "sp404site.wsgi"], environment),
        "worker": Service("worker", worker, environment),
    }
