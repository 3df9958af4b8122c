"""Exports in the admin: history to read and to filter, never to rewrite."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from exports.models import Export, ExportItem, Render
from library.admin import ReadOnly
from library.templatetags.units import filesize


class ItemInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    """The files of one export."""

    model = ExportItem
    fields = ("position", "path", "sample_title", "state", "size_bytes", "attempts", "error")
    readonly_fields = fields
    show_change_link = True
    can_delete = False
    extra = 0


@admin.register(Export)
class ExportAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Exports with their files."""

    list_display = (
        "name",
        "owner",
        "kind",
        "state",
        "layout",
        "format",
        "files",
        "size",
        "created_at",
    )
    list_filter = ("state", "kind", "layout", "format")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__username", "=items__sample_sha256")
    date_hierarchy = "created_at"
    inlines = (ItemInline,)
    list_per_page = 50

    @admin.display(ordering="sample_count")
    def files(self, export: Export) -> int:
        """How many files were asked for."""
        return export.sample_count

    @admin.display(ordering="total_bytes")
    def size(self, export: Export) -> str:
        """Bytes written, for people."""
        return filesize(export.total_bytes)

    @admin.display(ordering="created_at")
    def made(self, export: Export) -> Any:
        """When it was asked for."""
        return export.created_at

    def view_on_site(self, export: Export) -> str:
        """Link to the job page."""
        return reverse("exports:job", args=[export.pk])


@admin.register(ExportItem)
class ExportItemAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Files of exports, to find what failed across all of them."""

    list_display = ("path", "of_export", "owner", "state", "attempts", "error", "finished_at")
    list_filter = ("state", "original_format")
    list_select_related = ("export__owner",)
    search_fields = ("path", "sample_title", "=sample_sha256", "error")
    date_hierarchy = "finished_at"
    list_per_page = 50

    @admin.display(description="export", ordering="export")
    def of_export(self, item: ExportItem) -> SafeString:
        """Link to the export."""
        url = reverse("admin:exports_export_change", args=[item.export_id])
        return format_html('<a href="{}">{}</a>', url, item.export.name)

    @admin.display(ordering="export__owner")
    def owner(self, item: ExportItem) -> str:
        """Whose export it is."""
        return item.export.owner.get_username()


@admin.register(Render)
class RenderAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Converted files that exports share."""

    list_display = ("short_key", "extension", "size", "channels", "frames", "used", "made_at")
    list_filter = ("extension", "channels")
    search_fields = ("=key", "=sha256")
    date_hierarchy = "made_at"
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> Any:
        """Count the exports that point at each."""
        return super().get_queryset(request).annotate(uses=Count("items"))

    @admin.display(description="key", ordering="key")
    def short_key(self, render: Render) -> str:
        """The beginning of the address."""
        return render.key[:12]

    @admin.display(ordering="size_bytes")
    def size(self, render: Render) -> str:
        """Bytes, for people."""
        return filesize(render.size_bytes)

    @admin.display(ordering="uses")
    def used(self, render: Any) -> int:
        """How many files of exports it is."""
        return int(render.uses)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """The sweep deletes, row and file together."""
        return False
