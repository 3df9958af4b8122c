"""The page of the pads that lost their sound."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from kits.lost import find, lost
from kits.models import Kit, KitChangedError
from kits.views.answers import builder_url, changed_elsewhere, look
from library.http import HtmxRequest, see_other


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HtmxRequest, pk: int) -> HttpResponse:
    """List them; POST finds all that can be found again."""
    kit = get_object_or_404(Kit, owner=request.user, pk=pk)
    if request.method != "POST":
        return render(request, "kits/lost.html", {"kit": kit, "lost": lost(kit)})
    try:
        found = find(kit, seen=look(request).seen)
    except KitChangedError:
        return changed_elsewhere(request, kit)
    if found.said:
        messages.success(request, found.said)
    left = lost(kit)
    if not left:
        return see_other(builder_url(kit))
    pads = "1 pad has" if len(left) == 1 else f"{len(left)} pads have"
    messages.warning(request, f"{pads} still no sound. Replace or clear what you no longer need.")
    return see_other("kits:lost", kit.pk)
