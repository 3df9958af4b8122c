"""What every page knows of kits: the one on the bench."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kits.grid import grid
from kits.models import Kit


def bench(request: HttpRequest) -> dict[str, Any]:
    """Return `bench_kit`, the kit last opened (None without one), and `bench`, its grid.

    Both are looked up when they are used. The grid of somebody without kits is one of a kit that
    is not saved yet.
    """
    if not request.user.is_authenticated:
        return {"bench_kit": None, "bench": None}
    user = request.user
    return {
        "bench_kit": SimpleLazyObject(lambda: Kit.objects.owned_by(user).first()),
        "bench": SimpleLazyObject(lambda: grid(Kit.on_bench(user))),
    }
