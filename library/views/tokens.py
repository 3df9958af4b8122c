"""The tokens of the preferences page: made, shown once, taken back."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from library.forms import PreferencesForm, TokenForm
from library.http import HtmxRequest, see_other
from library.models import ApiToken, Preferences
from library.views import preferences


@require_POST
@never_cache
def make_token(request: HtmxRequest) -> HttpResponse:
    """Make a token and show its secret: in this answer and never again, so nothing redirects.

    A reload sends the same name, which is refused, and makes no second one.
    """
    form = TokenForm(request.POST, instance=ApiToken(owner=request.user))
    own = PreferencesForm(instance=Preferences.of(request.user))
    if secret := form.issue():
        made = {"made": form.instance, "secret": secret}
        return preferences.page(request, own, status=HTTPStatus.CREATED, **made)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return preferences.page(request, own, status=status, token_form=form)


@require_POST
def revoke_token(request: HtmxRequest, pk: int) -> HttpResponse:
    """Take a token back: whoever holds it is a stranger from now on."""
    token = get_object_or_404(ApiToken.objects.owned_by(request.user), pk=pk)
    token.delete()
    messages.success(request, f"The token {token.name} was revoked.")
    return see_other("library:preferences")
