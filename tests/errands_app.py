"""The app that replaces the product's jobs by errands in worker processes that tests start."""

from pathlib import Path

from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    """Stands last in INSTALLED_APPS, so that the product's apps have registered their jobs."""

    name = "tests.errands_app"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        """Replace them."""
        from tests import errands

        errands.register()
