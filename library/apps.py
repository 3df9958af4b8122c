"""App configuration of library."""

from django.apps import AppConfig


class LibraryConfig(AppConfig):
    """The library app."""

    name = "library"
