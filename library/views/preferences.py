"""A person's defaults, saved field by field."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from library import usage
from library.forms import PreferencesForm, TokenForm
from library.http import HtmxRequest, see_other
from library.models import ApiToken, Preferences


@require_http_methods(["GET", "HEAD", "POST"])
@vary_on_headers("HX-Request")
def preferences(request: HtmxRequest) -> HttpResponse:
    """Show the defaults; with htmx a POST carries one field, without it the whole form."""
    own = Preferences.of(request.user)
    if request.method == "POST" and request.htmx:
        return _save_field(request, own)
    form = PreferencesForm(request.POST or None, instance=own)
    if form.is_valid():
        form.save()
        messages.success(request, "Preferences saved.")
        return see_other("library:preferences")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return page(request, form, status=status)


@require_safe
@vary_on_headers("HX-Request")
def midi(request: HtmxRequest) -> HttpResponse:
    """Show the controls of MIDI as a dialog; without htmx they are a part of the preferences."""
    if request.htmx:
        return render(request, "library/_midi_dialog.html")
    return redirect(f"{reverse('library:preferences')}#midi-settings")


def page(
    request: HtmxRequest, form: PreferencesForm, *, status: HTTPStatus, **more: object
) -> HttpResponse:
    """Show the whole page; `more` is what a new token has to tell."""
    tokens = ApiToken.objects.owned_by(request.user)
    context = {
        "form": form,
        "tokens": tokens,
        "token_form": TokenForm(),
        "storage": usage.storage(request.user),
        **more,
    }
    return render(request, "library/preferences.html", context, status=status)


def _save_field(request: HtmxRequest, own: Preferences) -> HttpResponse:
    """Save the field that was changed and answer with it, ticked or with the reason."""
    name = request.POST.get("field", "")
    form = PreferencesForm(request.POST, instance=own)
    if name not in form.fields:
        return HttpResponse("There is no such preference.", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    form.fields = {name: form.fields[name]}
    if is_valid := form.is_valid():
        own.save(update_fields=[name])
    status = HTTPStatus.OK if is_valid else HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"field": form[name], "saved": is_valid}
    return render(request, "library/preferences.html#field", context, status=status)
