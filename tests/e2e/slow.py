"""The app that makes export items slow, so that a journey can watch them."""

import time
from dataclasses import replace
from pathlib import Path

from django.apps import AppConfig

SECONDS = 0.2


class SlowConfig(AppConfig):
    """Stands last in INSTALLED_APPS, so that the exports have registered their work."""

    name = "tests.e2e"
    label = "slow"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        """Put a pause before every item."""
        from library import labour

        for place, source in enumerate(labour.SOURCES):
            if source.name == "export items":
                labour.SOURCES[place] = replace(source, act=slowly(source.act))


def slowly(act):
    """Return the same act with a pause before it."""

    def later(job):
        time.sleep(SECONDS)
        return act(job)

    return later
