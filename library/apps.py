"""App configuration of library."""

from django.apps import AppConfig
from django.conf import settings
from django.db.models import F
from django.db.models.signals import post_migrate


class LibraryConfig(AppConfig):
    """The library app."""

    name = "library"

    def ready(self) -> None:
        """Register checks, admin pages and kinds of jobs, and mend the search index."""
        from library import (  # noqa: F401 - they register themselves
            admin_around,
            admin_generations,
            analyse,
            checks,
            generate,
            imports,
            labour,
            purge,
            queue_admin,
            scan,
            search,
            usage,
            watch,
        )
        from library.engines.musicgen import MusicGen
        from library.jobs import SECOND_BYTES
        from library.models import Analysis, Generation, Import, WatchedFolder

        MusicGen.version = settings.MUSICGEN_MODEL
        post_migrate.connect(search.mend, sender=self)
        labour.register(
            labour.Source(
                priority=20,
                name="imports",
                rows=lambda: Import.objects.exclude(kind=Import.Kind.UPLOAD),
                act=imports.work,
                after=lambda _: imports.sweep(),
                sweep=imports.sweep,
            )
        )
        labour.register(
            labour.Source(
                priority=25,
                name="watched folders",
                rows=lambda: WatchedFolder.objects.select_related("owner"),
                act=scan.scan,
                sweep=watch.sweep,
            )
        )
        labour.register(
            labour.Source(
                priority=28,  # somebody waits for one sound; analyses may be those of thousands
                name="generations",
                rows=lambda: Generation.objects.select_related("user"),
                act=generate.work,
                sweep=purge.sweep,
                seconds=settings.GENERATION_SECONDS,
                is_long=True,
            )
        )
        usage.register(usage.Keeper(3, "Generations", generate.in_use))
        labour.register(
            labour.Source(
                priority=30,
                name="analyses",
                rows=lambda: Analysis.objects.select_related("sample").defer(
                    "sample__waveform", "sample__search_text"
                ),
                act=analyse.analyse,
                after=analyse.after,
                weight=F("sample__seconds") * SECOND_BYTES,
                sweep=analyse.find_again,
            )
        )
