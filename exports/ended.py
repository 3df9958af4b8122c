"""What a page says of an export that has ended, and what can be done about it."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from exports import retry
from exports.models import STOPPED, Export, ExportItem
from exports.plan import PAD_GONE
from library.jobs import State

GONE = "Audio file not found"
AT_WORK = Q(attempts__gt=0) | Q(error=STOPPED)  # what the plan knew has never been tried


@dataclass(frozen=True)
class Ending:
    """An export at its end, with so many files written and left out."""

    export: Export
    written: int
    left_out: int

    @cached_property
    def is_stopped(self) -> bool:
        """Tell whether files failed at work and nobody has decided about them yet."""
        is_undecided = self.export.state == State.PARTIAL and self.export.accepted_at is None
        return is_undecided and self.export.has_files and self._failed_at_work.exists()

    @cached_property
    def can_retry(self) -> bool:
        """Tell whether another try makes sense and was not declined."""
        is_open = bool(self.left_out) and self.export.accepted_at is None
        return is_open and retry.can_retry(self.export)

    @property
    def headline(self) -> str:
        """The readout's main line."""
        export = self.export
        if export.state == State.CANCELLED:
            return "Cancelled. Nothing was kept."
        if export.files_removed_at is not None:
            day = date_format(localtime(export.files_removed_at), "j F")
            return f"Files cleared on {day}. Make it again with one click."
        if export.state == State.FAILED:
            return f"Nothing could be exported. {_error(self._first)}".strip()
        return self._stopped_words() if self.is_stopped else "Ready." + self._left_out_words()

    @property
    def _failed(self) -> "QuerySet[ExportItem]":
        return self.export.items.filter(state=State.FAILED).order_by("position")

    @property
    def _failed_at_work(self) -> "QuerySet[ExportItem]":
        return self._failed.filter(AT_WORK)

    @cached_property
    def _first(self) -> ExportItem | None:
        return self._failed.first()

    def _stopped_words(self) -> str:
        """Return `Stopped at C5 vox: file could not be converted. The other 45 are ready.`"""
        items = list(self._failed_at_work[:1])
        more = self._failed_at_work.count() - 1
        at = " ".join(filter(None, [items[0].address, items[0].sample_title]))
        others = "The other one is" if self.written == 1 else f"The other {self.written} are"
        if more > 0:
            return f"Stopped at {at} and {more} more: files could not be converted. {others} ready."
        return f"Stopped at {at}: {_why(items[0].error)}. {others} ready."

    def _left_out_words(self) -> str:
        word = "pad" if self.export.kind == Export.Kind.KIT else "sound"
        if not self.left_out:
            return ""
        if self.left_out > 1:
            return f" {self.left_out} {word}s were left out."
        item = self._first
        name = (item.address or item.sample_title) if item else ""
        return f" One {word} was left out: {name}, {_reason(_error(item))}"


def _error(item: ExportItem | None) -> str:
    return item.error if item else ""


def _why(error: str) -> str:
    """Return in a few words why a file stopped an export; the log has all of it."""
    if error == STOPPED:
        return "it was not tried again"
    return "its source file is gone" if error.startswith(GONE) else "file could not be converted"


def _reason(error: str) -> str:
    if error == PAD_GONE:
        return "its source file is gone"
    return error[:1].lower() + error[1:].rstrip(".")
