"""App configuration of exports."""

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """The exports app; its items are the most urgent work."""

    name = "exports"

    def ready(self) -> None:
        """Tell the workers about export items."""
        from exports import build
        from exports.models import ExportItem
        from library.jobs import Source, register

        register(
            Source(
                priority=10,
                name="export items",
                rows=ExportItem.objects.of_open_exports,
                act=build.convert_item,
                after=build.close_after,
                sweep=build.sweep,
            )
        )
