"""Django's own apps, adjusted."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Leave out django-htmx's scripts: our own copy is served, some of theirs do not resolve."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx"]
