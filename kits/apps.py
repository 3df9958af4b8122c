"""App configuration of kits."""

from django.apps import AppConfig


class KitsConfig(AppConfig):
    """The kits app."""

    name = "kits"

    def ready(self) -> None:
        """Let the library put one copy of a recording in the place of others."""
        from kits.replace import replace
        from library.copies import acts

        acts.register(replace)
