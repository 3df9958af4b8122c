"""What forms say of whole banks and kits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from kits.hardware.pads import BANKS
from library.http import whole_number

LETTERS = [(letter, letter) for letter in BANKS]


class KitBankField(forms.CharField):
    """`12:B` as the number of a kit and the letter of its bank."""

    def to_python(self, value: Any) -> Any:
        """Return both."""
        number, _, letter = (super().to_python(value) or "").partition(":")
        kit = whole_number(number)
        if kit is None or letter not in tuple(BANKS):
            raise ValidationError("Choose a bank to copy.")
        return kit, letter


class OneBankForm(forms.Form):
    """A bank that something is done with; `seed` makes chance do the same again."""

    bank = forms.ChoiceField(choices=LETTERS)
    seed = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


class LockForm(forms.Form):
    """Whether the pads of a bank are to be locked."""

    bank = forms.ChoiceField(choices=LETTERS)
    locked = forms.TypedChoiceField(
        choices=[("1", "Lock"), ("0", "Unlock")], coerce=lambda value: value == "1"
    )


class CopyBankForm(forms.Form):
    """A bank of any of one's kits (`from`), and the bank of this kit that it is put on."""

    to = forms.ChoiceField(choices=LETTERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the field whose name is a word of Python."""
        super().__init__(*args, **kwargs)
        self.fields["from"] = KitBankField(error_messages={"required": "Choose a bank to copy."})
