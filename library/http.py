"""The request type that views annotate: signed in, with what the middlewares add."""

from http import HTTPStatus

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request of a signed-in person, perhaps made by htmx."""

    user: User
    htmx: HtmxDetails


def see_other(to: str, *args: object) -> HttpResponse:
    """Answer a form: the browser fetches the page at `to` (a URL name or address) instead."""
    where = {"Location": resolve_url(to, *args)}
    return HttpResponse(status=HTTPStatus.SEE_OTHER, headers=where)
