"""Exports for programs: asked for as on the page, told as JSON, fetched as a ZIP."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from ninja import Body, Query, Router, Status

from exports import download, results, retry, room, sources, to_folder
from exports.models import Export
from exports.orders import LARGEST, Batch, ExportConfig, HistoryQuery, KitConfig
from exports.plan import plan
from exports.results import BatchResult, ExportOut, HistoryOut, ItemResult, ItemsOut, KitResult
from exports.sources import Source
from kits.models import Kit
from library import waiting
from library.http import HtmxRequest
from library.paging import Numbered, numbered
from library.problems import Problem, errors, not_found, refused

router = Router(tags=["exports"])

DOWNLOAD = "/exports/{int:export_id}/download"
ASKED = {202: ExportOut, **errors(400, 403, 404, 413, 422, 507)}
ZIP = {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
SENT: dict[str, Any] = {"responses": {200: ZIP, 206: ZIP, 416: {"description": "No such range"}}}


@router.post("/samples/{int:sample_id}/export", response={200: ItemResult, **ASKED})
def export_sample(
    request: HtmxRequest,
    response: HttpResponse,
    sample_id: int,
    config: Body[ExportConfig | None] = None,
) -> Status[Any]:
    """Export one sound; what is known to fail is told at once."""
    source = sources.from_ids(request.user, [sample_id] if sample_id <= LARGEST else [])
    if not source.wanted or source.wanted[0].sample is None:
        raise not_found("Sample", sample_id)
    return _start(request, response, source, config or ExportConfig())


@router.post("/samples/export-batch", response={200: BatchResult, **ASKED})
def export_batch(request: HtmxRequest, response: HttpResponse, batch: Batch) -> Status[Any]:
    """Export up to 1000 sounds; each that cannot be becomes a failed item of its own."""
    source = sources.from_ids(request.user, batch.sample_ids)
    return _start(request, response, replace(source, kind=Export.Kind.BATCH), batch.config)


@router.post("/kits/{int:kit_id}/export", response={200: KitResult, **ASKED})
def export_kit(
    request: HtmxRequest,
    response: HttpResponse,
    kit_id: int,
    config: Body[KitConfig | None] = None,
) -> Status[Any]:
    """Export every filled pad of a kit, in the order of banks and pads."""
    kit = Kit.objects.owned_by(request.user).filter(pk=kit_id).first()
    if kit is None:
        raise not_found("Kit", kit_id)
    source = sources.from_kit(kit)
    if not any(wanted.sample for wanted in source.wanted):
        raise refused(f"Kit {kit_id} has no samples", kit_id=kit_id)
    return _start(request, response, source, config or KitConfig())


@router.get("/exports", response={200: HistoryOut, **errors(422)})
def list_exports(request: HtmxRequest, asked: Query[HistoryQuery]) -> dict[str, Any]:
    """List exports, newest first."""
    mine = asked.filter(Export.objects.owned_by(request.user))
    page = numbered(mine, asked)
    return {**page, "items": results.rows(page["items"])}


@router.get("/exports/{int:export_id}", response={200: ExportOut, **errors(404)})
def read_export(request: HtmxRequest, response: HttpResponse, export_id: int) -> dict[str, Any]:
    """Tell how far an export is, and its result at the end; `Prefer: wait=N` waits for that."""
    export = _one(request, export_id)
    waiting.until(request, response, export, lambda: results.is_done(export))
    return results.status(export)


@router.get("/exports/{int:export_id}/items", response={200: ItemsOut, **errors(404, 422)})
def list_items(request: HtmxRequest, export_id: int, asked: Query[Numbered]) -> dict[str, Any]:
    """List what an export consists of, in its order."""
    export = _one(request, export_id)
    page = numbered(export.items.order_by("position"), asked)
    return {**page, "items": [results.item_row(item, export) for item in page["items"]]}


@router.api_operation(["HEAD"], DOWNLOAD, include_in_schema=False)
@router.get(DOWNLOAD, response=errors(404, 409), openapi_extra=SENT)
def download_export(request: HtmxRequest, export_id: int) -> HttpResponseBase:
    """Send the ZIP, or the byte range of it that is asked for."""
    export = _one(request, export_id)
    if not download.is_downloadable(export):
        detail = f"Export {export_id} has no files to download"
        context = {"state": export.state}
        raise Problem(HTTPStatus.CONFLICT, detail, context=context, export_id=export_id)
    return download.zip_response(request, export)


@router.post("/exports/{int:export_id}/retry", response={202: ExportOut, **errors(404, 409)})
def retry_export(request: HtmxRequest, export_id: int) -> Status[dict[str, Any]]:
    """Try the failed files once more; what is ready stays."""
    export = _one(request, export_id)
    if not retry.retry(export):
        detail = f"Export {export_id} has nothing to try again"
        raise Problem(HTTPStatus.CONFLICT, detail, export_id=export_id)
    return Status(HTTPStatus.ACCEPTED, results.status(export))


@router.post("/exports/{int:export_id}/cancel", response={200: ExportOut, **errors(404)})
def cancel_export(request: HtmxRequest, export_id: int) -> dict[str, Any]:
    """Stop an export after the files in work; one that has ended stays as it is."""
    export = _one(request, export_id)
    export.cancel()
    export.refresh_from_db()
    return results.status(export)


def _one(request: HtmxRequest, number: int) -> Export:
    export = Export.objects.owned_by(request.user).filter(pk=number).first()
    if export is None:
        raise not_found("Export", number)
    return export


def _start(
    request: HtmxRequest, response: HttpResponse, source: Source, config: ExportConfig
) -> Status[Any]:
    """Begin an export, and answer with its result if the caller waits and it is done by then."""
    if config.output_base_path is not None:
        to_folder.check(request.user, config.output_base_path)
    planned = plan(source, config.options(request.user, kit=source.is_kit))
    if source.kind == Export.Kind.SINGLE and planned.left_out:
        raise refused(planned.left_out[0].problem, sample_id=source.wanted[0].asked_id)
    if lacking := room.missing(planned):
        context = dict(zip(("needed_bytes", "free_bytes"), lacking, strict=True))
        detail = "Not enough disk space for export"
        raise Problem(HTTPStatus.INSUFFICIENT_STORAGE, detail, context=context)
    export = to_folder.create(request.user, planned, config.output_base_path)
    export.refresh_from_db()  # one of which nothing can be written has ended already
    response["Location"] = reverse("api:read_export", args=[export.pk])
    if waiting.until(request, response, export, lambda: results.is_done(export)):
        return Status(HTTPStatus.OK, results.result(export))
    return Status(HTTPStatus.ACCEPTED, results.status(export))
