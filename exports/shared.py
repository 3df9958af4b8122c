"""The one page for people without an account: the ZIP behind a link."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from exports import download, share


@login_not_required
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponseBase:
    """Send the ZIP of the export that a link opens; 404 for every link that opens none."""
    link = share.find(token)
    if link is None or not download.is_downloadable(link.export):
        raise Http404
    return download.zip_response(request, link.export, at_end=link.count)
