"""Lists of the API in numbered pages."""

from typing import Any

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

PAGE = 20
MOST = 100  # rows of one page
LAST = 10**9  # no list has more pages


class Numbered(Schema):
    """Which page is asked for."""

    page: int = Field(1, ge=1, le=LAST)
    limit: int = Field(PAGE, ge=1, le=MOST)


class PageOut(Schema):
    """How far a list goes; `items` hold the page asked for, none beyond the last."""

    total: int
    page: int
    pages: int
    limit: int


def numbered(rows: "QuerySet[Any]", asked: Numbered) -> dict[str, Any]:
    """Return one page of the rows; two queries, one where the page lies beyond the last."""
    total = rows.count()
    pages = max(1, -(-total // asked.limit))
    start = (asked.page - 1) * asked.limit
    return {
        "items": list(rows[start : start + asked.limit]) if asked.page <= pages else [],
        "total": total,
        "page": asked.page,
        "pages": pages,
        "limit": asked.limit,
    }
