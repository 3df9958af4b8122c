"""The choices of an export and the filters of the history."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BoundField
from django.forms.boundfield import BoundWidget
from django.http import QueryDict

from exports import share
from exports.carried import CUTS
from exports.models import Export
from exports.options import IMPORT_ROOT, Options
from exports.problem import FIXES
from kits.hardware.devices import SP404MKII
from library import tempo_folders
from library.jobs import State
from library.models import Preferences
from library.models.preferences import LOUDEST_TARGET, QUIETEST_TARGET


class ExportForm(forms.Form):
    """What `Options` holds, as a person chooses it."""

    layout = forms.ChoiceField(label="Folders", widget=forms.RadioSelect)
    format = forms.ChoiceField(
        label="Format", choices=Preferences.Format.choices, widget=forms.RadioSelect
    )
    channels = forms.ChoiceField(
        label="Channels",
        choices=[
            ("keep", "As they are"),
            ("auto", "Mono where both are equal"),
            ("mono", "All mono"),
        ],
        widget=forms.RadioSelect,
    )
    loudness = forms.ChoiceField(
        label="Loudness", choices=Preferences.Loudness.choices, widget=forms.RadioSelect
    )
    loudness_lufs = forms.FloatField(
        label="Loudness to match, in LUFS",
        min_value=QUIETEST_TARGET,
        max_value=LOUDEST_TARGET,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "aria-label": "Loudness to match, in LUFS"}),
    )
    long = forms.ChoiceField(
        label=f"Over {SP404MKII.longest_seconds // 60} minutes",
        choices=[
            ("leave", "Leave out"),
            ("split", "Split into parts"),
            ("shorten", "Cut, and fade"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    bake = forms.MultipleChoiceField(
        label="Cut into the sound",
        choices=[(name, cut.label) for name, cut in CUTS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    in_import = forms.BooleanField(
        label="For the SD card",
        help_text="Everything lies in IMPORT, where the sampler looks.",
        required=False,
    )
    device_names = forms.BooleanField(
        label=f"Names of at most {SP404MKII.name_length} characters",
        help_text="What the sampler keeps; longer names are shortened.",
        required=False,
    )
    lower_case = forms.BooleanField(
        label="Lower-case names", help_text="Names of folders always are.", required=False
    )
    sanitize = forms.BooleanField(
        label="Plain letters in names",
        help_text="The sampler refuses files with other characters.",
        required=False,
    )
    pad_short = forms.BooleanField(
        label="Lengthen sounds under 100 ms",
        help_text="With silence at the end. Otherwise they are left out.",
        required=False,
    )
    trim = forms.BooleanField(
        label="Trim silence",
        help_text="At both ends, below −60 dB. Not for loops: they would lose their time.",
        required=False,
    )
    include_metadata = forms.BooleanField(
        label="Text lists",
        help_text="A text file beside each sound and manifest.csv.",
        required=False,
    )

    include_sheet = forms.BooleanField(
        label="Pad sheet",
        help_text="What lies on which pad and how it plays: a picture of each bank, and a text.",
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        kit: bool,
        bounds: Sequence[int] = tempo_folders.USUAL,
        options: Options | None = None,
        **more: Any,
    ) -> None:
        """Start from options where nothing is sent; bounds: this person's, of tempo folders."""
        self.bounds = bounds
        if options is not None:
            more["initial"] = asdict(options) | {
                "in_import": bool(options.root),
                "loudness_lufs": f"{options.loudness_lufs:g}",
            }
        super().__init__(*args, **more)
        layouts = list(Export.Layout.choices)
        pads = layouts.pop(Export.Layout.values.index(Export.Layout.KIT))
        if not kit:
            del self.fields["include_sheet"]
        if not kit:
            del self.fields["bake"]
        self.fields["layout"].choices = [pads, *layouts] if kit else layouts  # type: ignore[attr-defined]

    @property
    def picks(self) -> list[BoundField]:
        """One of several, in the order of the page."""
        return [self[name] for name in ("layout", "format", "channels", "loudness", "long")]

    @property
    def checks(self) -> list[BoundField]:
        """Yes or no, in the order of the page."""
        boxes = self.fields.items()
        return [self[name] for name, field in boxes if isinstance(field, forms.BooleanField)]

    @property
    def cuts(self) -> list[tuple[BoundWidget, str]]:
        """Boxes for what pad settings are cut into the sounds of a kit, each with its hint."""
        if "bake" not in self.fields:
            return []
        return list(zip(self["bake"], (cut.hint for cut in CUTS.values()), strict=True))

    def clean(self) -> dict[str, Any]:
        """Ask for a loudness only where it is matched."""
        chosen = self.cleaned_data
        if chosen.get("loudness") != Preferences.Loudness.MATCH:
            self.errors.pop("loudness_lufs", None)
        elif chosen.get("loudness_lufs", 0) is None:
            self.add_error("loudness_lufs", "Say which, or leave the loudness.")
        if chosen.get("loudness_lufs") is None:
            chosen["loudness_lufs"] = Options.loudness_lufs
        chosen["long"] = chosen.get("long") or Options.long
        return chosen

    def options(self) -> Options:
        """Return the choices of a valid form."""
        chosen = dict(self.cleaned_data)
        root = IMPORT_ROOT if chosen.pop("in_import") else ""
        bake = chosen.pop("bake", ())
        return Options(root=root, **chosen).sorted_by(self.bounds).baking(bake)


def fixed(data: QueryDict) -> QueryDict:
    """Return what was sent with the fields of the fix that was pressed; an unknown one is none."""
    chosen = data.copy()
    _, fields = FIXES.get(data.get("fix", ""), ("", {}))
    for name, value in fields.items():
        if value:
            chosen[name] = value
        else:
            chosen.pop(name, None)
    return chosen


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)  # that filters take


class DayField(forms.DateField):
    """A day that somebody may leave open."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_validators = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]


class HistoryForm(forms.Form):
    """Filters of the history."""

    kind = forms.ChoiceField(
        label="Kind", choices=[("", "All kinds"), *Export.Kind.choices], required=False
    )
    state = forms.ChoiceField(
        label="State", choices=[("", "All states"), *State.choices], required=False
    )
    since = DayField(label="From", required=False)
    until = DayField(label="To", required=False)
    sample = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ShareForm(forms.Form):
    """How long a link to an export works."""

    days = forms.ChoiceField(choices=share.DAYS, required=False)

    @property
    def chosen(self) -> int:
        """Return the days of a valid form."""
        return int(self.cleaned_data["days"] or share.USUAL_DAYS)
