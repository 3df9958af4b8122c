"""Export sounds from the shell."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User

from exports import sources
from exports.management.exporting import ExportCommand, refuse
from exports.sources import Source
from library.listing import Query, samples_of

SPAN = re.compile(r"(\d{1,4}(?:\.\d+)?)?-(\d{1,4}(?:\.\d+)?)?", re.ASCII)
ADDRESS = re.compile(r"[a-z]+=", re.ASCII)  # what stands behind ? in the library
QUERY = "words and filters (`snr bpm:90-100 -tag:loud`), or what stands behind ? in the library"
NOTHING = "No samples provided for export"


class Command(ExportCommand):
    """Choose sounds by id or by search."""

    help = "Exports sounds: to a card, a folder, a ZIP, or into the history alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take which sounds, and what every export takes."""
        parser.add_argument("ids", nargs="*", type=int, metavar="ID", help="ids of sounds")
        parser.add_argument("--query", help=QUERY)
        parser.add_argument("--genre", action="append", default=[], help="of this genre")
        parser.add_argument("--tag", action="append", default=[], help="with this tag")
        parser.add_argument("--bpm", type=_span, metavar="LO-HI", help="of this tempo; 90- or -110")
        parser.add_argument("--all", action="store_true", help="the whole library")
        super().add_arguments(parser)

    def sources(self, user: User, given: dict[str, Any]) -> list[Source]:
        """Return the one source."""
        is_search = any(given[name] for name in ("query", "genre", "tag", "bpm", "all"))
        if given["ids"] and is_search:
            refuse("Name ids or a search, not both.")
        if not given["ids"] and not is_search:
            refuse(f"{NOTHING}. Name ids, a search, or --all.")
        found = _found(user, given) if is_search else sources.from_ids(user, given["ids"])
        if not found.wanted:
            refuse(NOTHING)
        return [found]


def _found(user: User, given: dict[str, Any]) -> Source:
    text = given["query"] or ""
    query = Query.from_string(text) if ADDRESS.match(text) else Query.from_words(text)
    low, high = given["bpm"] or (query.lo, query.hi)
    query = replace(
        query,
        genres=(*query.genres, *given["genre"]),
        tags=(*query.tags, *given["tag"]),
        lo=low,
        hi=high,
    )
    fields = [("all", "1"), ("query", query.as_querystring())]
    return sources.from_query(samples_of(user, query), fields)


def _span(text: str) -> tuple[float | None, float | None]:
    found = SPAN.fullmatch(text)
    if found is None or not any(found.groups()):
        raise ArgumentTypeError("LO-HI, LO- or -HI in beats per minute")
    low, high = found.groups()
    return float(low) if low else None, float(high) if high else None
