"""Auto-kit: a kit that makes itself from a crate, looked at and changed before it is written."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from kits import blueprints
from kits.assign import Pads
from kits.auto_forms import SEARCH, AutoForm, address, chosen
from kits.autokit import PLAIN, Draft, Pick, Wish, table_wants
from kits.blueprints import Blueprint, Wants, classes_of, dressed, wants_of
from kits.grid import pads_of
from kits.hardware.pads import ALL, PadAddress
from kits.hardware.settings import TEMPO
from kits.models import Kit, KitBank, KitEdit, Pad
from kits.views.answers import RefusedError, attempt, builder_url, changed, look
from library import keys
from library.http import HtmxRequest, see_other, whole_number

NOT_FOUND = "None of these sounds can be used. Choose other sounds."


class Desk:
    """One request's auto-kit: the form, the kit it goes to, and the draft."""

    def __init__(self, request: HtmxRequest) -> None:
        """Read what is asked for."""
        self.request = request
        data = (request.GET if request.method == "GET" else request.POST).copy()
        if data.get("query") and "source" not in data:
            data["source"] = SEARCH
        self.form = AutoForm(request.user, data)
        self.asked = self.form.asked()
        number = whole_number(str(self.asked["kit"]))
        self.kit = (
            Kit.new(request.user)
            if number is None
            else get_object_or_404(Kit, owner=request.user, pk=number)
        )
        self.blueprint = blueprints.find(request.user, self.asked["template"])
        self.letter = _letter(self.kit, self.blueprint, self.asked["bank"])
        self.pads = pads_of(self.kit)
        self.draft = Draft(self._wish(data.get("another") == "1"), self._chosen(data))

    def _chosen(self, data: Any) -> dict[PadAddress, int]:
        return {} if data.get("another") == "1" else chosen(data)

    def _wish(self, is_another: bool) -> Wish:  # noqa: FBT001 - private
        seed = (self.asked["seed"] or PLAIN) + is_another
        locked = {at for at, pad in self.pads.items() if at.bank == self.letter and pad.locked}
        wants = {at: want for at, want in self._wants().items() if at not in locked}
        stays = {at: p for at, p in self.pads.items() if at.bank != self.letter or at in locked}
        return Wish(
            self.request.user,
            self.form.query_of(self.request.user),
            wants,
            stays,
            seed,
            self.asked["key"],
            self.asked["bpm"] or None,
        )

    def _wants(self) -> Wants:
        """Return what the pads of the bank are for: by a template, else by the kit or a table."""
        told = self.blueprint.wants if self.blueprint else wants_of(self.kit)
        bank = min(told).bank if self.blueprint else self.letter
        own = {PadAddress(self.letter, at.number): told[at] for at in told if at.bank == bank}
        places = (at for at in ALL if at.bank == self.letter)
        return own or table_wants(classes_of(self.kit), places)

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        picks = self.draft.picks
        fields = {**self.asked, "seed": self.draft.wish.seed, "kit": self.kit.pk or ""}
        return {
            "form": self.form,
            "kit": self.kit,
            "letter": self.letter,
            "blueprint": self.blueprint,
            "picks": [(pick, self.pads.get(pick.at)) for pick in picks],
            "taken": [pick for pick in picks if pick.sample],
            "replaced": sum(pick.sample is not None and pick.at in self.pads for pick in picks),
            "locked": [at for at in sorted(self.draft.wish.standing) if at.bank == self.letter],
            "company": self.draft.company,
            "key_code": keys.CAMELOT.get(self.draft.company.key, ""),
            "looked_at": len(self.draft.pool),
            "fields": [(name, value) for name, value in fields.items() if value != ""],
            "name": self._name(),
        }

    def _name(self) -> str:
        """Return what a new kit would be called."""
        source = self.asked["source"]
        return self.form.sources[source] if source.startswith("crate-") else self.kit.name


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def auto(request: HtmxRequest) -> HttpResponse:
    """Show a kit that could be; POST makes it, or puts it on a bank of one that is there."""
    desk = Desk(request)
    if request.method == "POST":
        if desk.kit.pk is None:
            return _make(desk)
        return attempt(request, desk.kit, _put(desk), look(request).seen)
    if (at := address(request.GET.get("next", ""))) is not None:
        desk.draft = desk.draft.after(at)
    template = "kits/autokit.html#auto" if request.htmx else "kits/autokit.html"
    return render(request, template, desk.context())


def _make(desk: Desk) -> HttpResponse:
    """Make a new kit of the draft and open it."""
    request, kit = desk.request, desk.kit
    pads = _pads(desk.draft.picks)
    name = request.POST.get("name", "").replace("\0", "").strip()
    kit.name = (name or desk.context()["name"])[: Kit.name.field.max_length]
    if not pads:
        return attempt(request, kit, _nothing, None)
    with transaction.atomic():
        blueprints.begin(kit, desk.blueprint)
        edit = _write(desk, pads, kit.version)
    return see_other(builder_url(kit, edit.places[0]))


def _put(desk: Desk) -> Any:
    """Return the act that writes the draft onto the bank of the kit that is there."""

    def act(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:
        pads = _pads(desk.draft.picks)
        if not pads:
            raise RefusedError(NOT_FOUND)
        edit = _write(desk, pads, seen)
        count = len(pads)
        said = f"Auto-kit: {count} sound{'s' * (count != 1)} on bank {desk.letter} of {kit.name}."
        return changed(request, kit, edit, said, undo=True)

    return act


def _nothing(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:  # noqa: ARG001
    raise RefusedError(NOT_FOUND)


def _write(desk: Desk, pads: Pads, seen: int) -> KitEdit:
    """Write pads and the tempo of their bank as one step."""
    kit, bpm = desk.kit, desk.draft.company.bpm
    banks = []
    if bpm is not None and TEMPO.low <= bpm <= TEMPO.high and not kit.has_one_tempo:
        volume = kit.bank(desk.letter).volume
        banks.append(KitBank(letter=desk.letter, tempo=round(bpm, 1), volume=volume))
    label = f"made an auto-kit on bank {desk.letter}"
    return kit.change(label, dict(pads), seen=seen, banks=banks)


def _pads(picks: list[Pick]) -> Pads:
    return {
        pick.at: dressed(Pad.holding(pick.sample), pick.settings) for pick in picks if pick.sample
    }


def _letter(kit: Kit, blueprint: Blueprint | None, asked: str) -> str:
    """Return the bank that is filled: of a new kit the first one that its template knows."""
    if kit.pk is not None:
        return asked or "A"
    return min(blueprint.wants).bank if blueprint and blueprint.wants else "A"
