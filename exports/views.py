"""Pages of the exports: form with live plan, job, history, downloads."""

from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.forms import BoundField
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)
from django.views.decorators.vary import vary_on_headers

from exports import (
    acts,
    again,
    attribution,
    build,
    download,
    history,
    loudness,
    progress,
    share,
    sheets,
)
from exports.acts import mine
from exports.asked import source_of
from exports.capacity import capacity
from exports.context import lamp_of
from exports.forms import ExportForm, fixed
from exports.models import Export
from exports.options import PRESETS, Options, last_chosen, preferred, preset_of
from exports.plan import Plan, plan
from exports.preflight import DEVICE_TOO_LONG
from exports.sources import Source
from exports.tree import Line, tree
from exports.usage import require_room
from library import tasks
from library.http import HtmxRequest
from library.jobs import State
from library.models import Preferences
from library.usage import QuotaError

NAMED = 50  # files of one kind that the plan calls by name
SHORTENED = 1_000  # all of a kit, and all that anybody will read
STOP_POLLING = 286  # htmx: swap this, then ask no more
NO_KIT_SOUNDS = "This kit has no sounds yet. Put at least one on a pad."
NOTHING_CHOSEN = "No samples provided for export. Choose sounds in the library first."


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def new(request: HtmxRequest) -> HttpResponse:
    """Show the form with its plan; POST plans again (`dry`, `fix`), or starts the export."""
    data = request.POST if request.method == "POST" else request.GET
    source = source_of(request.user, data)
    if request.method == "GET" or {"open", "preset"} & data.keys():
        options = _initial(request.user, source, data.get("preset", ""))
        form = ExportForm(kit=source.is_kit, options=options)
        return render(
            request, "exports/new.html", _form_context(request.user, form, plan(source, options))
        )
    bounds = Preferences.of(request.user).bpm_bounds
    form = ExportForm(fixed(request.POST), kit=source.is_kit, bounds=bounds)
    planned = plan(source, form.options()) if form.is_valid() else None
    if "dry" in data:
        return _preview(request, form, planned or _last_plan(request.user, source))
    if planned is not None and "fix" not in data:
        _refuse(request.user, form, planned)
    if planned is None or not form.is_valid() or "fix" in data:
        return _page(request, form, planned or _last_plan(request.user, source))
    return _see(build.create(request.user, planned))


def _page(request: HtmxRequest, form: ExportForm, planned: Plan) -> HttpResponse:
    """Show the whole page again, with what is wrong or what a fix has changed."""
    context = _form_context(request.user, form, planned)
    return render(request, "exports/new.html", context, status=_status(form))


def _preview(request: HtmxRequest, form: ExportForm, planned: Plan) -> HttpResponse:
    context = _form_context(request.user, form, planned) | {"is_preview": True}
    return render(request, "exports/new.html#plan", context, status=_status(form))


def _status(form: ExportForm) -> HTTPStatus:
    return HTTPStatus.OK if form.is_valid() else HTTPStatus.UNPROCESSABLE_ENTITY


def _refuse(user: User, form: ExportForm, planned: Plan) -> None:
    """Say why an export of nothing, or of too much, is not started."""
    if not planned.items:
        form.add_error(None, NO_KIT_SOUNDS if planned.source.is_kit else NOTHING_CHOSEN)
    elif not planned.included:
        form.add_error(None, f"Nothing of this can be exported. {planned.items[0].problem}")
    try:
        require_room(user, planned)
    except QuotaError as reason:
        form.add_error(None, str(reason))


def _last_plan(user: User, source: Source) -> Plan:
    """Return a plan to show beside a form that makes no sense."""
    return plan(source, _initial(user, source))


def _initial(user: User, source: Source, preset: str = "") -> Options:
    """Return a preset if one is asked for, else the choices of last time, else preferences."""
    own = Preferences.of(user)
    if preset in PRESETS:
        return PRESETS[preset][1](kit=source.is_kit).sorted_by(own.bpm_bounds)
    if source.earlier is not None:
        return Options.from_json(source.earlier.options).sorted_by(own.bpm_bounds)
    last = Export.objects.owned_by(user).filter(kind__in=_kinds(source)).first()
    if last is not None:
        return last_chosen(last.options, kit=source.is_kit).sorted_by(own.bpm_bounds)
    return preferred(own, kit=source.is_kit)


def _kinds(source: Source) -> list[str]:
    return [Export.Kind.KIT] if source.is_kit else [Export.Kind.SINGLE, Export.Kind.BATCH]


def _form_context(user: User, form: ExportForm, planned: Plan) -> dict[str, Any]:
    source, options = planned.source, planned.options
    return {
        "form": form,
        "plan": planned,
        "source": source,
        "since": partial(again.since, source),
        "presets": [(name, label) for name, (label, _) in PRESETS.items()],
        "preset": preset_of(options, kit=source.is_kit),
        "tree": tree(planned.files),
        "options": options,
        "notable": planned.notable[:NAMED],
        "shortened": planned.shortened[:SHORTENED],
        "numbered": planned.numbered[:SHORTENED],
        "baked": planned.baked[:SHORTENED],
        "capacity": capacity(planned.included, kit=source.is_kit),
        "picks": _picks(form, planned),
        "takes": progress.estimate(user, len(planned.included)),
        "empty": "" if planned.items else NO_KIT_SOUNDS if source.is_kit else NOTHING_CHOSEN,
    }


def _picks(form: ExportForm, planned: Plan) -> list[BoundField]:
    """Return the choices between several; what becomes of long sounds where there are some."""
    has_long = any(problem.device == DEVICE_TOO_LONG for problem in planned.problems)
    return [field for field in form.picks if has_long or field.name != "long"]


def _see(export: Export) -> HttpResponse:
    """Send the browser on to the job page: 303, so that reload does not post again."""
    return HttpResponse(
        status=HTTPStatus.SEE_OTHER, headers={"Location": reverse("exports:job", args=[export.pk])}
    )


@require_GET
def job(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show one export: readout, matrix, log; a new link to it once."""
    export = mine(request, pk)
    seen = progress.Seen.read(request.GET)
    shown = progress.of(export)
    context = _job_context(export, shown, seen.show) | {
        **progress.picture(export),
        "lines": progress.log(export, seen.show),
        "tree": _written(export),
        "earlier": history.earlier(export),
        "new_link": acts.new_link(request),
    }
    answer = render(request, "exports/job.html", context)
    if context["new_link"]:
        acts.forget_link(answer, pk)
    return answer


def _written(export: Export) -> list[Line]:
    """Return the tree of what is or will be in the ZIP; empty when there is none."""
    if not export.is_open and not download.is_downloadable(export):
        return []
    items = export.items.exclude(state=State.FAILED).order_by("position")
    columns = ("path", "size_bytes", "sample_title", "notes__credit")
    files, credited = [], []
    for path, size, title, told in items.values_list(*columns).iterator():
        files.append((path, size))
        credited.append(attribution.Credited(path, title, told or {}))
    named = attribution.text(credited)
    own = [(attribution.NAME, len(named.encode()))] * bool(named)
    return tree([*own, *sheets.files_of(export), *files])


def _job_context(export: Export, shown: progress.Progress, show: str) -> dict[str, Any]:
    return {
        "export": export,
        "progress": shown,
        "show": show,
        "working": progress.working_lines(shown.working),
        "loudness": loudness.result(export),
        "poll": shown.query(show),
        "share": share.offered(export),
    }


@require_GET
def job_progress(request: HtmxRequest, pk: int) -> HttpResponse:
    """Answer a poll: 204 when nothing changed, what changed, or 286 at the end."""
    export = mine(request, pk)
    seen = progress.Seen.read(request.GET)
    if export.is_open and seen.rev == export.rev and seen.mode == _mode(export):
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    shown = progress.of(export)
    context = _job_context(export, shown, seen.show) | {
        "cells": progress.changed_cells(export, seen.rev),
        "fresh": progress.log(export, seen.show, since=seen.rev),
        "speaks": seen.said != shown.said,
    }
    if export.is_open:
        return render(request, "exports/job.html#delta", context)
    context["tree"] = _written(export)
    return render(request, "exports/job.html#delta", context, status=STOP_POLLING)


def _mode(export: Export) -> str:
    """Return the pace without counting items."""
    return progress.Progress(export, {}, (), progress.is_stalled(export)).mode


@require_POST
def cancel(request: HtmxRequest, pk: int) -> HttpResponse:
    """Stop an export after the files in work."""
    export = mine(request, pk)
    export.cancel()
    return _see(export)


@require_POST
def restart(request: HtmxRequest, pk: int) -> HttpResponse:
    """Wake the workers for an export that has stalled."""
    export = mine(request, pk)
    if export.is_open:
        tasks.wake(settings.WORKERS)
    return _see(export)


@require_safe
def zip_file(request: HtmxRequest, pk: int) -> HttpResponseBase:
    """Stream the ZIP of a finished export."""
    export = mine(request, pk)
    if not download.is_downloadable(export):
        raise Http404
    return download.zip_response(request, export)


@require_safe
def manifest(request: HtmxRequest, pk: int) -> HttpResponse:
    """Send the list of files of an export."""
    export = mine(request, pk)
    name = f"sp404_export_{export.pk}_manifest.csv"
    response = HttpResponse(download.manifest(export), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""  # noqa: FBT003
    response["Content-Length"] = str(len(response.content))
    return response


@require_GET
def job_lamp(request: HtmxRequest) -> HttpResponse:
    """Answer the face's lamp; 286 when nothing lives any more."""
    shown = lamp_of(request.user)
    status = HTTPStatus.OK if shown is not None and shown.is_alive else STOP_POLLING
    return render(request, "exports/_lamp.html", {"lamp": shown}, status=status)
