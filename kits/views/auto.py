"""Auto-kit: a kit that makes itself from a crate, looked at and changed before it is written."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
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
from kits.moves import stayed
from kits.views.answers import RefusedError, attempt, builder_url, changed, look
from library.http import HtmxRequest, see_other, whole_number
from library.models import Preferences

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
        if number is None and request.method == "POST" and data.get("kit"):
            raise Http404  # no new kit in the place of one that is gone
        self.kit = (
            Kit.new(request.user)
            if number is None
            else get_object_or_404(Kit, owner=request.user, pk=number)
        )
        self.blueprint = blueprints.find(request.user, self.asked["template"])
        self.letters = _letters(self.kit, self.blueprint, self.asked["bank"])
        self.pads = pads_of(self.kit)
        self.draft = Draft(self._wish(data.get("another") == "1"), self._chosen(data))

    def _chosen(self, data: Any) -> dict[PadAddress, int]:
        return {} if data.get("another") == "1" else chosen(data)

    def _locked(self) -> set[PadAddress]:
        return {at for at, pad in self.pads.items() if at.bank in self.letters and pad.locked}

    @property
    def rest(self) -> str:
        """Say how many locked pads stay, behind a label."""
        return stayed(len(self._locked()))

    def _wish(self, is_another: bool) -> Wish:  # noqa: FBT001 - private
        seed = (self.asked["seed"] or PLAIN) + is_another
        locked = self._locked()
        wants = {at: want for at, want in self._wants().items() if at not in locked}
        stays = {
            at: pad for at, pad in self.pads.items() if at.bank not in self.letters or at in locked
        }
        return Wish(
            self.request.user,
            self.form.query_of(self.request.user),
            wants,
            stays,
            seed,
            self.asked["key"],
            self.asked["bpm"] or self._tempo_of_kit(),
        )

    def _tempo_of_kit(self) -> float | None:
        """Return the tempo of a kit that has one for all its banks: one bank does not change it."""
        is_told = self.kit.pk is not None and self.kit.has_one_tempo
        return self.kit.tempo if is_told else None

    def _wants(self) -> Wants:
        """Return what the pads to fill are for: by a template, else by the kit or a table.

        A new kit gets all banks of its template, the bank of one that is there a single one.
        """
        if self.blueprint and self.kit.pk is None and self.blueprint.wants:
            return self.blueprint.wants
        (letter,) = self.letters
        told = self.blueprint.wants if self.blueprint else wants_of(self.kit)
        bank = self._bank_used or letter
        own = {PadAddress(letter, at.number): told[at] for at in told if at.bank == bank}
        places = (at for at in ALL if at.bank == letter)
        return own or table_wants(classes_of(self.kit), places)

    @property
    def _bank_used(self) -> str:
        """Return the template's bank for a bank of a kit: of the same letter, else its first."""
        known = self._banks_known
        (letter,) = self.letters
        return letter if letter in known or not known else known[0]

    @property
    def _banks_known(self) -> list[str]:
        return sorted({at.bank for at in self.blueprint.wants}) if self.blueprint else []

    def _left_out(self) -> str:
        """Return in words which banks of the template are not used; nothing where all are."""
        known = self._banks_known
        if self.kit.pk is None or len(known) < 2:  # noqa: PLR2004 - one bank is all of it
            return ""
        used = self._bank_used
        others = [each for each in known if each != used]
        return (
            f"Only bank {used} of the template is used here; "
            f"bank{'s' * (len(others) > 1)} {in_words(others)} would come with a new kit."
        )

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        picks = self.draft.picks
        fields = {**self.asked, "seed": self.draft.wish.seed, "kit": self.kit.pk or ""}
        return {
            "form": self.form,
            "kit": self.kit,
            "where": self.where,
            "blueprint": self.blueprint,
            "left_out": self._left_out(),
            "banks": [(letter, self._shown(letter)) for letter in self.letters],
            "taken": [pick for pick in picks if pick.sample],
            "replaced": sum(pick.sample is not None and pick.at in self.pads for pick in picks),
            "locked": [at for at in sorted(self.draft.wish.standing) if at.bank in self.letters],
            "company": self.draft.company,
            "key": Preferences.of(self.request.user).written(self.draft.company.key),
            "looked_at": len(self.draft.pool),
            "fields": [(name, value) for name, value in fields.items() if value != ""],
            "name": self._name(),
        }

    def _shown(self, letter: str) -> list[tuple[Pick, Pad | None]]:
        """Return the picks of a bank, each with what lies on its pad."""
        return [
            (each, self.pads.get(each.at)) for each in self.draft.picks if each.at.bank == letter
        ]

    @property
    def where(self) -> str:
        """Return in words what is filled: `bank A`, `banks A, B and C`."""
        return f"bank{'s' * (len(self.letters) > 1)} {in_words(self.letters)}"

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
        what = f"{count} sound{'s' * (count != 1)}"
        said = f"Auto-kit: {what} on {desk.where} of {kit.name}{desk.rest}."
        return changed(request, kit, edit, said, undo=True)

    return act


def _nothing(request: HtmxRequest, kit: Kit, seen: int) -> HttpResponse:  # noqa: ARG001
    raise RefusedError(NOT_FOUND)


def _write(desk: Desk, pads: Pads, seen: int) -> KitEdit:
    """Write pads and the tempo that they go by as one step: of the kit, or of their banks."""
    kit, bpm = desk.kit, desk.draft.company.bpm
    banks, whole = [], None
    if bpm is not None and TEMPO.low <= bpm <= TEMPO.high:
        tempo = round(bpm, 1)
        if kit.has_one_tempo:
            whole = {"tempo": tempo}
        else:
            letters = sorted({at.bank for at in pads})
            volumes = {letter: kit.bank(letter).volume for letter in letters}
            banks = [KitBank(letter=each, tempo=tempo, volume=volumes[each]) for each in letters]
    label = f"made an auto-kit on {desk.where}{desk.rest}"
    return kit.change(label, dict(pads), seen=seen, banks=banks, whole=whole)


def _pads(picks: list[Pick]) -> Pads:
    return {
        pick.at: dressed(Pad.holding(pick.sample), pick.settings) for pick in picks if pick.sample
    }


def _letters(kit: Kit, blueprint: Blueprint | None, asked: str) -> list[str]:
    """Return the banks that are filled: of a new kit all that its template knows."""
    if kit.pk is not None:
        return [asked or "A"]
    known = {at.bank for at in blueprint.wants} if blueprint else set()
    return sorted(known) or ["A"]


def in_words(names: list[str]) -> str:
    """Return `A`, `A and B`, `A, B and C`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
