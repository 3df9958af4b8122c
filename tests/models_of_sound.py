"""Engines for tests, named by their dotted paths; none of them knows what it is asked for."""

import os
import time
from pathlib import Path

import numpy as np

from library.engines import EngineError

RATE = 44_100


def sine(seconds: float, hertz: float = 440.0) -> np.ndarray:
    """Return a tone, as half of all engines would."""
    return 0.4 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


class Tone:
    """A tone whose pitch is the seed's: equal seeds make equal bytes."""

    name = "Tone"
    version = "1.2"
    seed = 0

    def generate(self, prompt: str, duration: float) -> tuple[np.ndarray, int]:
        """Return a tone."""
        return sine(duration, 100 + self.seed % 900), RATE


class Twin(Tone):
    """Has another's name."""


class Moody:
    """Has no seed, and never makes the same sound twice."""

    name = "Moody"
    version = "0"

    def generate(self, prompt: str, duration: float) -> tuple[np.ndarray, int]:
        """Return a tone in stereo, channels first."""
        hertz = 100 + time.monotonic_ns() % 100_000 / 100
        return np.stack([sine(duration, hertz)] * 2), 48_000


class Unmade:
    """Cannot be made."""

    name = "Unmade"
    version = "1"

    def __init__(self) -> None:
        raise EngineError("The weights of Unmade are missing. Download them first.")

    def generate(self, prompt: str, duration: float) -> tuple[np.ndarray, int]:
        """Never come here."""
        raise AssertionError


class Obedient:
    """Does what the prompt says: `fail`, `nan`, `silence`, …; anything else is a tone."""

    name = "Obedient"
    version = "1"

    def generate(self, prompt: str, duration: float) -> tuple[np.ndarray, int]:
        """Do it."""
        if prompt == "fail":
            raise EngineError("Obedient knows no such sound.")
        if prompt == "memory":
            raise MemoryError
        if prompt == "bug":
            raise ZeroDivisionError
        sound = sine(duration)
        if prompt == "nan":
            sound[7] = np.nan
        if prompt in {"silence", "clicks"}:
            sound[:] = 0
        if prompt == "clicks":
            sound[:: RATE // 4] = 0.9
        return sound, RATE


class Halting(Moody):
    """Halts where the prompt says, the first time it is asked for that; see `halt`."""

    name = "Halting"

    def generate(self, prompt: str, duration: float) -> tuple[np.ndarray, int]:
        """Return a tone, later or never."""
        note(f"asked {prompt}")
        os.environ["HALT_AT"] = prompt
        halt("in the engine")
        if prompt == "for ever":
            time.sleep(600)
        return super().generate(prompt, duration)


def halt(place: str) -> None:
    """Where the prompt names this place, say so and wait to be killed, but only once."""
    if os.environ.get("HALT_AT") == place and f"at {place}" not in noted():
        note(f"at {place}")
        time.sleep(600)


def note(words: str) -> None:
    """Add a line about this process; one write, so lines never mix."""
    with Path(os.environ["NOTES"]).open("a") as file:
        file.write(f"{os.getpid()} {words}\n")


def noted() -> dict[str, int]:
    """Return what processes noted, and which did so last."""
    path = Path(os.environ["NOTES"])
    lines = path.read_text().splitlines() if path.exists() else []
    return {words: int(pid) for pid, _, words in (line.partition(" ") for line in lines)}


class Bare:
    """Has what an engine needs, and nothing else."""

    def generate(self, prompt: str, duration: float) -> tuple[np.ndarray, int]:
        """Return a tone."""
        return sine(duration), RATE


class Silent:
    """Lacks what an engine needs."""

    name = "Silent"
    version = "1"


class Blank(Tone):
    """Has a name that nobody can read."""

    name = " "


class Numbered(Tone):
    """Has a number for its version."""

    version = 12


class LongName(Tone):
    """Has a name that no row can hold."""

    name = "x" * 101


class LongVersion(Tone):
    """Has a version that no row can hold."""

    version = "x" * 101


class Settled(Tone):
    """Knows its version once it is made, and more of it than a row can hold."""

    name = "Settled"

    def __init__(self) -> None:
        self.version = "v" * 300
