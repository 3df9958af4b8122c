"""Lists of the admin that stay quick where a table has millions of rows."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from exports.models import ExportItem
from library.jobs import State

MOST = 10_000  # rows that anybody will page through; filters lead to the others


class Bounded(Paginator):  # type: ignore[type-arg]
    """Pages of the first rows: to count all of millions would take longer than to show some."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, as far as they are shown."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows[:MOST].count()


class ByState(admin.SimpleListFilter):
    """Files by their state; what failed unless something else is asked for."""

    title = "state"
    parameter_name = "state"
    ALL = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:  # noqa: ARG002
        """Offer every state that a file can have."""
        others = [
            (state.value, str(state.label))
            for state in State
            if state not in {State.FAILED, State.PARTIAL}
        ]
        return [*others, (self.ALL, "All")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Begin with what is shown unasked."""
        first, *others = super().choices(changelist)
        yield {**first, "display": str(State.FAILED.label)}
        yield from others

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: "QuerySet[ExportItem]",
    ) -> "QuerySet[ExportItem]":
        """Return the rows in the chosen state."""
        if self.value() == self.ALL:
            return queryset
        return queryset.filter(state=self.value() or State.FAILED)
