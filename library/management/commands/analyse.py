"""Listen to sounds from the shell; `manage.py` itself runs this command without Django."""

from argparse import ArgumentParser, Namespace
from typing import Any

from django.core.management.base import BaseCommand

from library.audio import analyse_command


class Command(BaseCommand):
    """What `manage.py help` lists, and the same for callers that already are in Django."""

    help = analyse_command.HELP
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Describe the command line."""
        analyse_command.add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Listen; exit with 1 when a file failed, 2 when nothing could be tried."""
        if status := analyse_command.run(Namespace(**options)):
            raise SystemExit(status)
