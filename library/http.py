"""The request type that views annotate: signed in, with what the middlewares add."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails


class HtmxRequest(HttpRequest):
    """A request of a signed-in person, perhaps made by htmx."""

    user: User
    htmx: HtmxDetails
