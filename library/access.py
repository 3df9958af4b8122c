"""Who may come in: the local one-time link, the page for strangers, the health page.

On a loopback address one local user works without a password. What lets a browser in there is a
link that only this machine's terminal shows: other accounts of the machine and pages that rebind
DNS to it stay outside. On any other address the link is off and everybody signs in.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser, User
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import split_domain_port
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from library import labour, storage
from library.models import SignInLink, WorkerBeat

LOCAL_NAME = "local"
LINK_LIFE = timedelta(hours=24)
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")


def local_user() -> User:
    """Return the one user of a local instance, made at the first start; it has no password."""
    user, is_new = User.objects.get_or_create(
        username=LOCAL_NAME, defaults={"is_staff": True, "is_superuser": True}
    )
    if is_new:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def new_link(base_url: str) -> str:
    """Return a fresh one-time link below this address; only the digest of its token is kept."""
    SignInLink.objects.filter(made_at__lt=now() - LINK_LIFE).delete()
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(digest=_digest(token))
    return f"{base_url}/?t={token}"


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def use_link(token: str) -> bool:
    """Use up a token; False when it is unknown, used or too old. Of two callers one wins."""
    links = SignInLink.objects.filter(digest=_digest(token), made_at__gt=now() - LINK_LIFE)
    return bool(links.delete()[0])


def is_local(request: HttpRequest) -> bool:
    """Tell whether this request came straight from a browser on this machine."""
    meta = request.META
    host, _port = split_domain_port(request.get_host())
    return (
        _is_loopback(meta.get("REMOTE_ADDR", ""))
        and host in settings.LOCAL_HOSTS
        and not any(name in meta for name in FORWARDED)
    )


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class LinkMiddleware:
    """Turn `/?t=<token>` into a session on a local instance; keep the local user out elsewhere."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Sign in, sign out or pass on."""
        if not settings.LOCAL_MODE:
            user = request.user
            if user.is_authenticated and not user.has_usable_password():
                logout(request)
        elif request.path == "/" and "t" in request.GET:
            if is_local(request) and use_link(request.GET["t"]):
                login(request, local_user(), backend="django.contrib.auth.backends.ModelBackend")
                return redirect("/")
            if isinstance(request.user, AnonymousUser):
                return stranger(request, spent=True)
            return redirect("/")
        return self.get_response(request)


def stranger(request: HttpRequest, *, spent: bool = False) -> HttpResponse:
    """Tell a browser that is not signed in on a local instance where the link is."""
    return render(request, "link.html", {"spent": spent})


@login_not_required
@never_cache
@require_safe
def front_door(request: HttpRequest) -> HttpResponse:
    """Send people to their library, strangers to where they can sign in."""
    if request.user.is_authenticated:
        return redirect("library:list")
    return stranger(request) if settings.LOCAL_MODE else redirect("login")


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say how the instance is: 200 when all is well, 503 when somebody should look."""
    state = health()
    return JsonResponse(
        state, status=HTTPStatus.OK if state["ok"] else HTTPStatus.SERVICE_UNAVAILABLE
    )


def health() -> dict[str, Any]:
    """Return what a monitor wants to know: database, room (bytes), workers, longest wait (s)."""
    state: dict[str, Any] = {
        "database": False,
        "workers": False,
        "oldest_ready_seconds": None,
        "free_bytes": storage.free_bytes(),
    }
    try:
        state["workers"] = WorkerBeat.any_alive()
        queued_at = labour.oldest_ready()
        if queued_at is not None:
            state["oldest_ready_seconds"] = round((now() - queued_at).total_seconds())
        state["database"] = True
    except (DatabaseError, InterfaceError):
        state["workers"] = False
    return {"ok": state["database"] and state["workers"] and state["free_bytes"] > 0, **state}
