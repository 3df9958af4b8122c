"""Import sounds, folders and ZIP packs from the shell."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from library.jobs import NoSpaceError
from library.management.owners import add_owner, owner
from library.shell_import import ShellImport, Summary


class Command(BaseCommand):
    """Walk the paths, show how far it is, print what came of it."""

    help = "Imports sounds, folders of them and ZIP packs. A second run adds nothing twice."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the paths and what all their sounds are labelled with."""
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--tag", action="append", default=[], help="hang a tag on each")
        parser.add_argument("--genre", default="", help="give each this genre")
        parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
        parser.add_argument("--json", action="store_true", help="print the summary as JSON")
        add_owner(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import; exit with 1 when a sound could not be read."""
        for path in options["paths"]:
            if not path.exists():
                raise CommandError(f"{path} does not exist.")
        run = ShellImport(
            owner(options["owner"]),
            tags=tuple(options["tag"]),
            genre=options["genre"],
            dry_run=options["dry_run"],
        )
        try:
            for _ in tqdm(run.run(options["paths"]), unit=" files", disable=None, leave=False):
                pass
        except NoSpaceError as reason:
            self._tell(run.summary, options)
            raise CommandError(str(reason)) from reason
        self._tell(run.summary, options)
        if run.summary.failed:
            raise SystemExit(1)

    def _tell(self, summary: Summary, options: dict[str, Any]) -> None:
        if options["json"]:
            failed = [{"path": path, "message": message} for path, message in summary.failed]
            self.stdout.write(json.dumps({**asdict(summary), "failed": failed}))
            return
        for path, message in summary.failed:
            self.stderr.write(f"{path}: {message}")
        would = "would be added" if options["dry_run"] else "added"
        self.stdout.write(
            f"{summary.files} files: {summary.added} {would}, {summary.restored} back from the "
            f"trash, {summary.duplicates} already here, {summary.not_sounds} not sounds, "
            f"{len(summary.failed)} could not be read."
        )
