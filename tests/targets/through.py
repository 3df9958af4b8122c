"""A converter under measurement, and what it must reach."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from tests import sounds

RATE = 48_000
STEPS = 32_768

Words = Any


class CannotDo(Exception):  # noqa: N818 - reads as what it is
    """This converter has no such option, or no file came out."""


@dataclass
class Through:
    """Send samples through a converter: a source file in `folder`, and the words of what came out.

    convert(source, target, lufs) writes a file or raises CannotDo; lufs None means "as loud as it
    was", a figure asks for that loudness.
    """

    folder: Path
    convert: Callable[[Path, Path, float | None], None]
    count: int = 0

    def words(self, samples, rate, *, subtype="FLOAT", suffix=".wav", lufs=None) -> Words:
        """Return int16, frames x channels, of what the converter wrote."""
        source = self._name("in" + suffix)
        if suffix == ".m4a":
            sounds.write_m4a(source, samples, rate, codec=subtype)
        else:
            sounds.write(source, samples, rate, subtype)
        return self.file(source, lufs)

    def file(self, source, lufs=None) -> Words:
        """The same for a file that is there."""
        target = self._name("out.wav")
        self.convert(source, target, lufs)
        try:
            with soundfile.SoundFile(target) as file:
                if (file.samplerate, file.subtype) != (RATE, "PCM_16"):
                    raise CannotDo(f"wrote {file.samplerate} Hz, {file.subtype}")
                return file.read(dtype="int16", always_2d=True)
        except soundfile.LibsndfileError as error:
            raise CannotDo("no file came out") from error
        finally:
            target.unlink(missing_ok=True)
            if source.parent == self.folder:
                source.unlink()

    def line(self, samples, rate, **options) -> Words:
        """The first channel, -1..1."""
        return self.words(samples, rate, **options)[:, 0] / STEPS

    def _name(self, tail):
        self.count += 1
        return self.folder / f"{self.count:04d}-{tail}"


@dataclass(frozen=True)
class Target:
    """What is measured, and between which figures it must lie."""

    name: str
    unit: str
    low: float
    high: float
    digits: int
    measure: Callable[[Through], float]

    def holds(self, figure) -> bool:
        """Judge a figure."""
        return bool(self.low <= figure <= self.high)

    @property
    def limit(self) -> str:
        """The limit in words."""
        if self.low == self.high:
            return f"{self.low:.{self.digits}f}"
        if self.low in {-np.inf, 0}:
            return f"≤ {self.high:g}"
        return f"{self.low:g} … {self.high:g}"
