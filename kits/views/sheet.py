"""The pad sheet of a kit: to print, as a picture, as text."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from kits.models import Kit
from kits.sheet import pages, png, text
from kits.views.answers import look
from library.http import HtmxRequest


@require_safe
def sheet(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show the bank that is asked for as a page to print, or every bank that has a sound."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    found = pages.pages(kit)
    asked = look(request).bank
    shown = pages.pages(kit, [asked]) if asked else found
    context = {"kit": kit, "pages": shown, "bank": asked, "letters": [one.letter for one in found]}
    return render(request, "kits/sheet.html", context)


@require_safe
def sheet_png(request: HtmxRequest, pk: int) -> HttpResponse:
    """Send one bank as a picture: the one that is asked for, or else the first with a sound."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    page = pages.pages(kit, _asked(request))[0]
    return _file(png.png(page), "image/png", f"{kit.name} bank {page.letter}.png")


@require_safe
def sheet_text(request: HtmxRequest, pk: int) -> HttpResponse:
    """Send the banks as text: the one that is asked for, or every bank that has a sound."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    words = text.text(pages.pages(kit, _asked(request)))
    return _file(words.encode(), "text/plain; charset=utf-8", f"{kit.name} pads.txt")


def _asked(request: HtmxRequest) -> list[str]:
    return list(look(request).bank)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    """Return a file that the browser may show; it is called `name` when it is kept."""
    response = HttpResponse(content, content_type=kind)
    disposition = content_disposition_header(False, name)  # noqa: FBT003
    response["Content-Disposition"] = disposition or "inline"
    return response
