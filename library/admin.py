"""The library in the admin: to look things up and to mend them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from library import guesses, reanalysis, usage
from library.models import (
    Analysis,
    ApiToken,
    Import,
    ImportProblem,
    LibraryEdit,
    Preferences,
    Sample,
    Tag,
)
from library.templatetags.pictures import wave
from library.templatetags.units import filesize, material, seconds, tempo


class ReadOnly:
    """Rows that the program writes, on a page or inside another: people only look at them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Nobody changes one by hand."""
        return False


@admin.register(Sample)
class SampleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Sounds with their facts."""

    list_display = (
        "picture",
        "title",
        "owner",
        "folder",
        "sample_class",
        "tempo",
        "key",
        "length",
        "made_of",
        "analysis_state",
        "added_at",
    )
    list_display_links = ("title",)
    list_filter = ("sample_class", "format", "is_missing", "analysis__state", "owner")
    search_fields = ("title", "original_name", "folder", "genre", "sha256", "tags__name")
    date_hierarchy = "added_at"
    list_select_related = ("owner", "analysis")
    list_per_page = 50
    show_full_result_count = False
    autocomplete_fields = ("tags",)
    actions = ("analyse_again", "mark_reviewed")
    readonly_fields = (
        "picture",
        "owner",
        "original_name",
        "sha256",
        "size",
        "made_of",
        "length",
        "added_at",
        "deleted_at",
        "is_missing",
        "in_app",
    )
    fieldsets = (
        (None, {"fields": ("picture", "title", "folder", "genre", "tags", "notes", "in_app")}),
        ("Musical", {"fields": ("sample_class", "class_guessed", "bpm", "bpm_guessed", "key",
                                "key_guessed", "is_loop", "kind_guessed")}),
        ("File", {"fields": ("owner", "original_name", "made_of", "length", "size", "sha256",
                             "added_at", "deleted_at", "is_missing")}),
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Sample]":
        """Leave large columns aside that no list shows."""
        return super().get_queryset(request).defer("search_text")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Sounds come in through an import."""
        return False

    @admin.display(description="Waveform")
    def picture(self, sample: Sample) -> SafeString:
        """Draw the row's waveform."""
        return format_html('<div class="admin-wave">{}</div>', wave(sample.waveform))

    @admin.display(description="BPM", ordering="bpm")
    def tempo(self, sample: Sample) -> str:
        """Print the tempo as the list does."""
        return tempo(sample.bpm)

    @admin.display(ordering="seconds")
    def length(self, sample: Sample) -> str:
        """Print the duration."""
        return seconds(sample.seconds)

    @admin.display(description="Made of")
    def made_of(self, sample: Sample) -> str:
        """Print rate, depth and channels."""
        return f"{sample.format.upper()} {material(sample)}"

    @admin.display(description="Analysis", ordering="analysis__state")
    def analysis_state(self, sample: Sample) -> str:
        """Say how far the measuring is."""
        return sample.analysis.get_state_display() if hasattr(sample, "analysis") else "–"

    @admin.display(description="Size")
    def size(self, sample: Sample) -> str:
        """Print the original's size."""
        return filesize(sample.size_bytes)

    def save_model(self, request: HttpRequest, obj: Sample, form: Any, change: bool) -> None:  # noqa: FBT001
        """Keep what is changed or confirmed here as a person's word, unless it is left a guess."""
        changed = set(form.changed_data)
        said = [
            column
            for column, prefix in guesses.GUESSES.items()
            if {column, f"{prefix}_guessed"} & changed
            and not form.cleaned_data[f"{prefix}_guessed"]
        ]
        marks = guesses.told(said)
        if "is_loop" in said and not {"bpm", "bpm_guessed"} & changed:
            marks |= guesses.tempo_as_kind(obj)
        for name, value in marks.items():
            setattr(obj, name, value)
        super().save_model(request, obj, form, change)

    @admin.display(description="In the app")
    def in_app(self, sample: Sample) -> SafeString:
        """Link to the sample's page (its owner sees it)."""
        return format_html('<a href="{}">Open</a>', reverse("library:sample", args=[sample.pk]))

    @admin.action(description="Analyse again")
    def analyse_again(self, request: HttpRequest, samples: "QuerySet[Sample]") -> None:
        """Put the analyses of these samples back into the queue."""
        count = reanalysis.queue_samples(samples)
        messages.success(request, f"{count} analyses are queued.")

    @admin.action(description="Mark as reviewed")
    def mark_reviewed(self, request: HttpRequest, samples: "QuerySet[Sample]") -> None:
        """Take what is guessed of these samples for confirmed."""
        count = guesses.confirm(samples)
        messages.success(request, f"{count} guesses are confirmed.")


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Words that hang on sounds."""

    list_display = ("name", "owner", "used")
    list_filter = ("owner",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Tag]":
        """Count the sounds of each tag."""
        tags: QuerySet[Tag] = super().get_queryset(request).annotate(used=Count("samples"))
        return tags

    @admin.display(description="Sounds", ordering="used")
    def used(self, tag: Any) -> int:
        """Return how many sounds have it."""
        return int(tag.used)


@admin.register(Analysis)
class AnalysisAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """The measuring of sounds."""

    list_display = ("sample", "state", "attempts", "worker", "version", "finished_at", "error")
    list_filter = ("state", "version")
    search_fields = ("sample__title", "sample__original_name", "error")
    date_hierarchy = "finished_at"
    list_select_related = ("sample",)
    show_full_result_count = False


class ProblemInline(admin.TabularInline):  # type: ignore[type-arg]
    """Files that did not come in."""

    model = ImportProblem
    extra = 0
    can_delete = False
    fields = readonly_fields = ("name", "message")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Nobody adds one by hand."""
        return False


@admin.register(Import)
class ImportAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Batches on their way in."""

    list_display = ("name", "kind", "owner", "state", "added", "duplicates", "total", "created_at")
    list_filter = ("kind", "state", "owner")
    search_fields = ("name", "error")
    date_hierarchy = "created_at"
    list_select_related = ("owner",)
    inlines = (ProblemInline,)


@admin.register(LibraryEdit)
class LibraryEditAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Changes to many sounds at once."""

    list_display = ("label", "action", "owner", "made_at", "undone_at")
    list_filter = ("action", "owner")
    search_fields = ("label",)
    date_hierarchy = "made_at"
    list_select_related = ("owner",)


@admin.register(Preferences)
class PreferencesAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Everybody's defaults."""

    list_display = ("user", "export_format", "layout", "retention_days", "key_notation")
    list_filter = ("export_format", "layout", "key_notation")
    search_fields = ("user__username",)
    list_select_related = ("user",)
    readonly_fields = ("user", "storage")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """A person's row is made at the first look."""
        return False

    @admin.display()
    def storage(self, own: Preferences) -> str:
        """Say what this person's files take, kind by kind."""
        return ", ".join(f"{line.name} {filesize(line.bytes)}" for line in usage.of(own.user))


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Tokens of programs: to see who uses them and to take them back."""

    list_display = ("name", "owner", "made_at", "used_at")
    list_filter = ("owner",)
    search_fields = ("name", "owner__username")
    date_hierarchy = "made_at"
    list_select_related = ("owner",)
    exclude = ("digest",)
