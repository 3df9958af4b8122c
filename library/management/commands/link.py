"""Print a fresh one-time link for this machine's browser."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from library import access, instance


class Command(BaseCommand):
    """Make and print a link."""

    help = "Prints a fresh link that signs one browser on this machine in."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the link for the instance that runs on this data folder, else for PORT."""
        running = instance.running()
        host, port = (running.host, running.port) if running else (settings.HOST, settings.PORT)
        if host not in settings.LOOPBACK:
            raise CommandError("Padcrate listens on the network, where everybody signs in.")
        access.local_user()
        self.stdout.write(access.new_link(instance.address(host, port)))
