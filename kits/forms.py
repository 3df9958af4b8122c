"""What people type or drag, turned into places, names and choices."""

from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.http import QueryDict

from kits.assign import LAYOUTS
from kits.hardware.errors import HardwareError
from kits.hardware.pads import ALL, BANKS, PadAddress
from kits.hardware.settings import (
    BY_NAME,
    CARRIERS,
    MOST_FRAMES,
    TEMPO,
    VOLUME,
    Setting,
    pan_read,
)
from kits.models import Kit, Pad

MOST_KITS = 60  # that a form offers: the ones last opened


class PadAddressField(forms.CharField):
    """`A5` as a PadAddress, or the sentence of what is wrong with it; None when blank."""

    def to_python(self, value: Any) -> Any:
        """Return the address."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return PadAddress.parse(text)
        except HardwareError as error:
            raise ValidationError(str(error)) from error


class PanField(forms.IntegerField):
    """`L8`, `C`, `MONO R` or a number as a pan."""

    def to_python(self, value: Any) -> Any:
        """Return the number."""
        try:
            return pan_read(value) if isinstance(value, str) and value.strip() else None
        except ValueError as error:
            raise ValidationError("Pan is L50 to R50, C, MONO L or MONO R.") from error


class ChopsField(forms.JSONField):
    """A row of frames in square brackets; `Pad.clean` judges the frames."""

    longest = 400  # letters: more than the most frames that a pad keeps

    def to_python(self, value: Any) -> Any:
        """Return what JSON says, of short texts alone: long ones make its reader fail."""
        if isinstance(value, str) and len(value) > self.longest:
            raise ValidationError(self.error_messages["invalid"])
        return super().to_python(value)


def _keep_within(field: forms.Field, setting: Setting) -> None:
    """Let a field take what the setting's range holds, and say so in its name."""
    field.error_messages["invalid"] = f"{setting.label} is a number."
    words = f"{setting.label} goes from {setting.low:g} to {setting.high:g}."
    field.validators.append(validators.MinValueValidator(setting.low, message=words))
    field.validators.append(validators.MaxValueValidator(setting.high, message=words))


class KitForm(forms.ModelForm):  # type: ignore[type-arg]
    """A kit's name."""

    class Meta:
        model = Kit
        fields = ["name"]


class LookForm(forms.Form):
    """How a page looks at a kit: the bank it shows, the pad it has in hand, the version it saw.

    `view` says which fragments it can use: those of the stage, of the dock, or none.
    """

    view = forms.ChoiceField(choices=[("stage", ""), ("dock", ""), ("", "")], required=False)
    bank = forms.ChoiceField(choices=[(letter, letter) for letter in BANKS], required=False)
    pad = PadAddressField(required=False)
    v = forms.IntegerField(required=False, min_value=0)


class AssignForm(forms.Form):
    """Where sounds go: the first pad and the layout behind it."""

    pad = PadAddressField(required=False)
    mode = forms.ChoiceField(
        choices=[("one", "One pad"), ("swap", "Swap"), *LAYOUTS.items()], required=False
    )

    def clean_mode(self) -> str:
        """Default to the pad that was named."""
        return self.cleaned_data["mode"] or "one"


class PadForm(forms.ModelForm):  # type: ignore[type-arg]
    """Settings of a pad; only those that are sent are changed.

    `also` names more pads that get the same.
    """

    also = forms.TypedMultipleChoiceField(
        choices=[(str(at), str(at)) for at in ALL], coerce=PadAddress.parse, required=False
    )

    class Meta:
        model = Pad
        fields = list(CARRIERS)
        field_classes = {"pan": PanField, "chops": ChopsField}
        error_messages = {"chops": {"invalid": "Chops are frames with commas, in brackets."}}

    def __init__(self, data: QueryDict) -> None:
        """Leave out what is not sent; ranges are those of the machine."""
        super().__init__(data)
        for name in CARRIERS.keys() - data.keys():
            del self.fields[name]
        for name in BY_NAME.keys() & self.fields.keys():
            _keep_within(self.fields[name], BY_NAME[name])
        for name in {"start", "end", "loop_top"} & self.fields.keys():
            words = f"A sound has {MOST_FRAMES} frames at most."
            limit = validators.MaxValueValidator(MOST_FRAMES, message=words)
            self.fields[name].validators.insert(0, limit)

    def values(self) -> dict[str, Any]:
        """Return what was sent and is valid."""
        return {name: self.cleaned_data[name] for name in CARRIERS if name in self.cleaned_data}


class PasteForm(forms.Form):
    """The pad whose settings are lent, and those that get them."""

    pads = forms.TypedMultipleChoiceField(
        choices=[(str(at), str(at)) for at in ALL], coerce=PadAddress.parse
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the field whose name is a word of Python."""
        super().__init__(*args, **kwargs)
        self.fields["from"] = PadAddressField()


class BankForm(forms.Form):
    """What a bank has to itself, and the tempo of the kit; only what is sent is changed."""

    letter = forms.ChoiceField(choices=[(letter, letter) for letter in BANKS])
    volume = forms.IntegerField(required=False)
    tempo = forms.FloatField(required=False)
    kit_tempo = forms.FloatField(required=False)
    has_one_tempo = forms.NullBooleanField(required=False)

    def __init__(self, data: QueryDict) -> None:
        """Keep to the machine's ranges."""
        super().__init__(data)
        _keep_within(self.fields["volume"], VOLUME)
        _keep_within(self.fields["tempo"], TEMPO)
        _keep_within(self.fields["kit_tempo"], TEMPO)

    def sent(self) -> dict[str, Any]:
        """Return what is to change."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "letter" and value is not None
        }


class MoveForm(forms.Form):
    """From a pad to another; a blank target is the next free one."""

    to = PadAddressField(required=False)
    copy = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the field whose name is a word of Python."""
        super().__init__(*args, **kwargs)
        self.fields["from"] = PadAddressField()


class ClearForm(forms.Form):
    """Single pads (`pads`, repeated), or else a whole bank."""

    pads = forms.TypedMultipleChoiceField(
        choices=[(str(at), str(at)) for at in ALL], coerce=PadAddress.parse, required=False
    )
    bank = forms.ChoiceField(choices=[(letter, letter) for letter in BANKS], required=False)

    def places(self) -> list[PadAddress]:
        """Return the pads to empty."""
        pads: list[PadAddress] = self.cleaned_data["pads"]
        return pads or [at for at in ALL if at.bank == self.cleaned_data["bank"]]
