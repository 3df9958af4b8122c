"""Delete old generations with their files; what is in the library stays there."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from library.dated import OLDEST
from library.purge import purge


class Command(BaseCommand):
    """Delete, and name what was deleted."""

    help = (
        "Deletes generations that ended longer ago, with their files. Sounds in the library and on "
        "pads stay, and so do past prompts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the age and how to tell."""
        parser.add_argument(
            "--older-than", type=_days, required=True, metavar="DAYS", help="of this age and more"
        )
        parser.add_argument(
            "--strays",
            action="store_true",
            help="also files of those days without a generation in this database; after a reset, "
            "or in a storage that two installations share, those are not garbage",
        )
        parser.add_argument("--dry-run", action="store_true", help="only name what would go")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Delete and tell."""
        gone = purge(given["older_than"], strays=given["strays"], dry_run=given["dry_run"])
        if given["json"]:
            told = {"generations": gone.generations, "files": gone.files}
            self.stdout.write(json.dumps({**told, "dry_run": given["dry_run"]}))
            return
        for name in gone.files:
            self.stdout.write(name)
        were = "would be" if given["dry_run"] else "were"
        self.stdout.write(
            f"Generations that {were} deleted: {gone.generations}, files: {len(gone.files)}. "
            "The library keeps its sounds."
        )


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > OLDEST:
        raise ArgumentTypeError("a number of days")
    return int(text)
