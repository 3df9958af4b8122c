"""The kits of a person: list, builder, name, end."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import trigger_client_event

from kits import blueprints, deleted
from kits.forms import KitForm
from kits.grid import Grid, by_address, grid
from kits.hardware.pads import PadAddress
from kits.inspector import inspected
from kits.levels import levels
from kits.models import DeletedKit, Kit, KitTemplate, Pad
from kits.views.answers import builder_url, look
from library import listing
from library.http import HtmxRequest, see_other, whole_number
from library.models import Sample, SampleClass
from library.query import Query
from library.similar.nearest import Asked, nearest

BROWSED = 100  # rows beside the pads; a search finds the others


@require_http_methods(["GET", "POST"])
def kit_list(request: HtmxRequest) -> HttpResponse:
    """List one's kits; POST makes a new one, on the bench."""
    if request.method == "GET":
        mine = Kit.objects.owned_by(request.user)
        mine = mine.prefetch_related("banks", Prefetch("pads", Pad.objects.drawn()))
        kits = [grid(kit, pads=by_address(kit.pads.all())) for kit in mine]
        stars = Sample.objects.owned_by(request.user).kept().filter(is_favourite=True)
        context = {
            "kits": kits,
            "templates": blueprints.offered(request.user),
            "own_templates": KitTemplate.objects.filter(owner=request.user),
            "has_stars": stars.exists(),
            "gone": DeletedKit.objects.filter(owner=request.user).defer("state"),
        }
        return render(request, "kits/list.html", context)
    kit = Kit.new(request.user)
    form = KitForm({"name": request.POST.get("name", "").strip() or kit.name}, instance=kit)
    if not form.is_valid():
        messages.error(request, str(form.errors["name"][0]))
        return see_other("kits:list")
    blueprint = blueprints.find(request.user, request.POST.get("template", ""))
    blueprints.begin(form.save(commit=False), blueprint)
    return see_other(builder_url(kit))


@require_GET
@vary_on_headers("HX-Request")
def builder(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show one bank of a kit to play and to fill; the kit is then the one on the bench."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    kit.lay_on_bench()
    context = builder_context(request, kit)
    if request.htmx and not request.htmx.history_restore_request:
        response = render(request, "kits/builder.html#bank", context | {"is_update": True})
        letter = context["grid"].letter
        return trigger_client_event(response, "bank:open", {"bank": letter}, after="swap")
    return render(request, "kits/builder.html", context | browse_context(request, context["grid"]))


def builder_context(request: HtmxRequest, kit: Kit) -> dict[str, Any]:
    """Return the grid with its open bank and the pad in hand."""
    asked = look(request)
    letter = asked.bank or (asked.pad.bank if asked.pad else "A")
    at = asked.pad if asked.pad and asked.pad.bank == letter else PadAddress(letter, 1)
    drawn = grid(kit, letter)
    return {
        "kit": kit,
        "grid": drawn,
        "levels": levels(drawn.open),
        "selected": at,
        **inspected(drawn, at),
    }


@require_GET
def browse(request: HtmxRequest, pk: int) -> HttpResponse:
    """Find sounds for the pads."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    context = builder_context(request, kit)
    return render(request, "kits/_browse.html", context | browse_context(request, context["grid"]))


def browse_context(request: HtmxRequest, drawn: Grid) -> dict[str, Any]:
    """Return the sounds that the search beside the pads finds, each with its first pad here.

    Those like the sound `near`, where that is asked for and nothing is searched.
    """
    query = Query.parse(request.GET)
    context: dict[str, Any] = {"query": query, "classes": SampleClass}
    origin = None if query.is_filtered else _near(request)
    if origin is None:
        page = listing.page(request.user, query, BROWSED)
        rows, context["more"] = page.rows, page.next
    else:
        near = nearest(request.user, Asked(origin), listing.drawn())
        rows = near.samples
        context |= {"origin": origin, "near": near}
    places = {pad.sample_id: at for at, pad in reversed(drawn.pads.items())}
    return context | {"found": [(sample, places.get(sample.pk, "")) for sample in rows]}


def _near(request: HtmxRequest) -> Sample | None:
    """Return the sound to which others are to be near, if there is one of this person's."""
    number = whole_number(request.GET.get("near"))
    mine = Sample.objects.owned_by(request.user).select_related("analysis")
    return None if number is None else mine.filter(pk=number).first()


@require_GET
def dock(request: HtmxRequest) -> HttpResponse:
    """Show another bank of the kit on the bench beside the library."""
    bench = grid(Kit.on_bench(request.user), look(request).bank)
    return render(request, "kits/_dock.html", {"bench": bench})


@require_POST
def rename(request: HtmxRequest, pk: int) -> HttpResponse:
    """Give a kit another name."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    form = KitForm(request.POST, instance=kit)
    if form.is_valid():
        Kit.objects.filter(pk=kit.pk).update(name=form.cleaned_data["name"])
    else:
        messages.error(request, str(form.errors["name"][0]))
    return see_other(builder_url(kit))


@require_POST
def delete(request: HtmxRequest, pk: int) -> HttpResponse:
    """Delete a kit with its pads and steps; its sounds stay in the library."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    deleted.delete(kit)
    said = f"{kit.name} was deleted. Its sounds are still in the library; it can be brought back."
    messages.success(request, said)
    return see_other("kits:list")


@require_POST
def bring_back(request: HtmxRequest, pk: int) -> HttpResponse:
    """Bring a deleted kit back, with its steps, and open it."""
    gone = get_object_or_404(DeletedKit, owner=request.user, pk=pk)
    try:
        kit = deleted.bring_back(gone)
    except DeletedKit.DoesNotExist:  # asked for twice at once: the list has it already
        return see_other("kits:list")
    return see_other(builder_url(kit))
