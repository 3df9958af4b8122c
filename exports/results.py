"""What programs are told of an export: its row in the history, its items, its result."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Self

from django.db.models import Count, Sum
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from exports.download import is_downloadable
from exports.models import Delivery, Export, ExportItem
from kits.hardware.naming import sanitize_folder
from library.jobs import State
from library.paging import PageOut
from library.problems import kind_of

MOST_RESULTS = 1000  # items listed in one answer; all are in the pages of `items`
READ = (
    "export", "position", "sample", "sample_title", "path", "state", "error", "notes", "render",
    "size_bytes", "started_at", "finished_at", "bank", "number",
)  # fmt: skip


class ItemResult(Schema):
    """What became of one sample. output_path: inside the archive; null where there is no file."""

    success: bool
    sample_id: int | None
    output_path: str | None
    output_filename: str | None
    format: str
    file_size_bytes: int
    conversion_time_seconds: float
    error: str | None

    @classmethod
    def of(cls, item: ExportItem, export: Export) -> Self:
        """Tell it of an item of this export."""
        done = item.state == State.COMPLETED
        path = item.path if done else None
        return cls(
            success=done,
            sample_id=item.sample_id or item.notes.get("id"),
            output_path=path,
            output_filename=path and path.rpartition("/")[2],
            format=export.format,
            file_size_bytes=item.size_bytes if done else 0,
            conversion_time_seconds=_seconds(item),
            error=None if done else item.error or None,
        )


class ItemError(Schema):
    """A sample that was left out, and why."""

    sample_id: int | None
    title: str
    error: str
    error_type: str


class BatchResult(Schema):
    """What became of many samples, in the order of the export."""

    total_requested: int
    successful: int
    failed: int
    total_size_bytes: int
    total_time_seconds: float
    output_base_path: str | None
    organized_by: str
    results: list[ItemResult] = Field(description=f"{MOST_RESULTS} at most")
    errors: list[ItemError] = Field(description=f"{MOST_RESULTS} at most")


class KitResult(BatchResult):
    """What became of a kit."""

    kit_id: int | None


class HistoryRow(Schema):
    """An export in the history. output_path: the file, or the folder that holds all files."""

    id: int
    user_id: int
    export_type: str
    sample_count: int
    output_path: str
    organized_by: str
    format: str
    total_size_bytes: int
    export_duration_seconds: float | None
    created_at: datetime
    state: str
    successful: int
    failed: int


class HistoryOut(PageOut):
    """A page of the history, newest first."""

    items: list[HistoryRow]


class ProgressOut(Schema):
    """How far an export is."""

    total: int
    completed: int
    failed: int
    current_sample: str | None
    bytes: int


class ExportOut(HistoryRow):
    """One export now. result: once it has ended; download_url: once there is a ZIP."""

    name: str
    progress: ProgressOut
    result: ItemResult | KitResult | BatchResult | None
    status_url: str
    download_url: str | None


class ItemRow(ItemResult):
    """One item of an export. pad: `A1` in a kit."""

    id: int
    title: str
    pad: str | None
    state: str


class ItemsOut(PageOut):
    """A page of items, in the order of the export."""

    items: list[ItemRow]


def rows(exports: Sequence[Export]) -> list[dict[str, Any]]:
    """Return the history's rows of some exports; two queries however many they are."""
    counts = _counts(exports)
    singles = [export.pk for export in exports if export.kind == Export.Kind.SINGLE]
    first = ExportItem.objects.filter(export__in=singles, position=0) if singles else ()
    paths = {item.export_id: item.path for item in first}
    return [_row(export, counts[export.pk], paths.get(export.pk)) for export in exports]


def _row(export: Export, counts: Counter[str], path: str | None) -> dict[str, Any]:
    return {
        "id": export.pk,
        "user_id": export.owner_id,
        "export_type": export.kind,
        "sample_count": export.sample_count,
        "output_path": path or _folder(export),
        "organized_by": export.layout,
        "format": export.format,
        "total_size_bytes": export.total_bytes,
        "export_duration_seconds": export.seconds,
        "created_at": export.created_at,
        "state": export.state,
        "successful": counts[State.COMPLETED],
        "failed": counts[State.FAILED],
    }


def _folder(export: Export) -> str:
    """Return the folder inside the archive that holds all files; nothing for its root."""
    root = str(export.options.get("root", ""))
    return f"{root}{sanitize_folder(export.name)}/" if export.layout == "kit" else root


def _counts(exports: Iterable[Export]) -> dict[int, Counter[str]]:
    ids = [export.pk for export in exports]
    found: dict[int, Counter[str]] = {pk: Counter() for pk in ids}
    grouped = ExportItem.objects.filter(export__in=ids).order_by().values("export", "state")
    for row in grouped.annotate(n=Count("pk")):
        found[row["export"]][row["state"]] = row["n"]
    return found


def status(export: Export) -> dict[str, Any]:
    """Return an export as it is now, with its result once it has ended."""
    counts = _counts([export])[export.pk]
    working = export.items.filter(state=State.PROCESSING).order_by("position").first()
    written = export.items.filter(state=State.COMPLETED).aggregate(n=Sum("size_bytes"))["n"]
    at = [export.pk]
    return {
        **rows([export])[0],
        "name": export.name,
        "progress": {
            "total": export.sample_count,
            "completed": counts[State.COMPLETED],
            "failed": counts[State.FAILED],
            "current_sample": working.sample_title if working and export.is_open else None,
            "bytes": written or 0,
        },
        "result": result(export),
        "status_url": reverse("api:read_export", args=at),
        "download_url": (
            reverse("api:download_export", args=at) if is_downloadable(export) else None
        ),
    }


def is_done(export: Export) -> bool:
    """Tell whether it has ended, and lies in its folder if it was asked into one."""
    delivery = _delivery(export)
    is_on_its_way = delivery is not None and delivery.is_open and export.has_files
    return not export.is_open and not is_on_its_way


def _delivery(export: Export) -> Delivery | None:
    return Delivery.objects.filter(export=export).first()


def result(export: Export) -> ItemResult | BatchResult | None:
    """Return what became of an export in the shape of its kind; None while it goes on."""
    if not is_done(export):
        return None
    if export.kind == Export.Kind.SINGLE:
        return _single(export)
    batch = _batch(export)
    if export.kind == Export.Kind.KIT:
        return KitResult(**batch, kit_id=export.kit_id)
    return BatchResult(**batch)


def _single(export: Export) -> ItemResult | None:
    item = export.items.only(*READ).first()
    delivery = _delivery(export)
    if item is None or delivery is None or not delivery.error:
        return ItemResult.of(item, export) if item else None
    told = ItemResult.of(item, export)
    return told.model_copy(update={"success": False, "error": told.error or delivery.error})


def _batch(export: Export) -> dict[str, Any]:
    delivery = _delivery(export)
    counts = _counts([export])[export.pk]
    items = export.items.only(*READ).order_by("position")
    failed = items.filter(state__in=[State.FAILED, State.CANCELLED])
    return {
        "total_requested": export.sample_count,
        "successful": counts[State.COMPLETED],
        "failed": counts[State.FAILED],
        "total_size_bytes": export.total_bytes,
        "total_time_seconds": export.seconds or 0.0,
        "output_base_path": delivery.folder if delivery else None,
        "organized_by": export.layout,
        "results": [ItemResult.of(item, export) for item in items[:MOST_RESULTS]],
        "errors": [*map(_error, failed[:MOST_RESULTS]), *_of_delivery(delivery)],
    }


def _of_delivery(delivery: Delivery | None) -> list[ItemError]:
    """Return why the files are not in their folder, if they are not."""
    if delivery is None or not delivery.error:
        return []
    told = {"title": delivery.folder, "error": delivery.error, "error_type": "storage_error"}
    return [ItemError(sample_id=None, **told)]


def _error(item: ExportItem) -> ItemError:
    return ItemError(
        sample_id=item.sample_id or item.notes.get("id"),
        title=item.sample_title,
        error=item.error,
        error_type=kind_of(item.error),
    )


def item_row(item: ExportItem, export: Export) -> ItemRow:
    """Return one item as the list of items shows it."""
    told = ItemResult.of(item, export)
    return ItemRow(
        id=item.pk,
        title=item.sample_title,
        pad=item.address or None,
        state=item.state,
        **told.model_dump(),
    )


def _seconds(item: ExportItem) -> float:
    if item.started_at is None or item.finished_at is None:
        return 0.0
    return max(0.0, (item.finished_at - item.started_at).total_seconds())
