"""Write the library as one table."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from library import catalogue
from library.management.owners import add_owner, owner
from library.query import Query


class Command(BaseCommand):
    """Print it, or write a file."""

    help = "Writes all sounds, or what a search finds, as CSV or JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the form, the search and the place."""
        parser.add_argument("--format", choices=tuple(catalogue.FORMATS), default="csv")
        parser.add_argument("--query", default="", help="a search as the library page takes it")
        parser.add_argument("--to", type=Path, metavar="FILE", help="a new file (default: print)")
        add_owner(parser)

    def handle(self, *_args: Any, **given: Any) -> None:
        """Write; the file appears under its name when it is whole."""
        rows = catalogue.samples(owner(given["owner"]), Query(q=given["query"]))
        pieces = catalogue.stream(rows, given["format"])
        target: Path | None = given["to"]
        if target is None:
            for piece in pieces:
                self.stdout.write(piece, ending="")
            return
        part = target.with_name(f"{target.name}.part")
        try:
            with part.open("x", encoding="utf-8", newline="") as file:
                file.writelines(pieces)
            part.replace(target)
        except OSError as fault:
            raise CommandError(f"{target} could not be written: {fault.strerror}.") from fault
        self.stdout.write(f"Written to {target}.")
