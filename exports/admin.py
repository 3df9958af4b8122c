"""Exports in the admin: history to read, to filter and to act on, never to rewrite."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from exports.admin_lists import Bounded, ByState
from exports.models import Export, ExportItem, Render
from exports.retention import remove_files
from exports.retry import retry
from library.admin import ReadOnly
from library.jobs import State
from library.templatetags.units import filesize

SHOWN = 50  # files beside an export; a list has them all
AT_ONCE = 200  # exports that one action takes on
DIGEST = 64


class Record(ReadOnly):
    """Rows of the history: they go with the person whose they are, never by themselves."""

    opts: Any

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """Refuse on the history's own pages; a person's page may take what is theirs along."""
        at = request.resolver_match
        is_ours = at is None or (at.url_name or "").startswith(f"{self.opts.app_label}_")
        return not is_ours and request.user.has_perm(f"exports.delete_{self.opts.model_name}")


def may_act(request: HttpRequest) -> bool:
    """Tell whether this person may set exports going, stop them, and remove their files."""
    return request.user.has_perm("exports.change_export")


class ItemInline(Record, admin.TabularInline):  # type: ignore[type-arg]
    """The first files of one export."""

    model = ExportItem
    verbose_name_plural = f"first {SHOWN} files"
    fields = ("position", "path", "sample_title", "state", "size_bytes", "attempts", "error")
    readonly_fields = fields
    show_change_link = True
    can_delete = False
    extra = 0

    def get_queryset(self, request: HttpRequest) -> "QuerySet[ExportItem]":
        """Leave out what would make the page endless, and columns that it does not show."""
        items: QuerySet[ExportItem] = super().get_queryset(request)
        return items.filter(position__lt=SHOWN).defer("recipe", "changes", "notes")


class Acts(admin.ModelAdmin):  # type: ignore[type-arg]
    """What can be done about exports; each act is written to the admin's log."""

    actions: Any = ("retry_failed", "cancel", "purge_files")

    def has_act_permission(self, request: HttpRequest) -> bool:
        """Tell whether this person may act, though nobody may rewrite a row."""
        return may_act(request)

    def exports_of(self, rows: "QuerySet[Any]") -> "QuerySet[Export]":
        """Return the exports that the chosen rows stand for."""
        return rows

    @admin.action(description="Try failed files again", permissions=["act"])
    def retry_failed(self, request: HttpRequest, rows: "QuerySet[Any]") -> None:
        """Open exports again for what failed in them."""
        self._each(request, rows, retry, "Failed files are tried again")

    @admin.action(description="Cancel", permissions=["act"])
    def cancel(self, request: HttpRequest, rows: "QuerySet[Any]") -> None:
        """Stop exports after the files in work."""
        self._each(request, rows, Export.cancel, "Cancelled")

    @admin.action(description="Delete files (keeps the record)", permissions=["act"])
    def purge_files(self, request: HttpRequest, rows: "QuerySet[Any]") -> None:
        """Let go of the files of exports; what no other export needs is removed."""
        self._each(request, rows, lambda export: remove_files(export).exports, "Files deleted")

    def _each(
        self,
        request: HttpRequest,
        rows: "QuerySet[Any]",
        act: Callable[[Export], int],
        done: str,
    ) -> None:
        chosen = list(self.exports_of(rows).select_related("owner").order_by("pk")[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            messages.error(request, f"Nothing was done: choose at most {AT_ONCE} exports at once.")
            return
        changed = [export for export in chosen if act(export)]
        for export in changed:
            self.log_change(request, export, f"{done}.")
        left = len(chosen) - len(changed)
        note = f" {left} had nothing to do." if left else ""
        say = messages.success if changed else messages.warning
        say(request, f"{done}: {len(changed)} export{'s' * (len(changed) != 1)}.{note}")


@admin.register(Export)
class ExportAdmin(Record, Acts):
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
        "in_app",
    )
    list_filter = ("state", "kind", "layout", "format", "owner")
    list_select_related = ("owner",)
    search_fields = ("name", "owner__username")
    search_help_text = "Name, person, or the SHA-256 of a sound that is in the library"
    date_hierarchy = "created_at"
    ordering = ("-pk",)
    inlines = (ItemInline,)
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("files", "size", "in_app")

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Export]", search_term: str
    ) -> "tuple[QuerySet[Export], bool]":
        """Find by name and person; a digest finds the exports of that sound."""
        term = search_term.strip().lower()
        if len(term) != DIGEST:
            return super().get_search_results(request, queryset, search_term)
        with_it = ExportItem.objects.filter(sample__sha256=term).order_by()
        return queryset.filter(pk__in=with_it.values("export")), False

    @admin.display(ordering="sample_count")
    def files(self, export: Export) -> SafeString:
        """How many files were asked for, and where they are listed."""
        url = reverse("admin:exports_exportitem_changelist")
        query = f"{ByState.parameter_name}={ByState.ALL}&export__id__exact={export.pk}"
        return format_html('<a href="{}?{}">{}</a>', url, query, export.sample_count)

    @admin.display(ordering="total_bytes")
    def size(self, export: Export) -> str:
        """Bytes written, for people; that they were removed since."""
        gone = ", files deleted" if export.files_removed_at else ""
        return f"{filesize(export.total_bytes)}{gone}"

    @admin.display(description="view in app")
    def in_app(self, export: Export) -> SafeString:
        """Link to the job page; it opens for the export's owner."""
        return format_html('<a href="{}">Open</a>', self.view_on_site(export))

    def view_on_site(self, export: Export) -> str:
        """Return where the job page is."""
        return reverse("exports:job", args=[export.pk])


@admin.register(ExportItem)
class ExportItemAdmin(Record, Acts):
    """Files of exports; at first what failed, across all of them."""

    list_display = ("path", "of_export", "owner", "of_sample", "state", "attempts", "error")
    list_filter = (ByState,)
    list_select_related = ("export__owner", "sample")
    search_fields = ("path", "sample_title", "error")
    search_help_text = "Path, title, or what went wrong"
    ordering = ("-export_id", "position")
    sortable_by = ()  # no index serves millions of rows in another order
    list_per_page = 50
    paginator = Bounded
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = ("retry_failed",)

    def exports_of(self, rows: "QuerySet[ExportItem]") -> "QuerySet[Export]":
        """Return the exports in which these files are."""
        return Export.objects.filter(pk__in=rows.order_by().values("export"))

    @admin.display(description="export")
    def of_export(self, item: ExportItem) -> SafeString:
        """Link to the export."""
        url = reverse("admin:exports_export_change", args=[item.export_id])
        return format_html('<a href="{}">{}</a>', url, item.export.name)

    @admin.display(description="sound")
    def of_sample(self, item: ExportItem) -> SafeString | str:
        """Link to the sound while it is there."""
        if item.sample is None:
            return item.sample_title
        url = reverse("admin:library_sample_change", args=[item.sample.pk])
        return format_html('<a href="{}">{}</a>', url, item.sample_title)

    @admin.display()
    def owner(self, item: ExportItem) -> str:
        """Whose export it is."""
        return item.export.owner.get_username()

    def view_on_site(self, item: ExportItem) -> str:
        """Return where the job page is; of what failed, with the failures."""
        show = "?show=left" if item.state == State.FAILED else ""
        return reverse("exports:job", args=[item.export_id]) + show


@admin.register(Render)
class RenderAdmin(Record, admin.ModelAdmin):  # type: ignore[type-arg]
    """Converted files that exports share; the sweep deletes them, row and file together."""

    list_display = ("short_key", "extension", "size", "channels", "frames", "used", "made_at")
    list_filter = ("made_at",)
    search_fields = ("=key", "=sha256")
    ordering = ("-pk",)
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        """Count the exports that point at each; the database does so for one page only."""
        pointing = ExportItem.objects.filter(render=OuterRef("pk")).order_by().values("render")
        uses = Coalesce(Subquery(pointing.annotate(n=Count("pk")).values("n")), 0)
        renders: QuerySet[Render] = super().get_queryset(request)
        return renders.annotate(uses=uses)

    @admin.display(description="key", ordering="key")
    def short_key(self, render: Render) -> str:
        """The beginning of the address."""
        return render.key[:12]

    @admin.display(ordering="size_bytes")
    def size(self, render: Render) -> str:
        """Bytes, for people."""
        return filesize(render.size_bytes)

    @admin.display()
    def used(self, render: Any) -> int:
        """How many files of exports it is."""
        return int(render.uses)
