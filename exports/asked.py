"""Which source a request asks for: `kit=3`, `ids=1&ids=2`, or a library search with `all=1`."""

from collections.abc import Sequence

from django import forms
from django.contrib.auth.models import User
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from exports import sources
from exports.sources import Source
from kits.models import Kit


class AskedForm(forms.Form):
    """The parameters that name a source."""

    kit = forms.IntegerField(required=False, min_value=1)
    all = forms.BooleanField(required=False)


def source_of(user: User, data: QueryDict) -> Source:
    """Return what is asked for; Http404 for a kit that is not there or not this person's."""
    form = AskedForm(data)
    if not form.is_valid():
        raise Http404
    if form.cleaned_data["kit"]:
        kit = get_object_or_404(Kit.objects.owned_by(user), pk=form.cleaned_data["kit"])
        return sources.from_kit(kit)
    if form.cleaned_data["all"]:
        return _found(user, data)
    return sources.from_ids(user, numbers(data.getlist("ids")))


def numbers(values: Sequence[str]) -> list[int]:
    """Return the ids written in these values, separated by commas; anything else is dropped."""
    words = (word.strip() for value in values for word in value.split(","))
    return [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 16]  # noqa: PLR2004


def _found(user: User, data: QueryDict) -> Source:
    raise Http404
