"""Who may call the API: a program with a token, or the browser of somebody who is signed in."""

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer, SessionAuth

from library.models import ApiToken


class Token(HttpBearer):
    """`Authorization: Bearer <token>`, made on the preferences page."""

    def authenticate(self, request: HttpRequest, token: str) -> User:
        """Return the token's owner, who is the request's user from here on.

        A token that is none is refused even beside a session: who sends one relies on it.
        """
        owner = ApiToken.owner_of(token)
        if owner is None:
            raise AuthenticationError
        request.user = owner
        return owner


class Session(SessionAuth):
    """The cookie of a signed-in browser; whatever changes something needs the CSRF token too."""

    def _get_key(self, request: HttpRequest) -> str | None:
        """Look for a person first: strangers are told to sign in, whatever else is missing."""
        return super()._get_key(request) if request.user.is_authenticated else None


AUTH: list[Any] = [Token(), Session()]
