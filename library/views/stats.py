"""What a person's library is made of."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library import stats
from library.http import HtmxRequest


@require_safe
def page(request: HtmxRequest) -> HttpResponse:
    """Draw the figures; every one has its numbers in a table as well."""
    context = {"stats": stats.stats(request.user), "width": stats.WIDTH, "height": stats.HEIGHT}
    return render(request, "library/stats.html", context)
