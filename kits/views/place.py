"""The pad picker: a dialog for those with scripts, a page for those without."""

from dataclasses import dataclass

from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from kits import assign
from kits.assign import LAYOUT_NOTES, LAYOUTS, NoRoomError, Plan
from kits.blueprints import classes_of
from kits.chosen import MOST, Chosen, chosen
from kits.forms import AssignForm
from kits.grid import Grid, Slot, grid
from kits.hardware.pads import ALL, PadAddress
from kits.models import Kit
from kits.views.answers import attempt, look
from kits.views.pads import assigned
from library.http import HtmxRequest, whole_number
from library.models import Sample

FIRST_LAYOUT = "fill"


@dataclass(frozen=True)
class Place:
    """One pad of the picker: what is on it, and what would be."""

    slot: Slot
    coming: Sample | None
    is_replaced: bool
    is_moved: bool

    @property
    def words(self) -> str:
        """Return the name of what would be here, in words that may break into lines."""
        return self.slot.words if self.coming is None else self.coming.title.replace("_", " ")

    @property
    def label(self) -> str:
        """Return what a screen reader says."""
        if self.coming is None:
            return self.slot.label
        words = f"Pad {self.slot.address}, {self.coming.title}"
        return f"{words}, replaces {self.slot.title}" if self.is_replaced else words


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def place(request: HtmxRequest) -> HttpResponse:
    """Ask for kit, pad and layout; POST puts the sounds there, in a new kit where none is named."""
    if request.method == "GET":
        return _ask(request, request.GET)
    kit = kit_asked(request, request.POST.get("kit", ""))
    if kit.pk is None:
        return attempt(request, kit, _assigned_in_new, 0)
    kit.lay_on_bench()
    is_seen = request.POST.get("seen_kit") == str(kit.pk)  # another may have been chosen since
    return attempt(request, kit, assigned, look(request).seen if is_seen else None)


@transaction.atomic
def _assigned_in_new(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
    """Put the sounds into a kit that is made for them, and only with them."""
    made = Kit.objects.create(owner=kit.owner, name=kit.name)
    return assigned(request, made, seen)


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def picker(request: HtmxRequest) -> HttpResponse:
    """Show the same in the dialog, or on a page with other choices; a POST changes nothing."""
    return _ask(request, request.GET if request.method == "GET" else request.POST)


def _ask(request: HtmxRequest, data: QueryDict) -> HttpResponse:
    wanted = chosen(request.user, data)
    if not wanted.samples:
        raise Http404
    template = "kits/_picker.html" if request.htmx else "kits/place.html"
    return render(request, template, picker_context(request, wanted, data))


def picker_context(request: HtmxRequest, wanted: Chosen, data: QueryDict) -> dict[str, object]:
    """Return what the picker shows: the kit, one bank of it, and what the layout would do."""
    kit = kit_asked(request, data.get("kit", ""))
    form = AssignForm(data)
    form.is_valid()
    mode = data.get("mode", "")
    mode = mode if mode in LAYOUTS else FIRST_LAYOUT
    drawn = grid(kit)
    first = form.cleaned_data.get("pad") or ALL[0]
    plan, problem = _preview(drawn, wanted, first, mode)
    asked = look(request).bank
    letter = asked or (min(plan.placed).bank if plan else drawn.first_free().bank)
    drawn = Grid(kit, drawn.banks, letter)
    return {
        "wanted": wanted,
        "kits": Kit.objects.owned_by(request.user),
        "kit": kit,
        "grid": drawn,
        "rows": _rows(drawn, plan),
        "coming": {at.bank for at in plan.placed} if plan else set(),
        "layouts": [(key, LAYOUTS[key], LAYOUT_NOTES[key], key == mode) for key in LAYOUTS],
        "mode": mode,
        "first": first,
        "forecast": plan.forecast if plan else "",
        "problem": problem,
    }


def _preview(drawn: Grid, wanted: Chosen, first: PadAddress, mode: str) -> tuple[Plan | None, str]:
    """Return the plan for several sounds, or why there is none; one sound needs no plan."""
    if len(wanted.samples) == 1:
        return None, ""
    if len(wanted.samples) > MOST:
        return None, f"A kit has {MOST} pads. Choose fewer sounds."
    try:
        classes = classes_of(drawn.kit) if mode == "class" else None
        return assign.plan(drawn.pads, wanted.samples, first, mode, classes), ""
    except NoRoomError as error:
        return None, str(error)


def _rows(drawn: Grid, plan: Plan | None) -> list[list[Place]]:
    plan = plan or Plan()
    return [
        [
            Place(
                slot=Slot(slot.address, plan.moved.get(slot.address, slot.pad)),
                coming=plan.placed.get(slot.address),
                is_replaced=slot.address in plan.replaced,
                is_moved=slot.address in plan.moved,
            )
            for slot in row
        ]
        for row in drawn.open.rows
    ]


def kit_asked(request: HtmxRequest, number: str) -> Kit:
    """Return the kit asked for, by default the one on the bench; a new, unsaved one for `new`."""
    if number.isdecimal():
        return get_object_or_404(Kit, owner=request.user, pk=whole_number(number))
    return Kit.new(request.user) if number == "new" else Kit.on_bench(request.user)
