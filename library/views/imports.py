"""Sounds on their way in: the upload, the demo crate, and the tray that tells how it goes."""

import json
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from library import imports, listing, uploads
from library import tray as trays
from library.http import HtmxRequest, see_other, whole_number, whole_numbers
from library.jobs import NoSpaceError
from library.models import Import, Sample

MOST_ROWS = 60  # refreshed by one poll
MOST_FILES = 10**6  # of one batch; what is beyond is no count
STOP_POLLING = 286  # htmx swaps the answer and asks no more
OUTCOMES = {  # what became of one file, as a status for the script that sends them
    "added": HTTPStatus.CREATED,
    "pack": HTTPStatus.ACCEPTED,
    "restored": HTTPStatus.CREATED,
    "duplicate": HTTPStatus.OK,
    "paper": HTTPStatus.OK,
    "clutter": HTTPStatus.OK,
    "refused": HTTPStatus.UNPROCESSABLE_ENTITY,
}


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def upload(request: HtmxRequest) -> HttpResponse:
    """Take files in: one per request from the script, all at once from the plain form.

    The script names its batch, how many files it holds and each file's `path` with folders; a
    request with `end` and no file says that no more come.
    """
    if request.method != "POST":
        template = "library/upload.html#doors" if request.htmx else "library/upload.html"
        return render(request, template, {"tray": trays.tray(request.user)})
    files = request.FILES.getlist("file")
    total = whole_number(request.POST.get("total"))
    batch = imports.upload_batch(
        request.user,
        request.POST.get("batch", ""),
        request.POST.get("path", "").partition("/")[0] or "Files",
        min(len(files) if total is None else total, MOST_FILES),
    )
    stored: list[Sample] = []
    try:
        outcomes = [_take(request, batch, file, stored.append) for file in files]
        outcomes += [_refuse(request, batch, refused) for refused in uploads.refusals(request)]
    except NoSpaceError as reason:
        return _full(request, str(reason))
    if "end" in request.POST or not request.htmx:
        imports.end_upload(batch)
    if not request.htmx:
        return see_other("library:imports")
    status = OUTCOMES[outcomes[0]] if outcomes else HTTPStatus.OK
    response = HttpResponse(", ".join(outcomes), status=status, content_type="text/plain")
    if stored:
        response["X-Sample"] = str(stored[0].pk)  # files dropped on pads go there next
    return response


def _take(
    request: HtmxRequest,
    batch: Import,
    file: "UploadedFile[bytes]",
    stored: Callable[[Sample], None],
) -> str:
    path = request.POST.get("path") or file.name or "unnamed"
    return imports.receive(batch, file, path, stored)


def _refuse(request: HtmxRequest, batch: Import, refused: uploads.Refusal) -> str:
    """Note a file that was stopped on its way."""
    if refused.status == HTTPStatus.INSUFFICIENT_STORAGE:
        raise NoSpaceError(refused.sentence)
    return imports.refuse(batch, request.POST.get("path") or refused.name, refused.sentence)


def _full(request: HtmxRequest, reason: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(
            reason, status=HTTPStatus.INSUFFICIENT_STORAGE, content_type="text/plain; charset=utf-8"
        )
    messages.error(request, reason)
    return see_other("library:imports")


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def tray(request: HtmxRequest) -> HttpResponse:
    """Show how the imports go, with the rows asked for as they are now; POST closes the tray."""
    if request.method == "POST":
        trays.dismiss(request.user)
        return tray_fragment(request) if request.htmx else see_other("library:list")
    if request.htmx:
        return tray_fragment(request)
    return render(request, "library/imports.html", {"tray": trays.tray(request.user)})


def tray_fragment(request: HtmxRequest) -> HttpResponse:
    """Return the tray and, out of band, rows whose analysis was awaited and may have ended."""
    shown = trays.tray(request.user)
    wanted = whole_numbers(request.GET.getlist("rows"))[:MOST_ROWS]
    rows = Sample.objects.owned_by(request.user).kept().filter(pk__in=wanted)
    context = {
        "tray": shown,
        "rows": listing.tell_slices(listing.drawn().filter(pk__in=rows)) if wanted else [],
        "swap": "morph",
    }
    polled = "poll" in request.GET
    status = STOP_POLLING if polled and not shown.is_active else HTTPStatus.OK
    response = render(request, "library/imports.html#import-tray", context, status=status)
    if polled and shown.added != (whole_number(request.GET.get("added")) or 0):
        response["HX-Trigger"] = json.dumps({"library:changed": {}})
    return response


@require_POST
def demo(request: HtmxRequest) -> HttpResponse:
    """Ask for the demo crate."""
    imports.load_demo(request.user)
    if not request.htmx:
        return see_other("library:list")
    return HttpResponse(
        status=HTTPStatus.NO_CONTENT, headers={"HX-Trigger": json.dumps({"imports:changed": {}})}
    )
