"""How far an export is: the readout, the picture, the log, and what changed since a page looked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Count, F, QuerySet
from django.utils.timezone import now

from exports import changes, matrix
from exports.ended import Ending
from exports.models import Export, ExportItem
from library.http import whole_number
from library.jobs import OPEN_STATES, State
from library.models import WorkerBeat
from library.templatetags.units import filesize

LINES = 200  # of the log
LATELY = 5  # exports that an estimate looks back at
MOST_SEGMENTS = 48
QUICK_FOR = timedelta(seconds=30)
PACE = {"quick": "every 700ms", "slow": "every 2s", "stalled": "every 2s"}
SHOWS = ("all", "changed", "left")
FINISHED = (State.COMPLETED, State.FAILED)


@dataclass(frozen=True)
class Seen:
    """What a page showed when it asked: the revision, its pace, what it said, its filter."""

    rev: int = 0
    mode: str = ""
    said: str = ""
    show: str = "all"

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Seen":
        """Read the parameters of a poll; nonsense counts as having seen nothing."""
        show = query.get("show", "")
        return cls(
            rev=whole_number(query.get("rev")) or 0,
            mode=query.get("mode", ""),
            said=query.get("said", ""),
            show=show if show in SHOWS else "all",
        )


@dataclass(frozen=True)
class Line:
    """One line of the log."""

    look: str  # now, warn, err or nothing
    icon: str
    address: str
    title: str
    what: str
    sound: str
    size: int | None


@dataclass(frozen=True)
class Progress:
    """An export at one moment."""

    export: Export
    counts: Mapping[str, int]
    working: tuple[ExportItem, ...]
    is_stalled: bool

    @property
    def total(self) -> int:
        """How many files were asked for."""
        return self.export.sample_count

    @property
    def written(self) -> int:
        """How many are ready."""
        return self.counts.get(State.COMPLETED, 0)

    @property
    def left_out(self) -> int:
        """How many will not be."""
        return self.counts.get(State.FAILED, 0)

    @property
    def done(self) -> int:
        """How many are behind us."""
        return self.written + self.left_out

    @property
    def percent(self) -> int:
        """Whole percent; 100 only at the end."""
        if not self.export.is_open:
            return 100
        return percent_of(self.done, self.total)

    @property
    def is_open(self) -> bool:
        """Tell whether it goes on."""
        return self.export.is_open

    @property
    def can_download(self) -> bool:
        """Tell whether there is a ZIP."""
        return self.export.has_files

    @property
    def mode(self) -> str:
        """How often a page should ask: quick at first, slow later."""
        if self.is_stalled:
            return "stalled"
        age = now() - (self.export.started_at or self.export.created_at)
        return "quick" if age < QUICK_FOR else "slow"

    @property
    def pace(self) -> str:
        """The page's trigger."""
        return PACE[self.mode]

    @property
    def said(self) -> str:
        """Name of the last thing worth saying aloud: the quarter, the problems, the state."""
        return f"{self.percent // 25}.{self.left_out}.{self.is_stalled:d}.{self.export.state}"

    @property
    def sentence(self) -> str:
        """What a screen reader says at each quarter and at problems."""
        if not self.is_open or self.is_stalled:
            return self.headline
        left = f" {self.left_out} left out." if self.left_out else ""
        return f"{self.percent} %: {self.done} of {self.total} done.{left}"

    @property
    def headline(self) -> str:
        """The readout's main line."""
        if self.is_open:
            return self._open_headline()
        return self.ending.headline

    @cached_property
    def ending(self) -> Ending:
        """What there is to say of it once it has ended."""
        return Ending(self.export, self.written, self.left_out)

    def _open_headline(self) -> str:
        if self.is_stalled:
            return "The export has stalled. No worker has answered for 15 seconds."
        if self.export.state == State.WAITING:
            waiting = self.export.items.filter(state=State.WAITING).first()
            return (waiting.error if waiting else "") or "Waiting for disk space."
        if self.working:
            first = self.working[0]
            return f"Converting {first.address} {first.sample_title}".replace("  ", " ")
        if self.done >= self.total:
            is_drawing = self.export.sheet_pages.undrawn().exists()
            return "Drawing the pad sheet." if is_drawing else "Finishing the ZIP."
        return "Waiting for a worker."

    @property
    def detail(self) -> str:
        """The readout's figures."""
        if self.is_open:
            left = self._seconds_left()
            return f"{self.done} of {self.total}" + (f", about {left} left" if left else "")
        parts = []
        if self.export.seconds is not None:
            parts.append(duration(self.export.seconds))
        if self.can_download:
            parts.append(filesize(self.export.total_bytes))
        return ", ".join(parts)

    def _seconds_left(self) -> str:
        if not self.written or self.export.started_at is None or self.done >= self.total:
            return ""
        spent = (now() - self.export.started_at).total_seconds()
        return duration(spent / self.written * (self.total - self.done))

    @property
    def segments(self) -> list[str]:
        """The bar: d done, n in work, nothing still to come."""
        count = min(self.total, MOST_SEGMENTS)
        if not self.is_open:
            full = count if self.can_download else 0
            return ["d"] * full + [""] * (count - full)
        full = count * self.done // max(1, self.total)
        bar = ["d"] * full + [""] * (count - full)
        if self.working and full < count:
            bar[full] = "n"
        return bar

    @property
    def title(self) -> str:
        """The page's title."""
        name = self.export.name
        if self.is_open:
            return f"{self.percent} % {name}"
        return f"{self.export.get_state_display()}: {name}"

    def query(self, show: str) -> str:
        """Return the parameters of the page's next poll."""
        return urlencode(
            {"rev": self.export.rev, "mode": self.mode, "said": self.said, "show": show}
        )


def percent_of(done: int, total: int) -> int:
    """Return how far an open export is in whole percent: what comes after its last file is 1 %."""
    return min(99, 100 * done // max(1, total))


def of(export: Export) -> Progress:
    """Look at an export now."""
    counted = export.items.order_by().values("state").annotate(n=Count("pk"))
    working = export.items.filter(state=State.PROCESSING).order_by("position")
    return Progress(
        export=export,
        counts={row["state"]: row["n"] for row in counted},
        working=tuple(working[:8]) if export.is_open else (),
        is_stalled=is_stalled(export),
    )


def is_stalled(export: Export) -> bool:
    """Tell whether an export is open and no worker shows a sign of life."""
    return export.is_open and not WorkerBeat.any_alive()


def estimate(user: User, files: int) -> str:
    """Return how long so many files may take, going by the last exports; nothing at first."""
    ended = Export.objects.owned_by(user).filter(
        state__in=[State.COMPLETED, State.PARTIAL], started_at__isnull=False, seconds_before=0
    )
    rows = ended.values_list("started_at", "finished_at", "sample_count")[:LATELY]
    known = [(end - start, count) for start, end, count in rows if start and end]
    count = sum(count for _, count in known)
    if not count or not files:
        return ""
    spent = sum((took for took, _ in known), timedelta()).total_seconds()
    return duration(spent / count * files)


def duration(seconds: float) -> str:
    """Return a time to wait: `9 s`, `3 min`."""
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"  # noqa: PLR2004


def picture(export: Export) -> dict[str, Any]:
    """Return the whole matrix: `banks` of a kit, else `band`."""
    items = list(_drawn(export.items.all()))
    if export.kind == Export.Kind.KIT:
        return {"banks": matrix.banks(items)}
    per_cell = matrix.files_per_cell(export.sample_count)
    return {"band": matrix.band(items, per_cell), "per_cell": per_cell}


def _drawn(items: "QuerySet[ExportItem]") -> "QuerySet[ExportItem]":
    return items.only("position", "state", "bank", "number", "sample_class", "changes", "export")


def changed_cells(export: Export, rev: int) -> list[matrix.Cell]:
    """Return the cells that look different from revision `rev`."""
    fresh = export.items.filter(rev__gt=rev)
    if export.kind == Export.Kind.KIT:
        return [matrix.pad_cell(item.bank, item.number, item) for item in _drawn(fresh)]
    per_cell = matrix.files_per_cell(export.sample_count)
    cells = {position // per_cell for position in fresh.values_list("position", flat=True)}
    around = export.items.annotate(cell=F("position") / per_cell).filter(cell__in=cells)
    return matrix.band(_drawn(around), per_cell)


def log(export: Export, show: str, since: int = -1) -> list[Line]:
    """Return finished files, newest first, at most 200; `since`: later than that revision only.

    What finished after the export was read belongs to the next poll, or it would be told twice.
    """
    items = export.items.filter(state__in=FINISHED, rev__gt=since, rev__lte=export.rev)
    if show == "left":
        items = items.filter(state=State.FAILED)
    lines: list[Line] = []
    for item in items.order_by("-rev", "-position").iterator(chunk_size=LINES):
        line = line_of(item)
        if show != "changed" or line.look == "warn":
            lines.append(line)
        if len(lines) == LINES:
            break
    return lines


def working_lines(items: Iterable[ExportItem]) -> list[Line]:
    """Return the lines of what workers are at."""
    return [line_of(item) for item in items]


LOOKS = {
    "d": ("", "check"),
    "w": ("warn", "triangle-alert"),
    "e": ("err", "circle-x"),
    "n": ("now", "loader"),
}


def line_of(item: ExportItem) -> Line:
    """Return one file's line."""
    state, icon = LOOKS.get(matrix.look(item), ("", "loader"))
    is_working = item.state in OPEN_STATES
    return Line(
        look=state,
        icon=icon,
        address=item.address,
        title=item.sample_title,
        what=item.error.rstrip(".") if item.error else changes.sentence(item.changes),
        sound=item.sample_class,
        size=None if is_working else item.size_bytes if item.state == State.COMPLETED else 0,
    )
