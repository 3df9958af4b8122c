"""The request type that views annotate, and what requests and answers have in common."""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django_htmx.middleware import HtmxDetails

LONGEST_NUMBER = 18  # digits that every database takes as a key
MOST_NUMBERS = 30_000  # in one request; SQLite takes 32 766 values in a statement


class HtmxRequest(HttpRequest):
    """A request of a signed-in person, perhaps made by htmx."""

    user: User
    htmx: HtmxDetails


def see_other(to: str, *args: object) -> HttpResponse:
    """Answer a form: the browser fetches the page at `to` (a URL name or address) instead."""
    where = {"Location": resolve_url(to, *args)}
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers=where)


def asking_path(request: HtmxRequest) -> str:
    """Return the path of the page that htmx asks from; '' where nobody knows."""
    try:
        return urlsplit(request.htmx.current_url or "").path
    except ValueError:  # a header may hold anything
        return ""


def whole_number(text: str | None) -> int | None:
    """Return the number that a request writes in plain digits; None for all that is no key."""
    word = (text or "").strip()
    is_number = word.isascii() and word.isdigit() and len(word) <= LONGEST_NUMBER
    return int(word) if is_number else None


def whole_numbers(values: Iterable[str]) -> list[int]:
    """Return the numbers in values like `1,2`; whatever is none is passed over.

    SuspiciousOperation, which is answered as a bad request, for more than any page sends.
    """
    words = (word for value in values for word in value.split(","))
    found = [number for word in words if (number := whole_number(word)) is not None]
    if len(found) > MOST_NUMBERS:
        raise SuspiciousOperation(f"{len(found)} numbers in one request")
    return found
