"""Django's own apps, adjusted."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Leave out what no page uses: Redoc, and django-htmx's scripts (some do not resolve)."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx", "redoc*"]
