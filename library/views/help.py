"""What the interface explains about itself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from library.http import HtmxRequest
from library.shortcuts import GROUPS


@require_safe
@vary_on_headers("HX-Request")
def keys(request: HtmxRequest) -> HttpResponse:
    """List the keys, from the table that the key router reads."""
    template = "library/keys.html#keys" if request.htmx else "library/keys.html"
    return render(request, template, {"groups": GROUPS})
