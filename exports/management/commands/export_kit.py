"""Export kits from the shell."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.contrib.auth.models import User

from exports import sources
from exports.carried import CUTS, EVERYTHING
from exports.management.exporting import ExportCommand, refuse
from exports.sources import Source
from kits.models import Kit

NUMBER = re.compile("[0-9]{1,18}")


class Command(ExportCommand):
    """Choose kits by number or name."""

    help = "Exports kits: to a card, a folder, a ZIP, or into the history alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which kits, and what every export takes."""
        parser.add_argument("kits", nargs="+", metavar="KIT", help="the kit's number or its name")
        parser.add_argument(
            "--bake",
            type=_cuts,
            metavar="WHAT",
            help=f"pad settings to cut into the sounds: all, none, or of {','.join(CUTS)} "
            "(default: all)",
        )
        super().add_arguments(parser)

    def sources(self, user: User, given: dict[str, Any]) -> list[Source]:
        """Return one source for each kit."""
        return [_source(kit) for kit in dict.fromkeys(_kit(user, name) for name in given["kits"])]


def _cuts(text: str) -> tuple[str, ...]:
    named = {"all": EVERYTHING, "none": ()}.get(text, tuple(text.split(",")))
    if not set(named) <= CUTS.keys():
        raise ArgumentTypeError(f"all, none, or some of {','.join(CUTS)}")
    return named


def _kit(user: User, name: str) -> Kit:
    mine = Kit.objects.owned_by(user)
    found = list(mine.filter(pk=int(name))) if NUMBER.fullmatch(name) else []
    found = found or list(mine.filter(name__iexact=name).order_by("pk"))
    if not found:
        refuse(f"Kit {name} not found")
    if len(found) > 1:
        numbers = ", ".join(str(kit.pk) for kit in found)
        refuse(f"Several kits are called {name}: take one of their numbers, {numbers}.")
    return found[0]


def _source(kit: Kit) -> Source:
    source = sources.from_kit(kit)
    if not any(wanted.sample for wanted in source.wanted):
        refuse(f"Kit {kit.pk} has no samples")
    return source
