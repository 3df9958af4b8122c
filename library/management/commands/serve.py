"""Run the whole product in the foreground: web server, workers, reaper."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from library import access, checks, instance, prepare, supervise
from library.audio import children


class Command(BaseCommand):
    """Start everything, print where it is, and stay until Ctrl-C."""

    requires_system_checks = [checks.TAG]  # quick; `make check` runs the rest
    help = "Runs Padcrate in the foreground; Ctrl-C ends it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address and the number of workers; each defaults to its setting."""
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--workers", type=int, default=settings.WORKERS)
        parser.add_argument(
            "--end-with-parent", action="store_true", help="end when the calling process ends"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check, prepare, run."""
        host, port = options["host"], options["port"]
        if options["end_with_parent"]:
            children.signal_when_parent_dies(signal.SIGTERM)
        try:
            instance.require_folder()
            with instance.hold(host, port):
                instance.require_port(host, port)
                prepare.database()
                prepare.static_files()
                self._admit(host)
                connection.close()
                supervisor = supervise.Supervisor(host, port, options["workers"])
                threading.Thread(target=self._announce, args=(supervisor,), daemon=True).start()
                supervisor.run()
        except KeyboardInterrupt:  # before the supervisor took over
            return
        except instance.CannotStartError as reason:
            raise CommandError(reason) from None

    def _admit(self, host: str) -> None:
        """See to it that the right people can get in."""
        if host in settings.LOOPBACK:
            access.local_user()
            return
        for warning in instance.require_safe_network(host):
            self.stderr.write(self.style.WARNING(warning))

    def _announce(self, supervisor: supervise.Supervisor) -> None:
        """Print the address once the web server answers there."""
        while not supervisor.answers():
            if supervisor.stopped.wait(0.1):
                return
        try:
            address = self._address(supervisor.host, supervisor.port)
        finally:
            connection.close()
        self.stdout.write(f"Padcrate is running: {address}")
        self.stdout.flush()

    def _address(self, host: str, port: int) -> str:
        if host in settings.LOOPBACK:
            return access.new_link(instance.address(host, port))
        if settings.HTTPS:
            return f"https://{settings.ALLOWED_HOSTS[0]}/"
        return f"{instance.address(settings.ALLOWED_HOSTS[0], port)}/"
