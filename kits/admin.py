"""Kits in the admin: found, looked at, opened in the app; pads change on the kit page alone."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kits.models import Kit, KitBank, KitTemplate, Pad


class PadInline(admin.TabularInline):  # type: ignore[type-arg]
    """What is on the pads, to read."""

    model = Pad
    fields = ("place", "title", "sample", "play", "level", "pan", "mute_group", "locked")
    readonly_fields = fields
    extra = 0
    can_delete = False
    show_change_link = False

    @admin.display(description="pad")
    def place(self, pad: Pad) -> str:
        """Return the address."""
        return str(pad.address)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Pad]":
        """Fetch the samples along."""
        return super().get_queryset(request).select_related("sample")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Refuse: a kit changes by steps that can be undone."""
        return False


class BankInline(admin.TabularInline):  # type: ignore[type-arg]
    """What banks have to themselves, to read."""

    model = KitBank
    fields = ("letter", "tempo", "volume")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Refuse: a kit changes by steps that can be undone."""
        return False


@admin.register(Kit)
class KitAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Kits of all people."""

    list_display = ("name", "owner", "pad_count", "version", "updated_at", "in_app")
    list_filter = ("updated_at", "owner")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__username", "pads__title")
    date_hierarchy = "created_at"
    readonly_fields = (
        *("owner", "tempo", "has_one_tempo", "version"),
        *("created_at", "updated_at", "opened_at", "in_app"),
    )
    fields = ("name", *readonly_fields)
    inlines = (BankInline, PadInline)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Kit]":
        """Count the pads in the same query."""
        kits: QuerySet[Kit] = super().get_queryset(request).annotate(filled=Count("pads"))
        return kits

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Refuse: kits are made in the app."""
        return False

    @admin.display(description="pads", ordering="filled")
    def pad_count(self, kit: Kit) -> int:
        """Return the number of filled pads."""
        count: int = kit.filled  # type: ignore[attr-defined]
        return count

    @admin.display(description="view in app")
    def in_app(self, kit: Kit) -> SafeString:
        """Link to the kit page; it opens for the kit's owner."""
        return format_html('<a href="{}">Open</a>', reverse("kits:builder", args=[kit.pk]))


@admin.register(KitTemplate)
class KitTemplateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Templates that people keep; what is in them changes in the app alone."""

    list_display = ("name", "owner", "pad_count", "made_at")
    list_filter = ("made_at", "owner")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__username")
    date_hierarchy = "made_at"
    fields = ("name", "owner", "pad_count", "made_at")
    readonly_fields = ("owner", "pad_count", "made_at")

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Refuse: templates are made from kits."""
        return False

    @admin.display(description="pads")
    def pad_count(self, template: KitTemplate) -> int:
        """Return the number of pads that it knows."""
        return len(template.wants)
