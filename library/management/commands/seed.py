"""Fill a library with made-up rows, for measurements and browser tests."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from library.management.owners import add_owner, owner
from library.seed import BATCH, seed


class Command(BaseCommand):
    """Make rows up to a number."""

    help = "Fills the library up to N made-up samples; the first 300 can be heard."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number and the person."""
        parser.add_argument("count", type=int, metavar="N")
        add_owner(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make them."""
        batches = seed(owner(options["owner"]), options["count"])
        for _ in tqdm(batches, unit=f"x{BATCH} rows", disable=None, leave=False):
            pass
        self.stdout.write(f"{options['count']} made-up samples are in the library.")
