"""What can be done about an export that has ended: one act, one view."""

from http import HTTPStatus
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from exports import again, retention, share
from exports import retry as retrying
from exports.forms import ShareForm
from exports.models import Export, ShareLink
from library.http import HtmxRequest, see_other
from library.jobs import NoSpaceError

NOTHING_TO_RETRY = "Nothing can be tried again: the sources of what failed are not there."
NOTHING_LEFT = "Nothing of this can be made again."
COOKIE = "shared"  # carries a new link to the next page, for browsers without scripts
COOKIE_SECONDS = 60


def mine(request: HtmxRequest, pk: int) -> Export:
    """Return this person's export; 404 for one that is not theirs or not there."""
    rows = Export.objects.owned_by(request.user).select_related("owner", "kit")
    return get_object_or_404(rows, pk=pk)


@require_POST
def retry(request: HtmxRequest, pk: int) -> HttpResponse:
    """Try the failed files once more."""
    export = mine(request, pk)
    if not retrying.retry(export):
        messages.error(request, NOTHING_TO_RETRY)
    return see_other("exports:job", pk)


@require_POST
def leave_out(request: HtmxRequest, pk: int) -> HttpResponse:
    """Do without the files that failed."""
    retrying.leave_out(mine(request, pk))
    return see_other("exports:job", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def make_again(request: HtmxRequest, pk: int) -> HttpResponse:
    """Open the form with the choices of then; POST makes the same at once."""
    export = mine(request, pk)
    if request.method != "POST":
        return redirect(_form(export, is_now=True))
    try:
        fresh = again.make(export)
    except NoSpaceError as reason:
        messages.error(request, str(reason))
        return see_other(_form(export))
    if fresh is None:
        messages.error(request, NOTHING_LEFT)
        return see_other(_form(export))
    return see_other("exports:job", fresh.pk)


def _form(export: Export, *, is_now: bool = False) -> str:
    """Return where the form for the same again is: as it is now, or as it was."""
    query = {"export": export.pk} | ({"as": "now"} if is_now else {})
    return f"{reverse('exports:new')}?{urlencode(query)}"


@require_POST
def delete_files(request: HtmxRequest, pk: int) -> HttpResponse:
    """Remove the files of an export; its record stays."""
    export = mine(request, pk)
    retention.remove_files(export)
    return see_other("exports:job", pk)


@require_POST
def make_link(request: HtmxRequest, pk: int) -> HttpResponse:
    """Make a link to the ZIP and show it: once, for only its digest is kept."""
    export = mine(request, pk)
    if not share.offered(export):
        raise Http404
    form = ShareForm(request.POST)
    if not form.is_valid():
        return _links(request, export, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    _, token = share.make(export, form.chosen)
    if request.htmx:
        return _links(request, export, token)
    answer = see_other(f"{reverse('exports:job', args=[pk])}#share")
    answer.set_signed_cookie(
        COOKIE, token, max_age=COOKIE_SECONDS, httponly=True, samesite="Strict",
        path=reverse("exports:job", args=[pk]),
    )  # fmt: skip
    return answer


@require_POST
def revoke_link(request: HtmxRequest, pk: int, link: int) -> HttpResponse:
    """Close a link for good."""
    export = mine(request, pk)
    get_object_or_404(ShareLink, export=export, pk=link).revoke()
    if request.htmx:
        return _links(request, export)
    return see_other(f"{reverse('exports:job', args=[pk])}#share")


def _links(
    request: HtmxRequest, export: Export, token: str = "", status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {"export": export, "share": share.offered(export), "new_link": _whole(request, token)}
    return render(request, "exports/_share.html", context, status=status)


def new_link(request: HtmxRequest) -> str:
    """Return the address of a link that was made a moment ago, for the page to show."""
    token = request.get_signed_cookie(COOKIE, default="", max_age=COOKIE_SECONDS)
    return _whole(request, token or "")


def _whole(request: HtmxRequest, token: str) -> str:
    return request.build_absolute_uri(share.address(token)) if token else ""


def forget_link(answer: HttpResponse, pk: int) -> None:
    """Take the new link back from the browser once its page has shown it."""
    answer.delete_cookie(COOKIE, path=reverse("exports:job", args=[pk]), samesite="Strict")
