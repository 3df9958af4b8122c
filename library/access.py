"""Who may come in: the local one-time link, the page for strangers, the health page."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect


class LinkMiddleware:
    """Turn `/?t=<token>` into a session on a local instance."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)


@login_not_required
def front_door(request: HttpRequest) -> HttpResponse:
    """Send people to their library."""
    return redirect("library:list")


@login_not_required
def healthz(request: HttpRequest) -> JsonResponse:
    """Say that the process answers."""
    return JsonResponse({"ok": True})
