"""Run the workers in the foreground until SIGTERM or Ctrl-C."""

from argparse import ArgumentParser
from typing import Any

import numpy  # noqa: F401, ICN001  loaded once here, shared by every worker after the fork
import soundfile  # noqa: F401
import soxr  # noqa: F401
from django.conf import settings
from django.core.management.base import BaseCommand

from library import checks, processes
from library.audio.hearing.hear import warm_up
from library.pool import Pool


class Command(BaseCommand):
    """Start a pool of workers."""

    requires_system_checks = [checks.TAG]
    help = "Runs the workers that import, analyse and convert; SIGTERM or Ctrl-C ends them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number of workers."""
        parser.add_argument("--workers", type=int, default=settings.WORKERS)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until asked to stop."""
        processes.die_with_supervisor()
        warm_up()  # models and filters are made once as well
        Pool(options["workers"]).run()
