"""What every page knows of kits: the one on the bench."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from kits.models import Kit


def bench(request: HttpRequest) -> dict[str, Any]:
    """Return `bench_kit`, the kit last opened (None without one), looked up when it is used."""
    if not request.user.is_authenticated:
        return {"bench_kit": None}
    user = request.user
    return {"bench_kit": SimpleLazyObject(lambda: Kit.objects.owned_by(user).first())}
