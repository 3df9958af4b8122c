"""How to cut a sound, and where its slices go: what pages and forms send."""

from collections.abc import Mapping
from dataclasses import fields, replace

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from kits.cuts import METHODS, Choice
from kits.forms import PadAddressField
from kits.hardware.pads import BANKS
from kits.models import Play
from library.audio.slices import GRIDS, MOST

LONGEST_MARKS = 16 * MOST
"""Letters in a list of cuts; what is longer is none."""

PLAYS = (Play.ONE_SHOT, Play.GATE, Play.LOOP)
EDGES = {"snap": "Snap to zero", "fade": "Fade 3 ms"}


class CutForm(forms.Form):
    """Numbers of `Choice`; what is missing or makes no sense counts as not said."""

    method = forms.ChoiceField(choices=list(METHODS.items()), required=False)
    sensitivity = forms.IntegerField(min_value=0, max_value=100, required=False)
    shortest = forms.IntegerField(min_value=20, max_value=500, required=False)
    most = forms.IntegerField(min_value=1, max_value=MOST, required=False)
    bpm = forms.FloatField(min_value=20, max_value=400, required=False)
    offset = forms.FloatField(min_value=0, max_value=60_000, required=False)
    grid = forms.TypedChoiceField(
        choices=[(each, f"1/{each}") for each in GRIDS], coerce=int, required=False
    )
    parts = forms.IntegerField(min_value=2, max_value=MOST, required=False)
    trim = forms.BooleanField(required=False)

    @classmethod
    def read(cls, data: QueryDict, usual: Choice) -> Choice:
        """Return what was chosen, with the usual where nothing was."""
        form = cls(_old_names(data))
        form.is_valid()
        names = {field.name for field in fields(Choice)}
        said = {
            name: value
            for name, value in form.cleaned_data.items()
            if name in names and value not in {None, ""}
        }
        return replace(usual, **said)


def _old_names(data: QueryDict) -> Mapping[str, str]:
    """Return what was sent; the marks' address calls three numbers by shorter names."""
    short = {"sens": "sensitivity", "min": "shortest", "max": "most"}
    sent = {name: str(data[name]) for name in data}
    return {full: sent[name] for name, full in short.items() if name in sent} | sent


class PutForm(forms.Form):
    """Where slices go and how they play.

    marks: their first frames, with commas between; nothing where numbers of CutForm say it.
    """

    marks = forms.CharField(required=False)
    edges = forms.ChoiceField(choices=list(EDGES.items()), required=False)
    play = forms.ChoiceField(choices=[(each.value, each.label) for each in PLAYS], required=False)
    mute_group = forms.ChoiceField(
        choices=[("-", "–"), *((letter, letter) for letter in BANKS)], required=False
    )
    bank = forms.ChoiceField(choices=[(letter, letter) for letter in BANKS], required=False)
    number = forms.IntegerField(min_value=1, max_value=16, required=False)
    pad = PadAddressField(required=False)
    count = forms.IntegerField(min_value=1, max_value=MOST, required=False)

    def clean_marks(self) -> list[int]:
        """Return frames in order (ValidationError for anything else, and for too many)."""
        text = self.cleaned_data["marks"]
        words = text.split(",") if text else []
        if len(text) > LONGEST_MARKS or not all(
            word.isascii() and word.isdigit() for word in words
        ):
            raise ValidationError("Markers are whole frames with commas between them.")
        marks = sorted({int(word) for word in words})
        if len(marks) > MOST:
            raise ValidationError(f"A sound is cut into {MOST} slices at most.")
        return marks
