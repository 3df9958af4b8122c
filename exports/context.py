"""What every page knows of exports: the lamp in the face."""

from typing import Any

from django.http import HttpRequest


def lamp(request: HttpRequest) -> dict[str, Any]:
    """Return what the job lamp shows."""
    return {}
