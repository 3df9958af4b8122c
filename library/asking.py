"""The form that asks for a sound: its fields, and what stands beside those that are wrong."""

from typing import Any

from django import forms
from django.conf import settings

from library import generate
from library.engines.known import engines
from library.generate import AskError
from library.http import HtmxRequest
from library.models import Generation
from library.models.prompts import MOST_WORDS


class AskForm(forms.Form):
    """What is asked for: words, a length, and an engine where there is more than one."""

    prompt = forms.CharField(
        label="Describe a sound",
        max_length=MOST_WORDS,
        error_messages={
            "required": "Say in a few words what it should sound like.",
            "max_length": "At most %(limit_value)s characters; these are %(show_value)s.",
        },
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": "808 kick, 140 bpm, C minor", "autocomplete": "off"}
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.label_suffix = ""
        del self.fields["prompt"].widget.attrs["maxlength"]  # browsers would cut without a word
        known = list(engines())
        longest = settings.LONGEST_GENERATION
        self.fields["seconds"] = forms.FloatField(
            label="Seconds",
            initial=f"{min(generate.USUAL, longest):g}",
            min_value=generate.SHORTEST,
            max_value=longest,
        )
        self.fields["seconds"].widget.attrs |= {"step": "any", "inputmode": "decimal"}
        if len(known) > 1:
            self.fields["engine"] = forms.ChoiceField(
                label="Model", choices=[(name, name) for name in known]
            )
        for name in self.fields:
            self.fields[name].widget.attrs |= {"aria-describedby": f"why-{name}"}
        self.fields["seconds"].widget.attrs["aria-describedby"] += " loops"

    def ask(self, request: HtmxRequest) -> Generation | None:
        """Ask for the sound; None where something is wrong, which then stands beside its field."""
        if not self.is_valid():
            return None
        known = self.cleaned_data
        try:
            return generate.ask(
                request.user,
                known["prompt"],
                duration=known["seconds"],
                engine=known.get("engine", ""),
            )
        except AskError as reason:
            self.add_error("prompt", str(reason))
            return None
