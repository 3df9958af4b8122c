"""How acts on a kit answer: fragments and events to htmx, a redirect to plain forms."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from kits.assign import NoRoomError
from kits.forms import LookForm, MoveForm
from kits.grid import grid, some_banks
from kits.hardware.pads import PadAddress
from kits.levels import levels
from kits.models import Kit, KitChangedError, KitEdit
from kits.moves import CannotMoveError
from library.http import HtmxRequest, see_other

Form = TypeVar("Form", bound=forms.BaseForm)

ELSEWHERE = "This kit was changed in another window."
NOT_DONE = (
    "This is how it looks now; what you asked for was not done. Ask again if you still want it."
)


class RefusedError(Exception):
    """What was asked for makes no sense; the message is a sentence for people."""


@dataclass(frozen=True)
class Look:
    """What the asking page shows: its fragments, its bank, the version of the kit it knows."""

    view: str
    bank: str
    pad: PadAddress | None
    seen: int | None


def look(request: HtmxRequest) -> Look:
    """Read it from the address and the form; nonsense counts as nothing."""
    data = request.GET.copy()
    data.update(request.POST)
    form = LookForm(data)
    form.is_valid()
    known = form.cleaned_data
    return Look(known.get("view", ""), known.get("bank", ""), known.get("pad"), known.get("v"))


def kit_act(
    view: Callable[[HtmxRequest, Kit, int], HttpResponse],
) -> Callable[[HtmxRequest, int], HttpResponse]:
    """Make a POST view of an act on one's own kit: it gets the kit and the version last seen."""

    @require_POST
    @wraps(view)
    def act(request: HtmxRequest, pk: int) -> HttpResponse:
        kit = get_object_or_404(Kit, owner=request.user, pk=pk)
        return attempt(request, kit, view, look(request).seen)

    return act


def attempt(
    request: HtmxRequest,
    kit: Kit,
    act: Callable[[HtmxRequest, Kit, int], HttpResponse],
    seen: int | None,
) -> HttpResponse:
    """Do it to the version that was seen (None: the newest), or say in words why not.

    A page that is out of date is told so first: its other mistakes may come from that.
    """
    if seen not in {None, kit.version}:
        return changed_elsewhere(request, kit)
    try:
        return act(request, kit, kit.version if seen is None else seen)
    except KitChangedError:
        return changed_elsewhere(request, kit)
    except (CannotMoveError, NoRoomError, RefusedError) as error:
        return refused(request, kit, str(error))


def checked(form: Form) -> Form:
    """Return a valid form (RefusedError with its first sentence)."""
    if not form.is_valid():
        raise RefusedError(next(iter(form.errors.values()))[0])
    return form


def changed(
    request: HtmxRequest, kit: Kit, edit: KitEdit, said: str, *, undo: bool, quiet: bool = False
) -> HttpResponse:
    """Show what a step changed; `undo` offers to take it back.

    quiet: only settings were turned, and whoever turns a control knows: nothing is said of it.
    """
    touched = edit.places
    if not request.htmx:
        messages.success(request, said)
        return see_other(builder_url(kit, touched[0] if touched else look(request).pad))
    seen = look(request)
    bank = seen.bank if not touched or seen.bank in edit.banks else touched[0].bank
    if seen.view == "stage":
        bank = seen.bank  # the page opens another bank when it wants to
    response = _fragments(request, kit, edit, seen.view, bank)
    pads = [str(at) for at in touched]
    trigger_client_event(
        response,
        "kit:set" if quiet else "kit:changed",
        {"kit": kit.pk, "pads": pads, "v": kit.version, "said": said},
        after="swap",
    )
    if quiet:
        return response
    toast = {"text": said}
    if undo:
        query = {"view": seen.view, "bank": bank, "v": kit.version}
        toast["undo"] = f"{reverse('kits:undo', args=[kit.pk])}?{urlencode(query)}"
    return trigger_client_event(response, "toast", toast)


def _fragments(request: HtmxRequest, kit: Kit, edit: KitEdit, view: str, bank: str) -> HttpResponse:
    if view == "dock":
        context = {"bench": grid(kit, bank), "oob": True}
        return render(request, "kits/_dock.html", context)
    if view == "stage":
        drawn = some_banks(kit, bank, edit.banks)
        context = {
            "grid": drawn,
            "kit": kit,
            "levels": levels(drawn.open),
            "slots": [drawn.at(at) for at in edit.places if at.bank == drawn.letter],
            "banks": [each for each in drawn.banks if each.letter in edit.banks],
        }
        return render(request, "kits/_changed.html", context)
    return HttpResponse()


def sentence(label: str) -> str:
    """Return the label of a step as a sentence."""
    return f"{label[0].upper()}{label[1:]}."


def changed_elsewhere(request: HtmxRequest, kit: Kit) -> HttpResponse:
    """Tell that the page is out of date and show how the kit looks now; nothing was written."""
    seen = look(request)
    if not request.htmx:
        messages.error(request, f"{ELSEWHERE} {NOT_DONE}")
        return see_other(builder_url(kit, seen.pad or _from(request)))
    kit.refresh_from_db()
    drawn = grid(kit, seen.bank)
    response = HttpResponse()
    if seen.view == "dock":
        response = render(request, "kits/_dock.html", {"bench": drawn, "oob": True})
    elif seen.view == "stage":
        context = {"grid": drawn, "kit": kit, "levels": levels(drawn.open)}
        response = render(request, "kits/_latest.html", context)
    response.status_code = HTTPStatus.CONFLICT
    detail = {"kit": kit.pk, "v": kit.version}
    return trigger_client_event(response, "kit:stale", detail, after="swap")


def _from(request: HtmxRequest) -> PadAddress | None:
    """Return the pad that a move would have taken its sound from."""
    form = MoveForm(request.POST)
    form.is_valid()
    return form.cleaned_data.get("from")


def refused(request: HtmxRequest, kit: Kit, reason: str) -> HttpResponse:
    """Say why nothing was done."""
    if not request.htmx:
        messages.error(request, reason)
        return see_other(builder_url(kit, look(request).pad))
    response = HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return trigger_client_event(response, "toast", {"text": reason, "bad": True})


def builder_url(kit: Kit, at: PadAddress | None = None) -> str:
    """Return the address of the builder with a pad in hand; of the list for a kit not yet saved."""
    if kit.pk is None:
        return reverse("kits:list")
    url = reverse("kits:builder", args=[kit.pk])
    return f"{url}?{urlencode({'bank': at.bank, 'pad': at})}" if at else url
