"""Remove the files of old exports; their records stay."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from exports import retention
from library.management.owners import owner
from library.storage import megabytes

LONGEST = 100_000  # days


class Command(BaseCommand):
    """Clear, and say how much that was."""

    help = "Removes the files of exports that are older than wanted. The history stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the age, the person, and how to tell."""
        parser.add_argument(
            "--older-than",
            type=_days,
            metavar="DAYS",
            help="all of this age (default: as each person's preferences say)",
        )
        parser.add_argument("--user", metavar="NAME", help="only this person's (default: all)")
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Remove and tell."""
        person = owner(given["user"]) if given["user"] else None
        gone = retention.purge(given["older_than"], person, dry_run=given["dry_run"])
        if given["json"]:
            self.stdout.write(json.dumps({**asdict(gone), "dry_run": given["dry_run"]}))
            return
        were = "would be" if given["dry_run"] else "were"
        self.stdout.write(
            f"Exports whose files {were} cleared: {gone.exports}. "
            f"Converted files that {were} removed: {gone.renders}, {megabytes(gone.bytes)}. "
            "The history stays."
        )


def _days(text: str) -> timedelta:
    if not text.isdecimal() or int(text) > LONGEST:
        raise ArgumentTypeError("a number of days")
    return timedelta(days=int(text))
