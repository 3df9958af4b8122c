"""What is asked of an auto-kit: read from the address of its page, written back into its forms."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict

from kits import blueprints
from kits.forms import MOST_KITS
from kits.hardware.errors import HardwareError
from kits.hardware.pads import BANKS, PadAddress
from kits.hardware.settings import TEMPO
from kits.models import Kit
from library import keys
from library.http import whole_number
from library.models import Crate
from library.query import Query

LIBRARY, FAVOURITES, SEARCH, CRATE = "", "fav", "search", "crate-"
MOST_SEED = 2**31 - 1
NO_TEMPO = f"Not a tempo from {TEMPO.low:g} to {TEMPO.high:g} BPM, so it is not used."


class AutoForm(forms.Form):
    """Where the sounds come from, what the kit is like, and where it goes; all may be blank."""

    source = forms.ChoiceField(label="From", required=False)
    template = forms.ChoiceField(label="Template", required=False)
    key = forms.ChoiceField(label="Key", required=False)
    bpm = forms.FloatField(
        label="Tempo",
        required=False,
        widget=forms.NumberInput({"min": TEMPO.low, "max": TEMPO.high}),
    )
    kit = forms.ChoiceField(label="Put on", required=False)
    bank = forms.ChoiceField(label="Bank", required=False, choices=[(b, b) for b in BANKS])
    query = forms.CharField(required=False, max_length=10_000, widget=forms.HiddenInput)
    seed = forms.IntegerField(
        required=False, min_value=1, max_value=MOST_SEED, widget=forms.HiddenInput
    )

    def __init__(self, user: User, data: QueryDict) -> None:
        """Offer one's own crates, templates and kits."""
        super().__init__(data)
        crates = [(f"{CRATE}{crate.pk}", crate.name) for crate in Crate.objects.filter(owner=user)]
        sources = [(LIBRARY, "The whole library"), (FAVOURITES, "Favourites")]
        if data.get("query"):
            sources.append((SEARCH, "What was searched for"))
        self.sources = dict(sources + crates)
        mine = Kit.objects.owned_by(user)
        meant = mine.filter(pk=whole_number(data.get("kit")) or 0)  # an older one may be meant
        kits = {kit.pk: kit for kit in [*mine[:MOST_KITS], *meant]}.values()
        named = [(each.key, each.name) for each in blueprints.offered(user)]
        self._choose("source", [*sources, ("Crates", crates)] if crates else sources)
        self._choose("template", [("", "My table of classes"), *named])
        self._choose("key", [("", "As the sounds"), *_keys()])
        self._choose("kit", [("", "A new kit"), *((str(kit.pk), kit.name) for kit in kits)])
        self.fields["bpm"].widget.attrs |= {"placeholder": "As the sounds", "step": "0.1"}
        self.fields["bpm"].error_messages["invalid"] = NO_TEMPO

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean_bpm(self) -> float | None:
        """Return the tempo (BPM) that is wished for, None where the sounds say it."""
        bpm: float | None = self.cleaned_data["bpm"]
        if bpm is not None and not TEMPO.low <= bpm <= TEMPO.high:
            raise forms.ValidationError(NO_TEMPO)
        return bpm

    def asked(self) -> dict[str, Any]:
        """Return what makes sense of it, by name; the rest is blank."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}

    def query_of(self, user: User) -> Query:
        """Return the search that the sounds come from."""
        asked = self.asked()
        source = asked["source"]
        if source == FAVOURITES:
            return Query(fav=True)
        if source == SEARCH:
            return Query.from_string(asked["query"])
        if source.startswith(CRATE):
            crate = Crate.objects.get(owner=user, pk=source.removeprefix(CRATE))
            return Query.from_string(crate.query)
        return Query()


def chosen(data: QueryDict) -> dict[PadAddress, int]:
    """Return which sounds pads have: `pick=A5:12`, repeated; nonsense is passed over."""
    found: dict[PadAddress, int] = {}
    for text in data.getlist("pick")[:160]:
        place, _, number = text.partition(":")
        at, pk = address(place), whole_number(number)
        if at is not None and pk is not None:
            found[at] = pk
    return found


def address(text: str) -> PadAddress | None:
    """Return a pad's place, None for what is none."""
    try:
        return PadAddress.parse(text)
    except HardwareError:
        return None


def _keys() -> list[tuple[str, str]]:
    return [(key, f"{code}, {dict(keys.CHOICES)[key]}") for key, code in keys.CAMELOT.items()]
