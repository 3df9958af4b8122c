"""App configuration of exports."""

from django.apps import AppConfig
from django.db.models import F


class ExportsConfig(AppConfig):
    """The exports app; its items are the most urgent work."""

    name = "exports"

    def ready(self) -> None:
        """Tell workers, storage and trash about items, converted files and their originals."""
        from exports import build, sources, to_folder, usage
        from exports.models import Delivery, ExportItem
        from library import trash
        from library.labour import Source, register
        from library.usage import Keeper
        from library.usage import register as keep

        trash.register(sources.are_wanted)
        keep(Keeper(3, "Exports", usage.in_use))
        register(
            Source(
                priority=10,
                name="export items",
                rows=ExportItem.objects.of_open_exports,
                act=build.convert_item,
                weight=F("size_bytes"),
                before=build.begin,
                after=build.close_after,
                sweep=build.sweep,
            )
        )
        register(
            Source(
                priority=12,
                name="deliveries",
                rows=Delivery.objects.of_ended_exports,
                act=to_folder.deliver,
                sweep=to_folder.sweep,
            )
        )
