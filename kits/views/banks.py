"""Acts on banks: how loud their pads are beside each other, their tempo and volume."""

from http import HTTPStatus

from django.http import HttpResponse

from kits import tempo
from kits.adjust import UnchangedError, give_levels
from kits.forms import BankForm, ClearForm
from kits.grid import grid
from kits.levels import match
from kits.models import Kit
from kits.moves import CannotMoveError, stayed
from kits.views.answers import RefusedError, changed, checked, kit_act, sentence
from library.http import HtmxRequest


@kit_act
def match_levels(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Make the pads of a bank, or single ones, equally loud by their levels alone.

    Who names pads means all of them; in a bank locked ones stay, and a sound that is quiet by
    nature drags none down.
    """
    form = checked(ClearForm(request.POST))
    pads = form.cleaned_data["pads"]
    drawn = grid(kit)
    slots = [drawn.at(place) for place in form.places()]
    free = [slot for slot in slots if pads or slot.pad is None or not slot.pad.locked]
    found = match(free, spare_quiet=not pads)
    whom = f"{len(pads)} pads" if pads else f"bank {form.cleaned_data['bank']}"
    rest = stayed(len(slots) - len(free))
    try:
        edit = give_levels(kit, found.levels, f"matched levels of {whom}{rest}", seen=seen)
    except UnchangedError as error:
        raise CannotMoveError("These levels match already.") from error
    said = found.said + (f" {rest[2:]}." if rest else "")
    return changed(request, kit, edit, said, undo=True)


@kit_act
def set_bank(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Set tempo and volume of a bank, and the tempo of the kit."""
    form = checked(BankForm(request.POST))
    values = form.sent()
    if not values:
        raise RefusedError("Nothing was sent to change.")
    try:
        edit = tempo.set_bank(kit, form.cleaned_data["letter"], values, seen=seen)
    except UnchangedError:
        if request.htmx:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        raise
    said = sentence(edit.label)
    return changed(request, kit, edit, said, undo=False, quiet=True)
