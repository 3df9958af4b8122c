"""The app that lets workers of a test halt on their way from a model's sound to its sample."""

from pathlib import Path

from django.apps import AppConfig


class HaltingConfig(AppConfig):
    """Stands last in INSTALLED_APPS."""

    name = "tests.halting_app"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        """Halt beside what the product does."""
        from library import generate
        from library.dated import DatedFiles
        from tests.models_of_sound import halt

        put, take_in = DatedFiles.put, generate._take_in

        def put_and_halt(self, source, name):
            halt("before the file")
            put(self, source, name)
            halt("before the row")

        def take_in_and_halt(*about):
            sample = take_in(*about)
            halt("after the sample")
            return sample

        DatedFiles.put, generate._take_in = put_and_halt, take_in_and_halt
