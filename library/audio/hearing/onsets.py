"""Where sounds begin: the spectrum finds them, the waveform says to the sample where they are."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from library.audio.hearing.model import FOLDER, Softmax
from library.audio.hearing.rises import HOP, Line, features, peaks, rises
from library.audio.hearing.signal import Signal
from library.audio.hearing.steps import Places, Steps, Values

CLASSES = ("flicker", "beginning")

APART_SECONDS = 0.050
"""Of two beginnings that are closer only the likelier one counts."""

LIKELY = 0.5


@dataclass(frozen=True, eq=False)
class Onsets:
    """Where something begins: seconds (float64, rising) and strengths (float32, 0..1), as many."""

    seconds: npt.NDArray[np.float64]
    strengths: Line


@dataclass(frozen=True, eq=False)
class Candidates:
    """Samples where something may begin, how strongly it rises there, and the model's numbers."""

    samples: Places
    strengths: Line
    features: Values


def onsets(signal: Signal) -> Onsets:
    """Return the beginnings in a sound."""
    return chosen(candidates(signal), signal.native_rate, model())


def candidates(signal: Signal) -> Candidates:
    """Return all places where something may begin."""
    rate = signal.native_rate
    found = rises(signal.native, rate)
    steps = Steps.of(signal.native, rate)
    at = peaks(found.flux, rate / HOP)
    return Candidates(
        steps.refined(at * HOP), found.flux[at], features(found, steps, at, rate / HOP)
    )


def chosen(possible: Candidates, rate: int, judge: Softmax) -> Onsets:
    """Return what is likely to be a beginning; of those that are too close the likeliest."""
    likely = judge.probabilities(possible.features)[:, CLASSES.index("beginning")]
    kept: list[int] = []
    for place in np.argsort(-likely, kind="stable"):
        if likely[place] < LIKELY:
            break
        gaps = np.abs(possible.samples[kept] - possible.samples[place])
        if not (gaps < APART_SECONDS * rate).any():
            kept.append(int(place))
    kept.sort(key=lambda place: int(possible.samples[place]))
    strengths = possible.strengths[kept]
    return Onsets(
        possible.samples[kept] / rate, strengths / strengths.max(initial=np.float32(1e-9))
    )


@cache
def model() -> Softmax:
    """Return the trained weights."""
    return Softmax.read(FOLDER / "onsets.npz")
