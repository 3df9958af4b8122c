"""Begin again with an empty database. Here, because it counts what all apps hold."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError as DamagedError
from django.db import models

from exports.models import Export
from kits.models import Kit
from library import database
from library.models import Generation, Sample

LOST: dict[str, type[models.Model]] = {
    "sounds": Sample,
    "kits": Kit,
    "exports": Export,
    "generations": Generation,
}


class Command(BaseCommand):
    """Name what will be lost, ask, copy, empty, migrate."""

    requires_system_checks = []  # some look into tables that an old database lacks
    help = (
        "Empties the database, after it has named what will be lost, asked, and kept a dated copy. "
        "Files of sounds stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the answer beforehand."""
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *_args: Any, **given: Any) -> None:
        """Do it, unless Padcrate runs."""
        try:
            with database.alone():
                if not database.make() and not database.is_empty():
                    self._give_up_what_is_there(asked=not given["yes"])
                database.migrate()
        except database.DatabaseError as reason:
            raise CommandError(f"{reason} Nothing was changed.") from None
        except DamagedError as fault:
            raise CommandError(
                f"{database.where()} cannot be read ({fault}). Move it away, then make db-init."
            ) from None
        self.stdout.write(f"{database.where()} is new and empty.")

    def _give_up_what_is_there(self, *, asked: bool) -> None:
        counts = ", ".join(f"{database.rows(model)} {word}" for word, model in LOST.items())
        self.stdout.write(f"In {database.where()} will be lost: {counts}, and all accounts.")
        self.stdout.write(
            f"A dated copy is kept. Files stay in {settings.MEDIA_ROOT}: with the copy they can be "
            "had again."
        )
        if asked and not self._agreed():
            raise database.DatabaseError("You did not say yes.")
        self.stdout.write(f"Copied to {database.copy()}.")
        database.empty()

    def _agreed(self) -> bool:
        self.stdout.write("Type yes to go on: ", ending="")
        self.stdout.flush()
        try:
            return input().strip().lower() == "yes"
        except EOFError:
            return False
