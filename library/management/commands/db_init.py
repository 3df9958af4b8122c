"""Make the database, or bring it up to date."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from library import database


class Command(BaseCommand):
    """Make it, migrate it, and say where it is."""

    requires_system_checks = []  # some look into tables that are to be made
    help = "Makes the database where there is none, and applies the migrations that are missing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do so; a second time changes nothing."""
        try:
            is_new = database.make()
        except database.DatabaseError as reason:
            raise CommandError(reason) from None
        applied = database.migrate()
        did = "Made" if is_new else "Found"
        news = f"{applied} migrations applied" if applied else "up to date"
        self.stdout.write(f"{did} {database.where()}: {news}.")
