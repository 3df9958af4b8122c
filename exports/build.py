"""From a plan to rows, from rows to files: the way of an export through the workers."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.timezone import now

from exports import attribution, retention, sheets
from exports.models import Export, ExportItem
from exports.plan import Plan, PlannedItem
from exports.render import find, render
from exports.sources import Wanted
from exports.usage import require_room
from library import tasks
from library.audio.baked import AS_IS
from library.jobs import OPEN_STATES, State
from library.models import Sample

log = logging.getLogger(__name__)

ROWS_AT_ONCE = 500


@transaction.atomic
def create(user: User, plan: Plan) -> Export:
    """Write an export and all its items, and wake the workers once they are committed.

    What is known to fail is written as failed, with its message. From here on nothing reads the
    kit or the search again. QuotaError where it would be more than this person may keep.
    """
    require_room(user, plan)
    options = plan.options
    export = Export.objects.create(
        owner=user,
        kind=plan.source.kind,
        name=plan.source.name[:120],
        kit=plan.source.kit,
        layout=options.layout,
        format=options.format,
        options=options.as_json(),
        sample_count=len(plan.items),
    )
    tags = _tags(plan) if options.include_metadata else {}
    ExportItem.objects.bulk_create(
        [_item(export, planned, tags) for planned in plan.items], batch_size=ROWS_AT_ONCE
    )
    if options.include_sheet:
        sheets.freeze(export, plan.source)
    log.info(
        "Export %s started: %s, %s files, %s, %s",
        export.pk,
        export.kind,
        export.sample_count,
        export.layout,
        export.format,
    )
    for planned in plan.left_out:
        log.warning(
            "Export %s: %s is left out: %s", export.pk, planned.wanted.title, planned.problem
        )
    if plan.included:
        tasks.wake(len(plan.included))
    else:
        finish(export.pk)
    return export


def _item(export: Export, planned: PlannedItem, tags: dict[int, list[str]]) -> ExportItem:
    wanted, sample = planned.wanted, planned.wanted.sample
    item = ExportItem(
        export=export,
        position=planned.position,
        sample_title=wanted.title[:200],
        bank=wanted.pad.bank if wanted.pad else "",
        number=wanted.pad.number if wanted.pad else None,
        path=planned.path,
        recipe=planned.recipe.fields(),
        changes=list(planned.changes),
        size_bytes=planned.size or 0,
    )
    if planned.problem:
        item.state, item.error, item.finished_at = State.FAILED, planned.problem, now()
    if planned.place.is_too_long:
        item.path = f"{planned.position:05}.{export.format}"
    if sample is not None:
        item.sample = sample
        item.sample_sha256 = sample.sha256
        item.sample_class = sample.sample_class
        item.original_rate = sample.sample_rate
        item.original_seconds = sample.seconds
        item.original_format = sample.format
        item.notes = _notes(sample, tags.get(sample.pk, []))
    elif wanted.asked_id is not None:
        item.notes = {"id": wanted.asked_id}
    item.notes |= _of_pad(wanted)
    return item


def _of_pad(wanted: Wanted) -> dict[str, Any]:
    """Return what a pad had set, so that the same can be asked for again with other choices."""
    usual = asdict(AS_IS)
    settings = {name: value for name, value in asdict(wanted.baked).items() if value != usual[name]}
    found = {"slice": wanted.slice, "pad": settings, "left": list(wanted.left)}
    return {name: value for name, value in found.items() if value}


def _notes(sample: Sample, tags: list[str]) -> dict[str, Any]:
    """Return the facts for the text files, as they were when the export was asked for."""
    analysis = getattr(sample, "analysis", None)
    analysed = analysis.finished_at if analysis is not None else None
    return {
        "genre": sample.genre,
        "bpm": sample.bpm,
        "key": sample.get_key_display() if sample.key else "",
        "tags": tags,
        "id": sample.pk,
        "created": sample.added_at.isoformat(timespec="seconds"),
        "analysed": analysed.isoformat(timespec="seconds") if analysed else "",
        **({"credit": credit} if (credit := attribution.told(sample)) else {}),
    }


def _tags(plan: Plan) -> dict[int, list[str]]:
    """Return the tags of every sample of the plan."""
    found: dict[int, list[str]] = {}
    ids = sorted({item.wanted.sample.pk for item in plan.items if item.wanted.sample})
    for start in range(0, len(ids), ROWS_AT_ONCE):
        rows = Sample.tags.through.objects.filter(sample_id__in=ids[start : start + ROWS_AT_ONCE])
        for sample, name in rows.order_by("tag__name").values_list("sample_id", "tag__name"):
            found.setdefault(sample, []).append(name)
    return found


def begin(items: Sequence[ExportItem]) -> None:
    """Show that a worker is at these items, and look up which of their files exist already."""
    ExportItem.begin(items)
    find(items)


def convert_item(item: ExportItem) -> dict[str, Any]:
    """Do one item for a worker and return the facts of its row; raises as `render` does."""
    made = render(item)
    return {"render": made, "size_bytes": made.size_bytes, "changes": made.changes}


def close_after(items: Sequence[ExportItem]) -> None:
    """End each export with its last item."""
    for export_id in sorted({item.export_id for item in items}):
        finish(export_id)


def finish(export_id: int) -> None:
    """End an export when no item is open any more, and note how it ended."""
    if not sheets.draw(export_id) or not Export(pk=export_id).close():
        return
    for export in Export.objects.filter(pk=export_id):
        written = export.items.filter(state=State.COMPLETED).count()
        log.info(
            "Export %s finished: %s, %s written, %s left out, %s bytes, %.1f s",
            export.pk,
            export.state,
            written,
            export.items.count() - written,
            export.total_bytes,
            export.seconds or 0.0,
        )


def sweep() -> None:
    """Close exports whose last worker died before it could, and clear old files."""
    open_items = ExportItem.objects.filter(export=OuterRef("pk"), state__in=OPEN_STATES)
    for export in Export.objects.alive().exclude(Exists(open_items)):
        finish(export.pk)
    retention.sweep()
