"""Load the demo crate."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from library import imports, labour
from library.jobs import State
from library.management.owners import add_owner, owner
from library.stand_in import StandIn

PATIENCE = 0.2  # seconds between two looks


class Command(BaseCommand):
    """Ask for the crate; running workers make it, and without any a child of this process."""

    help = "Synthesises the 48 sounds of the demo crate into the library."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the person."""
        add_owner(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, show how far it is, and say what came of it."""
        user = owner(options["owner"])
        batch = imports.load_demo(user)
        with (
            StandIn(labour.work_once) as stand_in,
            tqdm(total=batch.total, unit=" sounds", disable=None, leave=False) as bar,
        ):
            while (shown := imports.tray(user)).is_active:
                stand_in.look()
                time.sleep(PATIENCE)
                bar.n = min(shown.read, batch.total)
                bar.refresh()
        batch.refresh_from_db()
        if batch.state == State.FAILED:
            raise CommandError(batch.error)
        self.stdout.write(f"{batch.name}: {batch.added} added, {batch.duplicates} already here.")
