"""Train the choice among tempos on generated loops; the same bytes come out again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.analysis import sounds
from library.audio.hearing.model import FOLDER, Logit
from library.audio.hearing.tempo import Guesses, chosen, guesses

Values = NDArray[np.float64]

LOOPS, JUDGED = 1000, 240
PENALTY = 12.0
"""Half of it times the squares of the weights is added to what is made small."""

RIGHT = 0.004
"""A candidate so near to the truth (part of it) is right."""

OCTAVE_WORTH = 0.5
"""Of half and double where the truth could as well be called so."""

DIGITS = 4
"""Decimals of the weights: more would differ from one processor to the next."""

TEXT = """\
tempo.npz: conditional logit over the tempos a sound could have (library/audio/hearing/tempo.py).
Trained by: python -m benchmarks.analysis train tempo
Trained on: {loops} generated loops, seed {training} (benchmarks/analysis/generator); no recording.
Penalty {penalty:g} on {features} features; {missed} loops without their tempo among the candidates.
Judged on {judged} generated loops, seed {testing}: within 4 % {accuracy1:.3f}, up to octaves
{accuracy2:.3f}, right whole number {integer:.3f}. Recordings: docs/analysis.md.
"""


@dataclass(frozen=True)
class Lesson:
    """A sound's candidates: features (candidates x features), how right each is (0..1)."""

    table: Values
    right: Values


def guesses_of(made: sounds.Made) -> Guesses:
    """Return the candidates of a generated sound."""
    signal = sounds.signal_of(made)
    return guesses(signal.mono, signal.seconds, signal.frames)


def rightness(bpms: Values, made: sounds.Made) -> Values:
    """Return how right each candidate is: 1, a half for an octave that is as good, or 0."""
    right = (np.abs(bpms / made.bpm - 1) <= RIGHT).astype(float)
    if "octave_ambiguous" in made.notes:
        for octave in (0.5, 2.0):
            other = OCTAVE_WORTH * (np.abs(bpms / made.bpm / octave - 1) <= RIGHT)
            right = np.maximum(right, other)
    return right


def fit(lessons: Sequence[Lesson], penalty: float) -> tuple[Values, Values, Values]:
    """Return mean, scale and weights that make the mass on right candidates largest (L-BFGS)."""
    raw = np.concatenate([lesson.table for lesson in lessons])
    mean, scale = raw.mean(axis=0).round(DIGITS), raw.std(axis=0).round(DIGITS)
    scale[scale == 0] = 1.0
    table = (raw - mean) / scale
    right = np.concatenate([lesson.right for lesson in lessons])
    sizes = np.array([len(lesson.right) for lesson in lessons])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))

    def cost(weights: Values) -> tuple[float, Values]:
        scores = table @ weights
        raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        everything = np.add.reduceat(raised, starts)
        good = np.add.reduceat(raised * right, starts)
        pull = raised / np.repeat(everything, sizes) - raised * right / np.repeat(good, sizes)
        value = -np.log(good / everything).sum() + penalty / 2 * weights @ weights
        return float(value), table.T @ pull + penalty * weights

    start = np.zeros(table.shape[1])
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    return mean, scale, found.x.round(DIGITS)


def learned(made: Iterable[sounds.Made]) -> tuple[Logit, int]:
    """Train; returns the weights and how many sounds had no right candidate."""
    lessons, missed = [], 0
    names: tuple[str, ...] = ()
    for one in made:
        found = guesses_of(one)
        right = rightness(found.candidates.bpm, one)
        if right.max(initial=0.0) == 0:
            missed += 1
            continue
        names = tuple(found.columns)
        lessons.append(Lesson(found.table, right))
    return Logit(names, *fit(lessons, PENALTY)), missed


def judged(model: Logit, made: Iterable[sounds.Made]) -> dict[str, float]:
    """Return the shares of sounds whose tempo is right in three senses."""
    marks = []
    for one in made:
        signal = sounds.signal_of(one)
        found = guesses(signal.mono, signal.seconds, signal.frames)
        bpm = chosen(found, signal.frames, model).bpm or 0.0
        near = [abs(bpm / one.bpm / octave - 1) <= 0.04 for octave in (1, 1 / 2, 2, 1 / 3, 3)]
        marks.append((near[0], any(near), round(bpm) == round(one.bpm)))
    shares = np.mean(marks, axis=0)
    return dict(zip(("accuracy1", "accuracy2", "integer"), map(float, shares), strict=True))


def train(folder: Path = FOLDER, loops: int = LOOPS, judge: int = JUDGED) -> str:
    """Write tempo.npz and its text; returns the text."""
    model, missed = learned(sounds.loops(sounds.TRAINING, loops))
    model.write(folder / "tempo.npz")
    text = TEXT.format(
        loops=loops,
        training=sounds.TRAINING,
        penalty=PENALTY,
        features=len(model.names),
        missed=missed,
        judged=judge,
        testing=sounds.TESTING,
        **judged(model, sounds.loops(sounds.TESTING, judge)),
    )
    (folder / "tempo.txt").write_text(text)
    return text


if __name__ == "__main__":
    print(train())
