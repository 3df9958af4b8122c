"""What leaves: the ZIP of one export as a list of files, its manifest and its text files."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import IO
from zlib import crc32

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from exports import attribution, changes, sheets
from exports.archive import Archive, Member
from exports.models import Export, ExportItem
from kits.hardware.naming import UniquePaths
from kits.sheet import text as sheet_text
from library.audio.units import RATE
from library.jobs import State
from library.ranges import ranged_response
from library.spreadsheet import plain

MANIFEST = "manifest.csv"
COLUMNS = (
    "path",
    "pad",
    "title",
    "state",
    "changes",
    "bytes",
    "sha256",
    "frames",
    "channels",
    "source_format",
    "source_rate",
    "source_seconds",
)


def is_downloadable(export: Export) -> bool:
    """Tell whether the export ended with at least one file that is still kept."""
    return export.has_files


def zip_response(
    request: HttpRequest, export: Export, at_end: Callable[[], None] | None = None
) -> HttpResponseBase:
    """Stream the ZIP of an export that is downloadable, or the range of it that is asked for.

    at_end: called when the last byte has been sent; a download that was cut and went on, or came
    in several parts, has one such moment.
    """
    packed = archive(export)

    def stream(start: int, end: int) -> Iterator[bytes]:
        yield from packed.stream(start, end)
        if at_end is not None and end == packed.length:
            at_end()

    return ranged_response(
        request,
        length=packed.length,
        stream=stream,
        etag=packed.etag,
        content_type="application/zip",
        filename=f"sp404_export_{export.pk}.zip",
        attachment=True,
    )


def archive(export: Export) -> Archive:
    """Return the ZIP of exactly this export's files, in the order of the export."""
    return Archive(members(export))


def members(export: Export) -> Iterator[Member]:
    """Yield the files of an export: its sounds, their texts, the list, the pad sheet, the credits.

    Each bears the time when its sound came into the library, so that the same sounds, exported in
    the same way, make the same ZIP whenever that is.
    """
    written = list(_items(export).filter(state=State.COMPLETED, render__isnull=False))
    for item in written:
        if item.render is not None:
            opened = partial(default_storage.open, item.render.path)
            made = item.render
            yield Member(item.path, made.size_bytes, made.crc32, _came(item), opened)
    newest = max((_came(item) for item in written), default=export.created_at)
    if export.options.get("include_metadata"):
        names = UniquePaths()
        for item in written:
            name = names.add(f"{item.path.rpartition('.')[0]}_metadata.txt")
            yield _text_member(name, metadata(item), _came(item))
        yield _text_member(MANIFEST, manifest(export), newest)
    yield from _sheet(export, newest)
    if named := credits_of(written):
        yield _text_member(attribution.NAME, named, newest)


def _sheet(export: Export, moment: datetime) -> Iterator[Member]:
    """Yield the text of a pad sheet and its pictures, where it was asked for."""
    if not export.options.get("include_sheet"):
        return
    if words := sheet_text.text(sheets.kept_of(export)):
        yield _text_member(sheet_text.NAME, words, moment)
    for page in export.sheet_pages.exclude(render=None).select_related("render"):
        if (made := page.render) is not None:
            opened = partial(default_storage.open, made.path)
            yield Member(page.path, made.size_bytes, made.crc32, moment, opened)


def credits_of(items: Iterable[ExportItem]) -> str:
    """Return the credits of these files; empty when there is nothing to tell."""
    return attribution.text(
        attribution.Credited(item.path, item.sample_title, item.notes.get("credit", {}))
        for item in items
    )


def _items(export: Export) -> QuerySet[ExportItem]:
    return export.items.select_related("render").order_by("position")


def _came(item: ExportItem) -> datetime:
    """Return when the sound of an item was added."""
    created = item.notes.get("created")
    return datetime.fromisoformat(created) if created else item.queued_at


def _text_member(name: str, text: str, moment: datetime) -> Member:
    data = text.encode()
    return Member(name, len(data), crc32(data), moment, partial(_opened, data))


def _opened(data: bytes) -> IO[bytes]:
    return io.BytesIO(data)


def manifest(export: Export) -> str:
    """Return a CSV with one line for each file: what it is, what was changed, why it is missing."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for item in _items(export):
        table.writerow(_line(item))
    return text.getvalue()


def _line(item: ExportItem) -> list[object]:
    made = item.render
    is_written = item.state == State.COMPLETED  # its file may have been cleared since
    return [
        plain(item.path) if is_written else "",
        item.address,
        plain(item.sample_title),
        outcome(item),
        item.error or "; ".join(item.changes),
        item.size_bytes if is_written else 0,
        made.sha256 if made else "",
        made.frames if made else 0,
        made.channels if made else 0,
        item.original_format.lower(),
        item.original_rate or "",
        f"{item.original_seconds:.6f}" if item.original_seconds is not None else "",
    ]


def outcome(item: ExportItem) -> str:
    """Return how a file ended, in the words of the job page's legend."""
    if item.state == State.COMPLETED:
        return "changed" if changes.is_notable(item.changes) else "written"
    return "left out" if item.state == State.FAILED else str(item.state)


def metadata(item: ExportItem) -> str:
    """Return the text file beside one sample."""
    notes, seconds = item.notes, item.original_seconds
    bpm = notes.get("bpm")
    lines = {
        "Title": item.sample_title,
        "Genre": notes.get("genre") or "Unknown",
        "BPM": f"{bpm:g}" if bpm is not None else "Unknown",
        "Key": notes.get("key") or "Unknown",
        "Tags": ", ".join(notes.get("tags", [])) or "None",
        "Original format": item.original_format.lower() or "Unknown",
        "Original rate": f"{item.original_rate} Hz" if item.original_rate else "Unknown",
        "Original duration": f"{seconds:.3f} s" if seconds is not None else "Not analyzed",
        "Converted rate": f"{RATE} Hz",
        "Converted depth": "16 bit",
        "Sample": notes.get("id", "Unknown"),
        "Created": notes.get("created") or "Unknown",
        "Analyzed": notes.get("analysed") or "Not analyzed",
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items())
