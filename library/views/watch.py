"""Watched folders of the machine: for staff alone, and never by their whole paths."""

from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from library import offered, watch
from library.http import HtmxRequest, see_other, whole_number
from library.models import WatchedFolder

STOP_POLLING = 286  # htmx swaps the answer and asks no more
MOST_FOLDERS = 500  # listed of one


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@vary_on_headers("HX-Request")
def page(request: HtmxRequest) -> HttpResponse:
    """Show the watched folders and those that could be; POST begins one, DELETE ends one."""
    _require_staff(request)
    if request.method == "POST":
        return _add(request)
    if request.method == "DELETE":
        _remove(request, whole_number(request.GET.get("folder")) or 0)
        return _watched(request)
    if request.htmx and "poll" in request.GET:
        return _watched(request)
    return render(request, "library/watch.html", _context(request, request.GET.get("at", "")))


def _require_staff(request: HtmxRequest) -> None:
    if not request.user.is_staff:
        raise Http404


def _add(request: HtmxRequest) -> HttpResponse:
    text = request.POST.get("folder", "")
    try:
        watch.add(request.user, offered.named(text))
    except ValueError as reason:
        context = _context(request, text) | {"problem": f"{reason}."}
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "library/watch.html", context, status=status)
    messages.success(request, f"{text} is watched from now on.")
    return see_other("library:watch")


def _context(request: HtmxRequest, at: str) -> dict[str, Any]:
    """Return what is watched, and the folders in the one that is looked at."""
    try:
        folder: Path | None = offered.named(at) if at else None
    except ValueError:
        folder, at = None, ""
    names = offered.inside(folder) if folder else list(offered.roots())
    held = [Path(one.path) for one in WatchedFolder.objects.filter(owner=request.user)]
    parts = PurePosixPath(at).parts
    return {
        **_told(request),
        "is_offered": bool(offered.roots()),
        "at": at,
        "crumbs": [("/".join(parts[: n + 1]), part) for n, part in enumerate(parts)],
        "folders": [(f"{at}/{name}" if at else name, name) for name in names[:MOST_FOLDERS]],
        "more": max(0, len(names) - MOST_FOLDERS),
        "is_watched": any(folder.is_relative_to(one) for one in held) if folder else False,
    }


def _told(request: HtmxRequest) -> dict[str, Any]:
    told = watch.told(request.user)
    return {"told": told, "is_busy": any(one.watched.is_open for one in told)}


def _watched(request: HtmxRequest) -> HttpResponse:
    told = _told(request)
    is_over = "poll" in request.GET and not told["is_busy"]
    status = STOP_POLLING if is_over else HTTPStatus.OK
    return render(request, "library/watch.html#watched", told, status=status)


def _remove(request: HtmxRequest, pk: int) -> None:
    watched = get_object_or_404(WatchedFolder, owner=request.user, pk=pk)
    name = offered.shown(Path(watched.path))
    watched.delete()
    messages.success(request, f"{name} is watched no more. Its sounds stay in the library.")


@require_POST
def remove(request: HtmxRequest, pk: int) -> HttpResponse:
    """End the watching of a folder; its sounds stay."""
    _require_staff(request)
    _remove(request, pk)
    return see_other("library:watch")


@require_POST
def look(request: HtmxRequest, pk: int) -> HttpResponse:
    """Look through a folder now."""
    _require_staff(request)
    watch.look_now(get_object_or_404(WatchedFolder, owner=request.user, pk=pk))
    return see_other("library:watch")
