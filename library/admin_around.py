"""What lies around the sounds, in the admin: packs, and folders that are watched."""

from django.contrib import admin

from library.admin import ReadOnly
from library.models import Pack, WatchedFile, WatchedFolder


@admin.register(Pack)
class PackAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What came together, and what its papers say."""

    list_display = ("name", "owner", "author", "licence", "added_at")
    list_filter = ("licence", "owner")
    search_fields = ("name", "author", "source", "licence")
    date_hierarchy = "added_at"
    list_select_related = ("owner",)
    readonly_fields = ("owner", "added_at")

    def has_add_permission(self, request: object) -> bool:  # noqa: ARG002
        """Packs come in with their sounds."""
        return False


@admin.register(WatchedFolder)
class WatchedFolderAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Folders of the machine; they are begun and ended on their page and in the shell."""

    list_display = ("path", "owner", "state", "scanned_at", "due_at", "error")
    list_filter = ("state", "owner")
    search_fields = ("path", "error")
    list_select_related = ("owner",)


@admin.register(WatchedFile)
class WatchedFileAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """What is known of their files."""

    list_display = ("name", "folder", "watched", "size", "sample", "problem", "gone_at")
    list_filter = ("watched",)
    search_fields = ("name", "folder", "problem", "sha256")
    list_select_related = ("watched", "sample")
    show_full_result_count = False
