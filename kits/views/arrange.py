"""Acts on whole kits and banks: copy, add, shuffle, lock, and keep as a template."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from kits import assign, blueprints, copying
from kits.adjust import adjust
from kits.arrange_forms import CopyBankForm, LockForm, OneBankForm
from kits.forms import MOST_KITS
from kits.grid import grid, pads_of
from kits.hardware.pads import ALL
from kits.models import Kit, KitTemplate
from kits.shuffle import shuffle
from kits.views.answers import (
    RefusedError,
    builder_url,
    changed,
    checked,
    kit_act,
    look,
    sentence,
)
from library.http import HtmxRequest, see_other
from library.models import Sample

FAVOURITES = 16  # of which a first kit is made


@require_GET
@vary_on_headers("HX-Request")
def arrange(request: HtmxRequest, pk: int) -> HttpResponse:
    """Offer what can be done with a whole kit: in the menu, or on a page of its own."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    context = arrange_context(request, kit)
    if request.htmx:
        return render(request, "kits/arrange.html#forms", context)
    return render(request, "kits/arrange.html", context)


def arrange_context(request: HtmxRequest, kit: Kit) -> dict[str, Any]:
    """Return the kit, its open bank, and the banks of one's kits that hold something."""
    drawn = grid(kit, look(request).bank)
    kits = [kit, *Kit.objects.owned_by(request.user).exclude(pk=kit.pk)[:MOST_KITS]]
    return {
        "kit": kit,
        "grid": drawn,
        "sources": copying.filled_banks(kits),
        "free": copying.free_bank(drawn.pads),
    }


@require_POST
def duplicate(request: HtmxRequest, pk: int) -> HttpResponse:
    """Make a second kit of a kit and open it."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    made = copying.duplicate(kit)
    messages.success(request, f"{made.name} has all that {kit.name} has.")
    return _opened(request, made)


@kit_act
def copy_bank(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Put a bank of this or another of one's kits in the place of a bank."""
    wanted = checked(CopyBankForm(request.POST)).cleaned_data
    number, letter = wanted["from"]
    source = get_object_or_404(Kit, owner=request.user, pk=number)
    edit, said = copying.copy_bank(source, letter, kit, wanted["to"], seen=seen)
    return changed(request, kit, edit, said, undo=True)


@kit_act
def shuffle_bank(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Let the sounds of each class in a bank trade places."""
    wanted = checked(OneBankForm(request.POST)).cleaned_data
    seed = kit.version if wanted["seed"] is None else wanted["seed"]
    edit = shuffle(kit, wanted["bank"], seed, seen=seen)
    return changed(request, kit, edit, sentence(edit.label), undo=True)


@kit_act
def lock(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Lock the filled pads of a bank against acts on many, or unlock them."""
    wanted = checked(LockForm(request.POST)).cleaned_data
    places = [at for at in ALL if at.bank == wanted["bank"]]
    if not any(at in pads_of(kit) for at in places):
        raise RefusedError(f"Bank {wanted['bank']} is empty.")
    edit = adjust(kit, places, {"locked": wanted["locked"]}, seen=seen)
    return changed(request, kit, edit, sentence(edit.label), undo=True)


@require_POST
def keep_template(request: HtmxRequest, pk: int) -> HttpResponse:
    """Keep the settings of a kit, without its sounds, under a name."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    try:
        template = blueprints.save(request.user, request.POST.get("name", ""), kit)
    except blueprints.TemplateError as error:
        return _told(request, builder_url(kit), str(error), is_bad=True)
    said = f"Template “{template.name}” is kept: new kits can begin with it."
    return _told(request, builder_url(kit), said)


@require_POST
def delete_template(request: HtmxRequest, pk: int) -> HttpResponse:
    """Forget a template; kits that began with it stay as they are."""
    template = get_object_or_404(KitTemplate, owner=request.user, pk=pk)
    template.delete()
    return _told(request, reverse("kits:list"), f"Template “{template.name}” is deleted.")


@require_POST
def from_favourites(request: HtmxRequest) -> HttpResponse:
    """Make a kit of the sounds with a star that came last, each class on its pads."""
    mine = Sample.objects.owned_by(request.user).kept().filter(is_favourite=True, is_missing=False)
    samples = list(mine.defer("notes", "search_text").order_by("-pk")[:FAVOURITES])
    if not samples:
        said = "No sound has a star yet. The star beside a sound, or the key *, makes a favourite."
        return _told(request, reverse("kits:list"), said, is_bad=True)
    kit = Kit.objects.create(owner=request.user, name="Favourites")
    planned = assign.plan({}, samples, ALL[0], "class", blueprints.classes_of(kit))
    assign.place(kit, planned)
    return _opened(request, kit)


def _opened(request: HtmxRequest, kit: Kit) -> HttpResponse:
    """Lead to a kit that was made just now."""
    if not request.htmx:
        return see_other(builder_url(kit))
    response = HttpResponse()
    response["HX-Redirect"] = builder_url(kit)
    return response


def _told(request: HtmxRequest, url: str, said: str, *, is_bad: bool = False) -> HttpResponse:
    """Say something about what is no step of a kit."""
    if request.htmx:
        detail = {"text": said} | ({"bad": True} if is_bad else {})
        return trigger_client_event(HttpResponse(), "toast", detail)
    (messages.error if is_bad else messages.success)(request, said)
    return see_other(url)
