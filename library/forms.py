"""What people may change about their sounds and their defaults."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import lazy

from library import class_pads, keys, offered, origins, tempo_folders
from library.audio.units import signed
from library.doubts import Doubt, doubts
from library.guesses import GUESSES, tempo_as_kind, told
from library.models import ApiToken, Pack, Preferences, Sample, SampleClass, Tag
from library.models.preferences import LOUDEST_TARGET, QUIETEST_TARGET
from library.models.samples import CLASS_WORDS

MOST_TAGS = 30
LONGEST_TAG = Tag.name.field.max_length or 0
ORIGIN = ("author", "source", "licence")
LOOP_CHOICES = [("", "Not known"), ("true", "A loop"), ("false", "A one-shot")]


class TagsField(forms.CharField):
    """Words between commas as a list; the same word twice counts once."""

    widget = forms.TextInput(attrs={"list": "tag-words", "autocomplete": "off"})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """Return the words in the order they were typed."""
        words = [" ".join(word.split()) for word in (value or "").split(",")]
        found = list({word.casefold(): word for word in words if word}.values())
        if len(found) > MOST_TAGS:
            raise ValidationError(f"At most {MOST_TAGS} tags.")
        if any(len(word) > LONGEST_TAG for word in found):
            raise ValidationError(f"A tag has at most {LONGEST_TAG} characters.")
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare the words, not how they were written."""
        return super().has_changed(self.to_python(initial), data)

    def run_validators(self, value: Any) -> None:
        """Check each word as a text of its own; to_python has counted and measured them."""
        for word in value:
            super().run_validators(word)


class SampleForm(forms.ModelForm):  # type: ignore[type-arg]
    """One sound's name, class, tempo, key, tags and notes."""

    tags = TagsField(required=False, label="Tags", help_text="Between commas.")
    is_loop = forms.TypedChoiceField(
        required=False,
        label="Loop",
        choices=LOOP_CHOICES,
        coerce={"true": True, "false": False}.get,
        empty_value=None,
    )
    confirm = forms.ChoiceField(
        required=False, choices=[(name, name) for name in GUESSES], widget=forms.HiddenInput
    )
    take = forms.CharField(required=False, widget=forms.HiddenInput)  # `bpm=184` instead

    class Meta:
        model = Sample
        fields = ("title", "sample_class", "genre", "bpm", "key", "is_loop", "notes", *ORIGIN)
        widgets = {
            "bpm": forms.NumberInput(attrs={"step": "any", "min": 20, "max": 400}),
            "licence": forms.TextInput(attrs={"list": "licences", "autocomplete": "off"}),
            "notes": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Start from the sample's tags and say which values are guesses."""
        super().__init__(*args, **kwargs)
        self.initial["tags"] = ", ".join(tag.name for tag in self.instance.tags.all())
        self.initial["is_loop"] = {True: "true", False: "false"}.get(self.instance.is_loop, "")
        self.fields["sample_class"].choices = [  # type: ignore[attr-defined]
            ("", "No class"),
            *SampleClass.choices,
        ]
        self.fields["key"].choices = [("", "No key"), *keys.CHOICES]  # type: ignore[attr-defined]
        self.taken: set[str] = set()
        for name in GUESSES:  # a worker may write these while a person looks at the form
            known = self.add_initial_prefix(name) in self.data or not self.is_bound
            self.fields[name].show_hidden_initial = known
        inherited = origins.of_pack(self.instance)
        for name in ORIGIN:
            self.fields[name].widget.attrs["placeholder"] = getattr(inherited, name)
            if self.is_bound and self.add_prefix(name) not in self.data:
                del self.fields[name]  # what a form does not ask for stays

    def clean(self) -> dict[str, Any]:
        """Put the other answer to a doubt, where its button was pressed, into its field."""
        cleaned = super().clean() or self.cleaned_data
        name, _, value = cleaned.get("take", "").partition("=")
        self.taken = {name} & set(GUESSES)
        for column in self.taken:
            try:
                cleaned[column] = self.fields[column].clean(value)
            except ValidationError as reason:
                self.add_error(column, reason)
        return cleaned

    def doubts(self) -> list[Doubt]:
        """Return what nobody has confirmed yet."""
        return doubts(self.instance)

    def settle(self) -> list[str]:
        """Mark what a person said, and return all columns to write; to be called once.

        What is confirmed is the value that was on screen: a worker may have written another.
        """
        asked = (set(self.changed_data) & set(self._meta.fields or ())) | self.taken
        asked |= {self.cleaned_data["confirm"]} & set(GUESSES)
        marks = told(asked & set(GUESSES))
        if "is_loop" in asked and "bpm" not in asked:
            marks |= tempo_as_kind(self.instance)
        for name, value in marks.items():
            setattr(self.instance, name, value)
        return sorted(asked | marks.keys())


SECTIONS = {  # how the preferences page groups its fields
    "Export": (
        "export_format",
        "layout",
        "bpm_bounds",
        "sanitize_filenames",
        "lower_case",
        "include_metadata",
        "pad_short",
        "loudness",
        "loudness_lufs",
        "export_folder",
    ),
    "Library": ("key_notation", "class_pads"),
    "Keys": ("single_keys",),
    "Storage": ("retention_days", "trash_days"),
}


class BoundsField(forms.CharField):
    """Tempos at which folders begin, between commas; empty: the usual ones."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> list[int]:  # type: ignore[override]
        """Return whole numbers in rising order."""
        return tempo_folders.parse(value or "")

    def prepare_value(self, value: Any) -> Any:
        """Show stored bounds as text, and what was typed as it was."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class PadClasses(forms.MultiWidget):
    """Sixteen choices, as the pads of a bank lie."""

    template_name = "library/_class_pads.html"
    use_fieldset = True

    def __init__(self, choices: Iterable[tuple[str, str]]) -> None:
        """Name each by its pad."""
        numbers = range(1, len(class_pads.USUAL) + 1)
        one = list(choices)
        super().__init__([forms.Select({"aria-label": f"Pad {pad}"}, one) for pad in numbers])

    def decompress(self, value: Any) -> list[str]:
        """Return what each pad shows; stored tables are lists already."""
        return list(value or [])


class ClassPadsField(forms.MultiValueField):
    """The class of each pad of a bank; all of them blank: the usual table."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer all classes, and anything."""
        choices = [("", "Anything"), *CLASS_WORDS.items()]
        fields = [forms.ChoiceField(choices=choices, required=False) for _ in class_pads.USUAL]
        widget = PadClasses(choices)
        super().__init__(fields, widget=widget, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> list[str]:
        """Return the table."""
        return list(data_list) or class_pads.usual()


class PreferencesForm(forms.ModelForm):  # type: ignore[type-arg]
    """One person's defaults; a request may carry a single field."""

    bpm_bounds = BoundsField(label="Tempo folders begin at, in BPM", required=False)
    class_pads = ClassPadsField(
        label="Pads of each class",
        required=False,
        help_text="Where “By class” and auto-kits put sounds, in every bank. "
        "All of them on Anything: the usual table.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say which folders the bounds give, also those that are saved just now.

        Folders of the machine are for staff, where the installation offers any.
        """
        super().__init__(*args, **kwargs)
        if not offered.may_choose(self.instance.user):
            del self.fields["export_folder"]
        self.fields["bpm_bounds"].help_text = lazy(self._tempo_folders, str)()

    def _tempo_folders(self) -> str:
        return f"Folders: {tempo_folders.in_words(self.instance.bpm_bounds)}."

    class Meta:
        model = Preferences
        fields = tuple(chain.from_iterable(SECTIONS.values()))
        labels = {
            "export_format": "Format",
            "layout": "Folders",
            "loudness": "Loudness",
            "loudness_lufs": "Loudness to match, in LUFS",
            "key_notation": "Keys are written",
            "single_keys": "Single-letter keys",
            "retention_days": "Keep files of exports, in days",
            "trash_days": "Keep deleted sounds in the trash, in days",
            "export_folder": "Folder that the shell exports to",
        }
        widgets = {
            "loudness_lufs": forms.NumberInput(
                attrs={"step": "any", "min": QUIETEST_TARGET, "max": LOUDEST_TARGET}
            )
        }
        help_texts = {
            "export_format": "Always 48 kHz and 16 bit, as the sampler plays it.",
            "layout": "For exports of sounds; a kit brings its own order.",
            "sanitize_filenames": "Only letters, digits and signs that the sampler shows.",
            "pad_short": "The sampler may refuse shorter ones.",
            "loudness": "Match: one gain for each sound, never a limiter; peaks stay below −1 dB.",
            "export_folder": "Where export_samples and export_kit write without --to and --zip. "
            "Empty: nowhere, an export then waits in the history.",
            "loudness_lufs": f"From {signed(QUIETEST_TARGET)} to {signed(LOUDEST_TARGET)}.",
            "retention_days": "Then they are cleared; what was exported can be made again. "
            "0: for ever.",
            "trash_days": "Then they are deleted for good, unless a pad still holds them. "
            "0: for ever.",
            "single_keys": "Off: only keys with Ctrl or Alt, arrows, Enter, Delete and Esc act.",
        }

    @property
    def sections(self) -> dict[str, list[forms.BoundField]]:
        """Return the fields as the page groups them."""
        return {
            title: [self[name] for name in names if name in self.fields]
            for title, names in SECTIONS.items()
        }


class PackForm(forms.ModelForm):  # type: ignore[type-arg]
    """What holds for the sounds of a pack; its instance knows the owner."""

    class Meta:
        model = Pack
        fields = ("name", "author", "source", "licence")
        widgets = {"licence": forms.TextInput(attrs={"list": "licences", "autocomplete": "off"})}
        help_texts = {"source": "Where it comes from: an address, a shop, a record."}

    def clean_name(self) -> str:
        """Refuse a name that another of this person's packs has."""
        name = str(self.cleaned_data["name"])
        others = Pack.objects.filter(owner=self.instance.owner, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError("You have a pack of this name already.")
        return name


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    """The name of a new token; its instance knows the owner."""

    class Meta:
        model = ApiToken
        fields = ("name",)
        labels = {"name": "Name of a new token"}
        help_texts = {"name": "Say which program it is for."}

    def issue(self) -> str:
        """Save the token of a valid form and return its secret; nothing when it cannot be made."""
        if not self.is_valid():
            return ""
        try:
            with transaction.atomic():
                return str(self.instance.issue())
        except IntegrityError:
            self.add_error("name", "You have a token of this name already.")
            return ""
