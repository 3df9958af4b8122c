"""What classes are learnt from: numbers of recorded, played, spoken and generated sounds.

Numbers are kept in a folder that git does not see, as long as the code that measures is the same.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from benchmarks.analysis import class_copies, midi, soundfonts, sounds, speech
from benchmarks.analysis.generator.made import Random, chance
from benchmarks.analysis.generator.rendered import rendered
from benchmarks.analysis.recorded import CACHE, Truth
from library.audio.hearing import (
    decay,
    descriptor,
    pitch,
    spectral_shape,
    spectrum,
    strike,
    timbre,
)
from library.audio.hearing.signal import LOW_RATE, Collector, Mono, read
from library.audio.hearing.sound_class import class_features
from library.audio.hearing.strike import Strike

Values = NDArray[np.float64]

LONGEST_SECONDS = 10
"""Of what copies are made of."""


@dataclass(frozen=True)
class Examples:
    """Numbers (sounds x features) with the class and the weight of each sound."""

    features: Values
    classes: NDArray[np.str_]
    weights: Values

    def weighing(self, weight: float) -> "Examples":
        """The same, each sound by so much."""
        return Examples(self.features, self.classes, np.full(len(self.classes), weight))

    def taken(self, at: NDArray[np.intp]) -> "Examples":
        """Those at some places."""
        return Examples(self.features[at], self.classes[at], self.weights[at])


def together(parts: Iterable[Examples]) -> Examples:
    """Join examples."""
    found = list(parts)
    return Examples(
        np.vstack([part.features for part in found]),
        np.concatenate([part.classes for part in found]),
        np.concatenate([part.weights for part in found]),
    )


HEARD = (decay, descriptor, pitch, spectral_shape, spectrum, strike, timbre)
"""The code that measures."""


def code_digest(paths: Iterable[Path]) -> str:
    """Return a name for the code that measures and for what else lies in files."""
    digest = hashlib.sha256()
    for path in (*map(_source, HEARD), *paths):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _source(module: ModuleType) -> Path:
    return Path(str(module.__file__))


Row = tuple[str, Values]
"""A class and the numbers of a sound."""


def kept(name: str, made_by: Iterable[Path], make: Callable[[], Iterator[Row]]) -> Examples:
    """Measure once for each state of the code that measures and that makes."""
    path = CACHE / "classes" / f"{name}-{code_digest(made_by)}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        rows = list(make())
        features = np.array([numbers for _, numbers in rows], np.float32)
        classes = np.array([name for name, _ in rows])
        partial = path.with_name(f"{os.getpid()}.partial")
        with partial.open("wb") as file:
            np.savez(file, features=features, classes=classes)
        partial.rename(path)
    with np.load(path, allow_pickle=False) as stored:
        features = stored["features"].astype(np.float64)
        return Examples(features, stored["classes"], np.ones(len(features)))


def _measured(line: Mono, seconds: float) -> Values:
    return class_features(Strike.of(line), seconds)


def _copied(random: Random, line: Mono) -> Values:
    copy = class_copies.copy(random, line[: LONGEST_SECONDS * LOW_RATE])
    return _measured(copy, len(copy) / LOW_RATE)


def _mono(samples: NDArray[np.float32], rate: int) -> Mono:
    collector = Collector(rate, 1)
    collector.add(samples[:, None])
    signal = collector.signal(len(samples))
    if signal is None:
        raise ValueError("A sound to learn from is silent")
    return signal.mono


def files(known: list[Truth], copies: int = 0) -> Examples:
    """Return the numbers of files (silent ones: zeros), or of so many copies of each in a row."""
    listed = "".join(truth.digest for truth in known).encode()
    name = f"files-{hashlib.sha256(listed).hexdigest()[:12]}-{copies}"
    made_by = [_source(class_copies)] if copies else []
    return kept(name, made_by, lambda: _files(known, copies))


def _files(known: list[Truth], copies: int) -> Iterator[Row]:
    random = chance(sounds.TRAINING, "copies of files", copies)
    for truth in known:
        signal = read(truth.path)
        line = np.ones(64, np.float32) if signal is None else signal.mono
        seconds = 0.0 if signal is None else signal.seconds
        for _ in range(copies):
            yield truth.sound_class, _copied(random, line)
        if not copies:
            yield truth.sound_class, _measured(line, seconds)


def played(most: int, seed: int = sounds.TRAINING) -> Examples:
    """Return soundfonts' one-shots and spoken words, at most so many of a class, and copies."""
    made_by = map(_source, (class_copies, midi, soundfonts, speech))
    return kept(f"played-{most}-{seed}", made_by, lambda: _played(most, seed))


def _played(most: int, seed: int) -> Iterator[Row]:
    if not (midi.available() and speech.available()):
        raise RuntimeError("This needs fluidsynth, FluidR3_GM, TimGM6mb and flite (see midi.py)")
    takes = [*soundfonts.one_shots(midi.available(), seed), *speech.words(seed)]
    random = chance(seed, "played", most)
    for name in sorted({take.name for take in takes}):
        of_class = [take for take in takes if take.name == name]
        for number in sorted(random.permutation(len(of_class))[:most]):
            line = _mono(of_class[number].samples, midi.RATE)
            yield name, _measured(line, len(line) / LOW_RATE)
            yield name, _copied(random, line)


def made(name: str, count: int, seed: int = sounds.TRAINING) -> Examples:
    """Return generated `hits`, `loops` or `rendered` loops."""
    families = {"hits": sounds.hits, "loops": sounds.loops, "rendered": rendered}
    made_by = sorted(_source(sounds).with_name("generator").glob("*.py"))
    return kept(f"{name}-{count}-{seed}", made_by, lambda: _made(families[name](seed, count)))


def _made(those: Iterable[sounds.Made]) -> Iterator[Row]:
    for one in those:
        line = _mono(one.mono, one.rate)
        yield one.sound_class, _measured(line, one.seconds)
