"""App configuration of exports."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """The exports app."""

    name = "exports"
