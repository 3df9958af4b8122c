"""Watch folders of the machine from the shell."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from library import watch
from library.management.owners import add_owner, owner
from library.models import WatchedFolder


class Command(BaseCommand):
    """List the watched folders, begin, end, look now."""

    help = "Watches folders below PADCRATE_FOLDERS: what appears in them comes into the library."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do and with which folder."""
        parser.add_argument("act", choices=("list", "add", "remove", "scan"))
        parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
        parser.add_argument("--json", action="store_true", help="print the list as JSON")
        add_owner(parser)

    def handle(self, *_args: Any, **given: Any) -> None:
        """Do it; workers look through the folders."""
        user = owner(given["owner"])
        act, folder = given["act"], given["folder"]
        if act == "list":
            self._list(user, as_json=given["json"])
        elif folder is None and act != "scan":
            raise CommandError("Say which folder.")
        elif act == "add":
            self._add(user, folder)
        else:
            self._each(user, act, folder)

    def _add(self, user: User, folder: Path) -> None:
        try:
            watch.add(user, folder.absolute())
        except ValueError as reason:
            raise CommandError(f"{reason}.") from reason
        self.stdout.write(f"Watching {folder}.")

    def _each(self, user: User, act: str, folder: Path | None) -> None:
        rows = WatchedFolder.objects.filter(owner=user)
        if folder is not None:
            rows = rows.filter(path__in=[str(folder.absolute()), str(folder.resolve())])
        if not rows:
            raise CommandError("Nothing is watched there.")
        for row in rows:
            if act == "scan":
                watch.look_now(row)
                self.stdout.write(f"Looking through {row.path}.")
            else:
                row.delete()
                self.stdout.write(f"{row.path} is watched no more. Its sounds stay.")

    def _list(self, user: User, *, as_json: bool) -> None:
        told = watch.told(user)
        if as_json:
            facts = [
                {
                    "path": one.watched.path,
                    "state": one.watched.state,
                    "error": one.watched.error,
                    "scanned_at": one.watched.scanned_at and one.watched.scanned_at.isoformat(),
                    "files": one.files,
                    "sounds": one.sounds,
                    "gone": one.gone,
                    "problems": [file.problem for file in one.problems],
                }
                for one in told
            ]
            self.stdout.write(json.dumps(facts))
            return
        for one in told:
            line = f"{one.watched.path}: {one.words}, {one.files} files, {one.sounds} sounds"
            self.stdout.write(f"{line}, {one.gone} gone. {one.watched.error}".strip())
            for file in one.problems:
                self.stdout.write(f"  {file.problem}")
