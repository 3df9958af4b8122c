"""Packs: what came together, who made it, and on which terms."""

from http import HTTPStatus

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from library import licences, origins
from library.forms import PackForm
from library.http import HtmxRequest, see_other
from library.models import Pack, Sample

SHOWN = 60  # sounds on the page of a pack
KEPT = Count("samples", filter=Q(samples__deleted_at=None))


@require_safe
def packs(request: HtmxRequest) -> HttpResponse:
    """List a person's packs with how many sounds each has."""
    rows = Pack.objects.filter(owner=request.user).annotate(sounds=KEPT).defer("licence_text")
    return render(request, "library/packs.html", {"packs": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def pack(request: HtmxRequest, pk: int) -> HttpResponse:
    """Show one pack with its papers; POST changes what holds for its sounds."""
    found = get_object_or_404(Pack, owner=request.user, pk=pk)
    form = PackForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, f"{found.name} saved.")
        return see_other("library:pack", found.pk)
    found.refresh_from_db()  # what was refused is in the form, not in the headline
    samples = Sample.objects.owned_by(request.user).kept().filter(pack=found)
    context = {
        "pack": found,
        "form": form,
        "count": samples.count(),
        "samples": samples.order_by("folder", "title", "pk")[:SHOWN],
        "papers": origins.sections(found.licence_text).items(),
        "licences": licences.COMMON,
        "address": licences.ADDRESSES.get(found.licence, ""),
        "search": f'pack:"{found.name.replace(chr(34), "")}"',
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "library/pack.html", context, status=status)
