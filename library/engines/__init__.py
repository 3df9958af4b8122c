"""Models that make sounds from words: what they have in common, each named by its dotted path."""

from typing import Any, Protocol

LONGEST_NAME = 100  # characters of an engine's name, and of its version


class EngineError(Exception):
    """The model cannot do this; the message tells a person why and what to do."""


class Engine(Protocol):
    """What makes sounds. Where it has a `seed` (a whole number), it is set before each sound.

    Where it has a `note` (a sentence, or ''), it is read after each sound, and shown with it: what
    a person would not expect of it.

    name, version: how rows call it; a class tells them without being made. One that lacks them
    (library/engines/known.py) is called as the class is, and has an empty version.
    """

    name: str
    version: str

    def generate(self, prompt: str, duration: float) -> tuple[Any, int]:
        """Return about `duration` seconds of sound, an array or a tensor, and its rate in Hz.

        Raises EngineError.
        """
        ...
