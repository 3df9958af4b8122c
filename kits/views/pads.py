"""Acts on the pads of a kit: one view each, one step back each."""

from functools import partial
from http import HTTPStatus

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from kits import assign, moves
from kits.adjust import UnchangedError, adjust, paste
from kits.blueprints import classes_of
from kits.chosen import chosen
from kits.forms import AssignForm, ClearForm, MoveForm, PadForm, PasteForm
from kits.grid import first_free, grid, pads_of
from kits.hardware.errors import HardwareError
from kits.hardware.pads import ALL, PadAddress
from kits.inspector import inspected, named
from kits.models import Kit
from kits.views.answers import (
    RefusedError,
    attempt,
    builder_url,
    changed,
    checked,
    kit_act,
    look,
    sentence,
)
from library.http import HtmxRequest


@kit_act
def assign_pads(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Put one or many sounds on pads."""
    return assigned(request, kit, seen)


def assigned(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Put what the request names on pads of this kit and answer (NoRoomError, RefusedError)."""
    wanted = checked(AssignForm(request.POST)).cleaned_data
    samples = chosen(request.user, request.POST).samples
    if not samples:
        raise Http404
    on_one = wanted["pad"] if wanted["mode"] in {"one", "swap"} else None
    pads = pads_of(kit, {on_one.bank} if on_one else None)  # layouts look at the whole kit
    usual = first_free(pads) if wanted["mode"] == "one" else ALL[0]
    first = wanted["pad"] or usual
    classes = classes_of(kit) if wanted["mode"] == "class" else None
    planned = assign.plan(pads, samples, first, wanted["mode"], classes)
    edit = assign.place(kit, planned, seen=seen)
    return changed(request, kit, edit, planned.said, undo=True)


@kit_act
def move_pad(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Move a pad, swap two, or copy one."""
    wanted = checked(MoveForm(request.POST)).cleaned_data
    act = moves.copy if wanted["copy"] else moves.move
    edit = act(kit, wanted["from"], wanted["to"], seen=seen)
    return changed(request, kit, edit, sentence(edit.label), undo=True)


@kit_act
def clear_pads(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Empty pads, or all of a bank that are not locked."""
    form = checked(ClearForm(request.POST))
    is_bank = not form.cleaned_data["pads"]
    edit = moves.clear(kit, form.places(), seen=seen, spare_locked=is_bank)
    return changed(request, kit, edit, sentence(edit.label), undo=True)


@kit_act
def undo(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Take back the newest step."""
    edit = kit.undo(seen=seen)
    if edit is None:
        raise RefusedError("There is nothing to undo.")
    return changed(request, kit, edit, f"Undone: {edit.label}.", undo=False)


@kit_act
def redo(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Do the step again that was taken back last."""
    edit = kit.redo(seen=seen)
    if edit is None:
        raise RefusedError("There is nothing to redo.")
    return changed(request, kit, edit, f"Done again: {edit.label}.", undo=True)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def pad(request: HtmxRequest, pk: int, pad: str) -> HttpResponse:
    """Show one pad's settings and what can be done with it; POST changes those that are sent."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    try:
        at = PadAddress.parse(pad)
    except HardwareError as error:
        raise Http404 from error
    if request.method == "POST":
        return attempt(request, kit, partial(_set, at), look(request).seen)
    if not request.htmx:
        return redirect(builder_url(kit, at))
    drawn = grid(kit, at.bank)
    context = {"kit": kit, "grid": drawn} | inspected(drawn, at, named(request.GET))
    return render(request, "kits/_inspector.html", context)


def _set(at: PadAddress, request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Change settings of this pad and of those that are named beside it."""
    form = checked(PadForm(request.POST))
    values = form.values()
    if not values:
        raise RefusedError("Nothing was sent to change.")
    try:
        edit = adjust(kit, [at, *form.cleaned_data["also"]], values, seen=seen)
    except UnchangedError:
        if request.htmx:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)  # a fader came back to where it was
        raise
    return changed(request, kit, edit, sentence(edit.label), undo=False, quiet=True)


@kit_act
def paste_settings(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Give pads the settings of another one; each keeps its own sound."""
    wanted = checked(PasteForm(request.POST)).cleaned_data
    edit = paste(kit, wanted["from"], wanted["pads"], seen=seen)
    return changed(request, kit, edit, sentence(edit.label), undo=True)
