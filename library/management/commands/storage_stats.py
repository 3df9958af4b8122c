"""Tell how much the sounds that models made take."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from library.dated import DatedFiles, Share
from library.storage import megabytes


class Command(BaseCommand):
    """Count the files where they lie."""

    help = "Counts the files of generations and their bytes, in all and day by day (UTC)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how to tell."""
        parser.add_argument("--json", action="store_true", help="print the numbers as JSON")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Count and tell."""
        told = DatedFiles().statistics()
        if given["json"]:
            days = [
                {"day": str(day), "files": share.files, "bytes": share.bytes}
                for day, share in told.days.items()
            ]
            self.stdout.write(json.dumps({"files": told.files, "bytes": told.bytes, "days": days}))
            return
        for day, share in told.days.items():
            self.stdout.write(f"{day}  {_counted(share)}")
        self.stdout.write(f"In all: {_counted(told)}.")


def _counted(share: Share) -> str:
    files = "1 file" if share.files == 1 else f"{share.files} files"
    return f"{files}, {megabytes(share.bytes)}"
