"""What the export commands share: plan, ask for it, wait, write it out, say what came of it."""

import json
import logging
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from exports import build, results, room, shell_export, to_card
from exports.card.errors import CardError
from exports.card.write import Card, Result
from exports.management.choices import add_choices, options_of
from exports.management.telling import lines_of, plan_as_json, sentences_of
from exports.models import Export
from exports.plan import Plan, plan
from exports.sources import Source
from library import offered
from library.jobs import NoSpaceError, State
from library.management.owners import owner
from library.models import Preferences
from library.storage import megabytes

NOTHING_TRIED = 2
INTERRUPTED = 130
EVERY_FILE = 2  # the verbosity that tells each


class ExportCommand(BaseCommand):
    """A command that exports: subclasses say what, `handle` calls `export` for each of them."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take how and whereto."""
        add_choices(parser)

    def sources(self, user: User, given: dict[str, Any]) -> list[Source]:
        """Return what is to be exported; CommandError with status 2 when that makes no sense."""
        raise NotImplementedError

    def handle(self, *_args: Any, **given: Any) -> None:
        """Export; exit with 1 when a file failed, with 2 when nothing could be tried."""
        user = owner(given["owner"])
        sources = self.sources(user, given)
        if given["zip"] and len(sources) > 1:
            refuse("One ZIP holds one kit.")
        plans = [plan(source, self._options(user, source, given)) for source in sources]
        if given["dry_run"]:
            good = [self._show(planned, given) for planned in plans]
        else:
            _take_preferred(user, given)
            _check_place(given)
            with _quiet(given["verbosity"]):
                good = [self._export(user, planned, given) for planned in plans]
        if not all(good):
            raise SystemExit(1)

    def _options(self, user: User, source: Source, given: dict[str, Any]) -> Any:
        if given["layout"] == Export.Layout.KIT and not source.is_kit:
            refuse("Only a kit can be organized by kit")
        return options_of(Preferences.of(user), given, kit=source.is_kit)

    def _show(self, planned: Plan, given: dict[str, Any]) -> bool:
        """Print what would be written; tell whether nothing is left out."""
        if given["json"]:
            self.stdout.write(json.dumps(plan_as_json(planned)))
        else:
            for line in lines_of(planned, every_file=given["verbosity"] >= EVERY_FILE):
                self.stdout.write(line)
        return not planned.left_out

    def _export(self, user: User, planned: Plan, given: dict[str, Any]) -> bool:
        """Export one source; tell whether everything is where it should be."""
        export = self._finished(self._asked(user, planned))
        told: dict[str, Any] = {"zip": None, "folder": None}
        is_good = export.state == State.COMPLETED
        fault = ""
        if export.has_files and given["to"]:
            written, fault = self._to_card(export, given["to"])
            told["folder"] = {"path": str(given["to"]), **vars(written), "error": fault or None}
            is_good &= not fault and not written.left_out
        elif export.has_files and given["zip"]:
            fault = self._to_zip(export, given["zip"])
            told["zip"] = None if fault else str(given["zip"])
            is_good &= not fault
        self._tell(export, told, given)
        if fault:
            self.stderr.write(fault)
        return is_good

    def _asked(self, user: User, planned: Plan) -> Export:
        if lacking := room.missing(planned):
            needed, free = map(megabytes, lacking)
            raise CommandError(f"Not enough disk space for export: {needed} needed, {free} free.")
        try:
            return build.create(user, planned)
        except NoSpaceError as reason:
            raise CommandError(str(reason)) from reason

    def _finished(self, export: Export) -> Export:
        """Wait for the end of an export and show how far it is; Ctrl-C cancels it."""
        is_told = False
        with tqdm(total=export.sample_count, unit=" files", disable=None, leave=False) as bar:
            try:
                for ended in shell_export.follow(export):
                    bar.n = ended
                    bar.refresh()
                    if export.state == State.WAITING and not is_told:
                        self.stderr.write("Waiting for disk space. Ctrl-C cancels the export.")
                        is_told = True
            except KeyboardInterrupt:
                export.cancel()
                self.stderr.write("Cancelled. Nothing was kept.")
                raise SystemExit(INTERRUPTED) from None
        return export

    def _to_card(self, export: Export, folder: Path) -> tuple[Result, str]:
        """Write to a card; return what came of it, and what made it break off."""
        result = Result()
        try:
            with Card.opened(folder) as card, _bytes() as bar:
                result = card.result
                to_card.write(export, card, bar.update)
        except CardError as reason:
            return result, str(reason)
        except KeyboardInterrupt:
            self.stderr.write(f"Stopped. What is in {folder} is whole. Run the same again.")
            raise SystemExit(INTERRUPTED) from None
        return result, ""

    def _to_zip(self, export: Export, target: Path) -> str:
        """Write a ZIP; return what went wrong."""
        try:
            with _bytes() as bar:
                for size in shell_export.write_zip(export, target):
                    bar.update(size)
        except OSError as fault:
            return f"{target} could not be written: {fault.strerror or fault}."
        return ""

    def _tell(self, export: Export, told: dict[str, Any], given: dict[str, Any]) -> None:
        failed = export.items.filter(state=State.FAILED).order_by("position")
        for title, error in failed.values_list("sample_title", "error"):
            self.stderr.write(f"{title}: {error}")
        if given["json"]:
            result = results.result(export)
            facts = {"export": export.pk, "name": export.name, "state": export.state}
            self.stdout.write(json.dumps({**facts, **told, "result": result and result.dict()}))
            return
        for line in sentences_of(export, told):
            self.stdout.write(line)


def refuse(sentence: str) -> NoReturn:
    """End with a sentence and status 2: nothing was tried."""
    raise CommandError(sentence, returncode=NOTHING_TRIED)


@contextmanager
def _quiet(verbosity: int) -> Iterator[None]:
    """Keep what workers tell of each file out of a shell that shows how far it is."""
    log = logging.getLogger("exports")
    level = log.level
    log.setLevel(logging.WARNING if verbosity < EVERY_FILE else level)
    try:
        yield
    finally:
        log.setLevel(level)


@contextmanager
def _bytes() -> Iterator["tqdm[NoReturn]"]:
    with tqdm(unit="B", unit_scale=True, disable=None, leave=False) as bar:
        yield bar


def _take_preferred(user: User, given: dict[str, Any]) -> None:
    """Write to the folder of the preferences where the command line names no place."""
    preferred = Preferences.of(user).export_folder
    if given["to"] or given["zip"] or not preferred or not offered.may_choose(user):
        return
    try:
        given["to"] = offered.allowed(preferred)
    except ValueError as reason:
        raise CommandError(f"{preferred}, from the preferences: {reason}.") from reason


def _check_place(given: dict[str, Any]) -> None:
    """Say at once what would stand in the way at the end."""
    folder, target = given["to"], given["zip"]
    try:
        if folder:
            to_card.check(folder)
    except CardError as reason:
        raise CommandError(str(reason)) from reason
    if target and not target.parent.is_dir():
        refuse(f"There is no folder {target.parent}.")
    if target and target.exists() and (not given["force"] or not target.is_file()):
        refuse(f"{target} is there already. --force replaces a file.")
    place = folder or (target and target.parent)
    if place and not os.access(place, os.W_OK):
        raise CommandError(f"Permission denied writing to the export folder {place}.")
