"""Sounds from words in the admin: what was asked for, how often, and what became of it."""

from django.contrib import admin

from library.admin import ReadOnly
from library.models import Generation, Prompt
from library.templatetags.units import filesize, seconds


@admin.register(Generation)
class GenerationAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Their history, the newest first; they are asked for on their page and in the shell."""

    list_display = (
        "prompt",
        "user",
        "state",
        "model_name",
        "length",
        "size",
        "took",
        "sample",
        "created_at",
        "error",
    )
    list_filter = ("state", "user")
    search_fields = ("prompt", "model_name", "error")
    search_help_text = "Looks into prompts, names of models and errors."
    date_hierarchy = "created_at"
    ordering = ("-created_at", "-id")
    list_select_related = ("user", "sample")
    list_per_page = 50
    show_full_result_count = False
    exclude = ("audio_file", "token")
    readonly_fields = ("file",)

    @admin.display(description="Audio file")
    def file(self, generation: Generation) -> str:
        """Print its name; no link, for files leave only through pages that check the owner."""
        return generation.audio_file.name or "–"

    @admin.display(description="Length", ordering="duration")
    def length(self, generation: Generation) -> str:
        """Print how long it is, or was to be."""
        return seconds(generation.duration)

    @admin.display(description="Size", ordering="file_size")
    def size(self, generation: Generation) -> str:
        """Print the size of its file."""
        return filesize(generation.file_size) if generation.file_size else "–"

    @admin.display(description="Made in", ordering="generation_seconds")
    def took(self, generation: Generation) -> str:
        """Print how long the model took."""
        took = generation.generation_seconds
        return "–" if took is None else seconds(took)


@admin.register(Prompt)
class PromptAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """What people asked for, each person's own."""

    list_display = ("text", "user", "used_count", "first_used_at", "last_used_at")
    list_filter = ("user",)
    search_fields = ("text", "user__username")
    list_select_related = ("user",)
    list_per_page = 50
    show_full_result_count = False
