"""The JSON API: its routers, its document, its page."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from exports.api import router as exports
from kits.api import router as kits
from library import problems
from library.api import router as library
from library.bearer import AUTH
from library.generations_api import router as generations
from library.origins_api import router as origins
from library.similar_api import router as similar

ABOUT = """
Sounds, kits and exports for programs. Send a token of the preferences page as
`Authorization: Bearer …`; a signed-in browser needs none, but the CSRF token for all that changes
something.

An export, and a sound from words, is answered with `202` and its address (`Location`); with
`Prefer: wait=N` (30 seconds at most) it is answered with `200` and the result, if it is done by
then.
"""

api = NinjaAPI(
    title="Padcrate",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    auth=AUTH,
)
api.add_router("/v1", library)
api.add_router("/v1", similar)
api.add_router("/v1", origins)
api.add_router("/v1", generations)
api.add_router("/v1", kits)
api.add_router("/v1/sp404", exports)
problems.handle(api)


@csrf_exempt
@login_not_required
def nothing(request: HttpRequest, path: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer any other address below /api/ as the API does."""
    return api.on_exception(request, Http404())


def urls() -> tuple[Sequence[URLPattern | URLResolver], str, str]:
    """Return the API's addresses, free of the login page: each asks for its caller itself."""
    patterns, app, namespace = api.urls
    pattern: Any
    for pattern in patterns:
        if pattern.name == "api-root":
            pattern.callback = nothing
        pattern.callback.login_required = False
    return patterns, app, namespace
