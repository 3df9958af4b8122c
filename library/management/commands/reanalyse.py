"""Hear the library again after the analyser has become better."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from library import labour, reanalysis
from library.management.owners import owner
from library.models import Analysis
from library.reanalysis import Progress
from library.stand_in import StandIn

PATIENCE = 1.0  # seconds between two looks


class Command(BaseCommand):
    """Queue the sounds, show how far the workers are; without any a child does the work."""

    help = (
        "Analyses sounds again, those of an older analyser unless told otherwise. What people said "
        "stays. A run that is stopped loses nothing: the next one goes on where it ended."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take whose sounds and which of them."""
        parser.add_argument(
            "--user", "--owner", metavar="NAME", help="one person's sounds (default: everybody's)"
        )
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--outdated", action="store_true", help="sounds of an older analyser (the default)"
        )
        which.add_argument("--all", action="store_true", help="all sounds, whatever heard them")
        parser.add_argument("--no-wait", action="store_true", help="only queue them")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Queue, wait, and say what came of it."""
        rows = reanalysis.of(owner(options["user"]) if options["user"] else None)
        if options["all"]:
            reanalysis.forget(rows)
        total = reanalysis.queue(reanalysis.outdated(rows))
        shown = reanalysis.progress(rows, total)
        if not options["no_wait"]:
            shown = self._wait(rows, shown)
        self._tell(shown, as_json=options["json"])

    def _wait(self, rows: Any, shown: Progress) -> Progress:
        """Look until nothing is left, and work where no worker lives; Ctrl-C ends the looking."""
        with (
            StandIn(labour.work_once) as stand_in,
            tqdm(total=shown.total, unit=" sounds", disable=None, leave=False) as bar,
        ):
            try:
                while shown.left:
                    stand_in.look()
                    time.sleep(PATIENCE)
                    shown = reanalysis.progress(rows, shown.total)
                    bar.n = shown.total - shown.left
                    bar.refresh()
            except KeyboardInterrupt:
                shown = reanalysis.progress(rows, shown.total)
        return shown

    def _tell(self, shown: Progress, *, as_json: bool) -> None:
        if as_json:
            counts = asdict(shown) | {"left": shown.left, "version": Analysis.VERSION}
            self.stdout.write(json.dumps(counts))
            return
        waiting = f", {shown.left} still queued" if shown.left else ""
        self.stdout.write(
            f"{shown.total} sounds: {shown.done} analysed by version {Analysis.VERSION}, "
            f"{shown.failed} could not be read{waiting}."
        )
