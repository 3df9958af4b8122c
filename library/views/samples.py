"""One sample: its details, what a browser hears and draws, and its original file."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import numpy as np
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from library import corrections, licences, listing
from library.forms import SampleForm
from library.http import HtmxRequest, asking_path, see_other
from library.models import Hearing, LibraryEdit, Sample, Tag
from library.ranges import ranged_response

CHUNK = 1 << 16
CLEAR = 0.38  # strength of an onset that counts as a hit, as the slicer's fader begins with
EXPORTS = 6  # that the page of a sample names
FOR_EVER = "private, max-age=31536000, immutable"  # the address of a sample names one content


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def sample(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show one sample and let its owner change what a person may know better."""
    rows = Sample.objects.owned_by(request.user).select_related("analysis", "hearing")
    found = get_object_or_404(rows, pk=pk)
    form = SampleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        return _saved(request, found, corrections.save(form))
    context = {
        "sample": found,
        "form": form,
        "tag_words": Tag.objects.owned_by(request.user),
        "pads": found.pads.select_related("kit")[:12],
        "slices": found.pads.filter(slice__gt=0).values("slice").distinct().count(),
        "exports": _exports(found),
        "licences": licences.COMMON,
    }
    template = "library/sample.html#details" if request.htmx else "library/sample.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, template, context, status=status)


def _exports(found: Sample) -> list[dict[str, Any]]:
    """Return the newest exports that this sample was in, and one more where there are more."""
    columns = ("export_id", "export__name", "export__created_at")
    rows = found.export_items.order_by("-export_id").values(*columns).distinct()
    return list(rows[: EXPORTS + 1])


def _saved(request: HtmxRequest, found: Sample, edit: LibraryEdit | None) -> HttpResponse:
    text = f"{found.title} saved."
    if not request.htmx:
        messages.success(request, text)
        return see_other("library:sample", found.pk)
    toast = {"text": text}
    if edit is not None:
        toast["undo"] = reverse("library:undo-edit", args=[edit.pk])
    events: dict[str, Any] = {"toast": toast, "dialog:close": {}}
    if asking_path(request) == reverse("library:generations"):  # its rows are others
        events["library:changed"] = {}
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    else:
        (row,) = listing.tell_slices(listing.drawn().filter(pk=found.pk))
        context = {"sample": row, "swap": "morph"}
        response = render(request, "library/_row.html", context)
        response["HX-Reswap"] = "none"
    response["HX-Trigger"] = json.dumps(events)
    return response


@require_safe
def audio(request: HtmxRequest, pk: int) -> HttpResponseBase:
    """Send the 48 kHz/16-bit rendition that every browser plays."""
    found = get_object_or_404(Sample.objects.owned_by(request.user), pk=pk)
    return _file(request, found.preview, f'"{found.sha256}"', "audio/wav")


@require_safe
def peaks(request: HtmxRequest, pk: int) -> HttpResponseBase:
    """Send the deck's waveform, laid out as library/audio/waveform.py says."""
    found = get_object_or_404(Sample.objects.owned_by(request.user), pk=pk)
    return _file(request, found.peaks, f'"{found.sha256}-peaks"', "application/octet-stream")


@require_safe
def onsets(request: HtmxRequest, pk: int) -> HttpResponse:
    """Send where clear hits begin in a sound, as float32 seconds: the deck steps along them."""
    found = get_object_or_404(Sample.objects.owned_by(request.user), pk=pk)
    heard = Hearing.objects.filter(sample=found).only("onsets", "strengths").first()
    clear = b""
    if heard is not None:
        seconds = np.frombuffer(heard.onsets, "<f4")
        clear = seconds[np.frombuffer(heard.strengths, "<f4") >= CLEAR].tobytes()
    response = HttpResponse(clear, content_type="application/octet-stream")
    response["Cache-Control"] = "private, max-age=60"  # another analysis may hear more
    return response


@require_safe
def original(request: HtmxRequest, pk: int) -> HttpResponseBase:
    """Send the file as its owner brought it."""
    found = get_object_or_404(Sample.objects.owned_by(request.user), pk=pk)
    if not default_storage.exists(found.blob):
        Sample.objects.filter(sha256=found.sha256).update(is_missing=True)
    kind = "application/octet-stream"
    return _file(request, found.blob, f'"{found.sha256}"', kind, found.original_name)


def _file(
    request: HtmxRequest, name: str, etag: str, kind: str, save_as: str | None = None
) -> HttpResponseBase:
    try:
        length = default_storage.size(name)
    except FileNotFoundError as gone:
        raise Http404 from gone
    return ranged_response(
        request,
        length=length,
        stream=lambda start, end: _bytes(name, start, end),
        etag=etag,
        content_type=kind,
        filename=save_as,
        attachment=save_as is not None,
        cache=FOR_EVER,
    )


def _bytes(name: str, start: int, end: int) -> Iterator[bytes]:
    with default_storage.open(name) as file:
        file.seek(start)
        while start < end and (chunk := file.read(min(CHUNK, end - start))):
            start += len(chunk)
            yield chunk
