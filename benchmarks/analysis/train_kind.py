"""Train what tells loops from one-shots on generated sounds; the same bytes come out again."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.analysis import sounds
from benchmarks.analysis.held import held
from benchmarks.analysis.train_tempo import DIGITS
from library.audio.hearing.kind import CLASSES, LOOP, kind_features
from library.audio.hearing.model import FOLDER, Softmax
from library.audio.hearing.tempo import tempo

Values = NDArray[np.float64]

LOOPS, HITS, HELD, CHORDS = 600, 480, 360, 96
JUDGED = 80
"""Loops and as many hits that it is judged on, and half as many held sounds."""

PENALTY = 10.0
LOOP_WEIGHT = 12.0
"""A loop that is called a one-shot loses its tempo: worse than a one-shot with one."""

EXTREMES = (0.5, 99.5)
"""Percentiles beyond which features are clipped."""

TEXT = """\
kind.npz: logistic regression, loop or one-shot (library/audio/hearing/kind.py), {features} numbers.
Trained by: python -m benchmarks.analysis train kind (after tempo, whose features it uses)
Trained on: {loops} generated loops, {hits} hits, {held} held sounds, {chords} chords, seed
{training} (benchmarks/analysis/generator, held.py); no recording. Penalty {penalty:g}.
Judged on {judged} generated sounds, seed {testing}: {right:.3f} right.
Recordings: docs/analysis.md.
"""


def examples(made: Iterable[sounds.Made]) -> tuple[Values, Values]:
    """Return features (sounds x features) and 1 for loops, 0 for one-shots."""
    rows, loops = [], []
    for one in made:
        signal = sounds.signal_of(one)
        rows.append(kind_features(signal.mono, signal.seconds, tempo(signal)))
        loops.append(float(one.kind == LOOP))
    return np.array(rows), np.array(loops)


def fit(features: Values, loops: Values, penalty: float) -> Softmax:
    """Return the regression that makes what is known likeliest (L-BFGS)."""
    low, high = (edge.round(DIGITS) for edge in np.percentile(features, EXTREMES, axis=0))
    inside = np.clip(features, low, high)
    mean, scale = inside.mean(axis=0).round(DIGITS), inside.std(axis=0).round(DIGITS)
    scale[scale == 0] = 1.0
    empty = Softmax(CLASSES, low, high, mean, scale, np.zeros((2, len(mean))), np.zeros(2))
    table = empty.standardised(features)
    worth = np.where(loops == 1, LOOP_WEIGHT, 1.0)

    def cost(numbers: Values) -> tuple[float, Values]:
        weights, bias = numbers[:-1], numbers[-1]
        scores = table @ weights + bias
        value = worth @ (np.logaddexp(0, scores) - loops * scores) + penalty / 2 * weights @ weights
        pull = worth * (1 / (1 + np.exp(-scores)) - loops)
        return float(value), np.append(table.T @ pull + penalty * weights, pull.sum())

    start = np.zeros(len(mean) + 1)
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000})
    numbers = found.x.round(DIGITS)
    weights = np.stack((np.zeros(len(mean)), numbers[:-1]))
    return Softmax(CLASSES, low, high, mean, scale, weights, np.array([0.0, numbers[-1]]))


def training() -> Iterable[sounds.Made]:
    """Return what it learns from."""
    seed = sounds.TRAINING
    return chain(
        sounds.loops(seed, LOOPS),
        sounds.hits(seed, HITS),
        held(seed, HELD),
        sounds.chords(seed, CHORDS),
    )


def train(folder: Path = FOLDER) -> str:
    """Write kind.npz and its text; returns the text."""
    model = fit(*examples(training()), PENALTY)
    model.write(folder / "kind.npz")
    seed = sounds.TESTING
    features, loops = examples(
        chain(sounds.loops(seed, JUDGED), sounds.hits(seed, JUDGED), held(seed, JUDGED // 2))
    )
    right = (model.probabilities(features)[:, 1] > 1 / 2) == (loops == 1)
    text = TEXT.format(
        features=features.shape[1],
        loops=LOOPS,
        hits=HITS,
        held=HELD,
        chords=CHORDS,
        training=sounds.TRAINING,
        penalty=PENALTY,
        judged=len(loops),
        testing=seed,
        right=right.mean(),
    )
    (folder / "kind.txt").write_text(text)
    return text


if __name__ == "__main__":
    print(train())
