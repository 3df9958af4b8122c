"""App configuration of kits."""

from django.apps import AppConfig


class KitsConfig(AppConfig):
    """The kits app."""

    name = "kits"
