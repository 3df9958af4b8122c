"""The slicer: a sound, where it is cut, and the pads that its pieces go to."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from kits.assign import NoRoomError
from kits.cut_forms import EDGES, PLAYS, CutForm, PutForm
from kits.cuts import METHODS, Choice, Cuttable
from kits.grid import Grid, pads_of
from kits.hardware.pads import BANKS, PadAddress
from kits.models import Kit, Play
from kits.moves import CannotMoveError
from kits.slicer import (
    Manner,
    Slicing,
    first_place,
    forecast,
    free_group,
    locked,
    places,
    target,
)
from kits.views.answers import RefusedError, attempt, changed, checked, look, refused
from kits.views.place import kit_asked
from library.audio.slices import GRIDS, MOST, WEAK, pieces
from library.audio.units import RATE
from library.http import HtmxRequest
from library.listing import drawn
from library.models import Sample, SampleClass

SHOWN = 60  # sounds to choose from
LAST = "sliced"  # key of the session: the sound last opened here
SILENT = "This sound is not read yet: there is nothing to cut."


@dataclass(frozen=True)
class Piece:
    """One slice as the page without scripts draws it: seconds, and where it begins in percent."""

    number: int
    start: float
    end: float
    at: float
    is_weak: bool


@require_safe
def choose(request: HtmxRequest) -> HttpResponse:
    """Open the sound that was sliced last; `?choose=1` or a search lists what can be."""
    mine = Sample.objects.owned_by(request.user).kept()
    if not request.GET:
        last = mine.filter(pk=request.session.get(LAST, 0)).first()
        if last is not None:
            return redirect("kits:slicer", last.pk)
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    fitting = Q(sample_class=SampleClass.BREAK) | Q(seconds__gt=1)
    found = drawn().filter(pk__in=mine.filter(fitting, title__icontains=words))
    context = {"q": words, "found": found.order_by("-is_loop", "-pk")[:SHOWN]}
    return render(request, "kits/slicer_choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def page(request: HtmxRequest, pk: int) -> HttpResponse:
    """Cut a sound; POST puts the pieces on pads, or as chop markers on one (`chops`)."""
    sample = _sample(request, pk)
    sound = Cuttable.of(sample)
    if request.method == "POST" and "dry" not in request.POST:
        return _put(request, sample, sound)
    if request.htmx:
        return render(request, "kits/_slice_target.html", _target(request, request.GET))
    request.session[LAST] = sample.pk
    return _page(request, sample, sound, request.GET if request.method != "POST" else request.POST)


@require_safe
def marks(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show where a choice cuts, by what is known of the sound now."""
    sample = _sample(request, pk)
    context = _marks(sample, Cuttable.of(sample), request.GET)
    return render(request, "kits/slicer.html#marks", context)


def _sample(request: HtmxRequest, pk: int) -> Sample:
    return get_object_or_404(Sample.objects.owned_by(request.user).kept(), pk=pk)


def _page(
    request: HtmxRequest,
    sample: Sample,
    sound: Cuttable | None,
    data: QueryDict,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = _marks(sample, sound, data)
    count = len(context["pieces"]) or 1
    context |= _target(request, data, count)
    context |= {
        "methods": [
            (key, label)
            for key, label in METHODS.items()
            if key != "file" or (sound and sound.marks)
        ],
        "grids": GRIDS,
        "most": MOST,
        "edges": EDGES,
        "edge": data.get("edges") if data.get("edges") in EDGES else "snap",
        "plays": PLAYS,
        "play": data.get("play") if data.get("play") in PLAYS else Play.ONE_SHOT,
    }
    return render(request, "kits/slicer.html", context, status=status)


def _marks(sample: Sample, sound: Cuttable | None, data: QueryDict) -> dict[str, Any]:
    """Return the sound with its cuts: those that a form sent, else what its choice says."""
    if sound is None:
        return {"sample": sample, "pieces": [], "choice": Choice(), "silent": SILENT}
    choice = CutForm.read(data, sound.first_choice())
    cuts = _sent(sound, data) or sound.cuts(choice)
    strengths = dict(sound.hits) if choice.method == "hits" else {}  # a grid guesses nothing
    drawn_ = [
        Piece(
            number,
            start / RATE,
            end / RATE,
            round(100 * start / sound.frames, 3),
            strengths.get(start, WEAK + 1) <= WEAK,
        )
        for number, (start, end) in enumerate(pieces(cuts, sound.frames), 1)
    ]
    return {
        "sample": sample,
        "sound": sound,
        "choice": choice,
        "cuts": cuts,
        "pieces": drawn_,
        "facts": sound.facts() | {"cuts": cuts, "method": choice.method},
    }


def _sent(sound: Cuttable, data: QueryDict) -> list[int]:
    form = PutForm(data)
    form.is_valid()
    found: list[int] = form.cleaned_data.get("marks", [])
    return found if found and found[-1] < sound.frames else []


def _target(request: HtmxRequest, data: QueryDict, count: int = 1) -> dict[str, Any]:
    """Return where so many slices would go, and what becomes of what stands there."""
    form = PutForm(data)
    form.is_valid()
    said = form.cleaned_data
    kit = kit_asked(request, data.get("kit", ""))
    standing = pads_of(kit)
    usual = first_place(standing)
    first = PadAddress(said.get("bank") or usual.bank, said.get("number") or usual.number)
    if not said.get("bank") and said.get("pad"):
        first = said["pad"]
    count = said.get("count") or count
    context: dict[str, Any] = {
        "kit": kit,
        "kits": Kit.objects.owned_by(request.user),
        "banks": [(letter, any(at.bank == letter for at in standing)) for letter in BANKS],
        "numbers": range(1, 17),
        "groups": ("-", *BANKS),
        "group": said.get("mute_group") or free_group(standing) or "-",
        "first": first,
        "count": count,
        "grid": Grid(kit, (), first.bank),
    }
    try:
        pads = places(count, first, locked(standing))
    except NoRoomError as error:
        return context | {"problem": str(error), "target": str(first)}
    return context | {"forecast": forecast(standing, pads, first), "target": target(pads)}


def _put(request: HtmxRequest, sample: Sample, sound: Cuttable | None) -> HttpResponse:
    kit = kit_asked(request, request.POST.get("kit", ""))
    act = partial(_place, sample, sound)
    if kit.pk is None:
        return attempt(request, kit, act, 0)
    kit.lay_on_bench()
    is_seen = request.POST.get("seen_kit") == str(kit.pk)  # another may have been chosen since
    return attempt(request, kit, act, look(request).seen if is_seen else None)


def _place(
    sample: Sample, sound: Cuttable | None, request: HtmxRequest, kit: Kit, seen: int
) -> HttpResponse:
    """Put the slices into the kit, a new one only together with them; or say why not."""
    try:
        return _placed(request, sound, kit, seen)
    except (CannotMoveError, NoRoomError, RefusedError) as error:
        if request.htmx:
            return refused(request, kit, str(error))
        messages.error(request, str(error))
        return _page(request, sample, sound, request.POST, HTTPStatus.UNPROCESSABLE_ENTITY)


@transaction.atomic
def _placed(request: HtmxRequest, sound: Cuttable | None, kit: Kit, seen: int) -> HttpResponse:
    if sound is None:
        raise RefusedError(SILENT)
    said = checked(PutForm(request.POST)).cleaned_data
    cuts = said["marks"] or sound.cuts(CutForm.read(request.POST, sound.first_choice()))
    if cuts[-1] >= sound.frames:
        raise RefusedError("A marker stands behind the end of the sound.")
    if said["edges"] in {"snap", ""}:
        cuts = sound.snapped(cuts)
    standing = pads_of(kit)
    first = said["pad"] or first_place(standing)
    first = PadAddress(said["bank"] or first.bank, said["number"] or first.number)
    slicing = Slicing(sound.sample, cuts, sound.frames, first, locked(standing))
    if kit.pk is None:
        kit = Kit.objects.create(owner=kit.owner, name=kit.name)
    if "chops" in request.POST:
        edit = slicing.mark(kit, seen=seen)
        said_ = f"{sound.sample.title} on {first} has {len({0, *cuts})} chop markers."
        return changed(request, kit, edit, said_, undo=True)
    group = said["mute_group"] or free_group(standing)
    manner = Manner(said["play"] or Play.ONE_SHOT, group.strip("-"), said["edges"] == "fade")
    edit = slicing.put(kit, manner, seen=seen)
    return changed(request, kit, edit, slicing.said, undo=True)
