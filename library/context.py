"""What every page knows of its person: the key table and the preferences."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from library.models import Preferences
from library.shortcuts import router_table


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return `shortcuts` for the key router and `preferences`, looked up when they are used."""
    user = request.user
    if not user.is_authenticated:
        return {"shortcuts": [], "preferences": None}
    return {
        "shortcuts": router_table(),
        "preferences": SimpleLazyObject(lambda: Preferences.of(user)),
    }
