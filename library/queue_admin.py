"""django-q2's tables in the admin: for superusers alone, and only to look at.

The stock pages let whoever may add a schedule run any function as the worker's user.
"""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django_q import admin as stock  # registers its pages first, so that they can be replaced
from django_q.models import Failure, OrmQ, Schedule, Success


class LookingGlass(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page that shows rows to superusers and changes nothing."""

    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers see the section."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Superusers see the rows."""
        return self.has_module_permission(request)

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


class ResultAdmin(LookingGlass):
    """How tasks ended."""

    list_display = ("name", "func", "started", "stopped", "attempt_count")
    list_filter = ("func",)
    search_fields = ("name", "func")
    fields = ["name", "func", "started", "stopped", "attempt_count", "cluster", "group"]
    date_hierarchy = "started"


class FailureAdmin(ResultAdmin):
    """Tasks that failed, with the error's text."""

    fields = [*ResultAdmin.fields, "result"]


class MessageAdmin(LookingGlass):
    """Messages in the queue; what they carry is a pickle and stays closed."""

    list_display = ("id", "key", "lock")
    fields = ("id", "key", "lock")


class ScheduleAdmin(LookingGlass):
    """Tasks that run by the clock."""

    list_display = ("id", "name", "func", "schedule_type", "repeats", "next_run")
    fields = ("name", "func", "schedule_type", "minutes", "repeats", "next_run", "cluster")


PAGES = {Success: ResultAdmin, Failure: FailureAdmin, OrmQ: MessageAdmin, Schedule: ScheduleAdmin}
for model, page in PAGES.items():
    if stock.admin.site.is_registered(model):
        stock.admin.site.unregister(model)
    admin.site.register(model, page)
