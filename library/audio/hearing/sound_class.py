"""The class of a sound: kick, snare … for one-shots, drums, melodic … for loops."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from library.audio.classes import COARSE
from library.audio.hearing.descriptor import measured
from library.audio.hearing.model import FOLDER, Softmax
from library.audio.hearing.signal import Signal
from library.audio.hearing.strike import Strike, Values
from library.audio.hearing.timbre import timbre


@dataclass(frozen=True)
class Class:
    """The likeliest class and how likely it is (0..1), the next, and the likeliest family.

    coarse: of `classes.COARSE`; coarse_confidence: how likely that family is.
    """

    name: str
    confidence: float
    second: str
    coarse: str
    coarse_confidence: float


def sound_class(signal: Signal, *, is_loop: bool) -> Class:
    """Tell the class of a sound that is not silent."""
    return chosen(class_features(Strike.of(signal.mono), signal.seconds), is_loop=is_loop)


def class_features(strike: Strike, seconds: float) -> Values:
    """Return all numbers the class is told from: those of the timbre, then of the descriptor."""
    return np.concatenate([timbre(strike, seconds), measured(strike)])


def chosen(features: Values, *, is_loop: bool) -> Class:
    """Tell the class from `class_features`."""
    judge = model(is_loop=is_loop)
    likely = judge.probabilities(features.astype(np.float64))
    first, second = np.argsort(-likely, kind="stable")[:2]
    families: dict[str, float] = {}
    for name, mass in zip(judge.classes, likely, strict=True):
        families[COARSE[name]] = families.get(COARSE[name], 0.0) + float(mass)
    coarse = max(families, key=families.__getitem__)
    return Class(
        name=judge.classes[first],
        confidence=float(likely[first]),
        second=judge.classes[second],
        coarse=coarse,
        coarse_confidence=families[coarse],
    )


@cache
def model(*, is_loop: bool) -> Softmax:
    """Return what was trained on one-shots or on loops."""
    return Softmax.read(FOLDER / ("class_loops.npz" if is_loop else "class_one_shots.npz"))
