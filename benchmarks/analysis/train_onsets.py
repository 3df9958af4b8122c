"""Train what tells beginnings from flicker, on generated drums; the same bytes come out again."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.analysis import sounds
from benchmarks.analysis.marks import onset_marks
from library.audio.hearing.model import FOLDER, Softmax
from library.audio.hearing.onsets import CLASSES, Candidates, candidates, chosen
from library.audio.hearing.rises import NAMES

Values = NDArray[np.float64]

PASSAGES, JUDGED = 300, 100
PENALTY = 3.0
WITHIN = 0.025
"""Seconds from a blow within which a candidate can be its beginning."""

ROUNDS = 30
DIGITS = 4
"""Decimals of the weights: more would differ from one processor to the next."""

TEXT = """\
onsets.npz: logistic regression, {features} numbers of a place where something may begin
(library/audio/hearing/rises.py).
Trained by: python -m benchmarks.analysis train onsets
Trained on: {passages} generated drum passages, seed {training} (benchmarks/analysis/generator); no
recording. Penalty {penalty:g}.
Judged on {judged} generated passages, seed {testing}: F at 50 ms {wide:.3f}, at 10 ms {narrow:.3f},
median error {error:.2f} ms. Recordings: docs/analysis.md.
"""


def truth_of(made: sounds.Made) -> Values:
    """Return when its blows begin (s)."""
    if made.onsets is None:
        raise ValueError(f"The blows of {made.name} are not known.")
    return made.onsets


def beginnings(possible: Candidates, rate: int, truth: Values) -> Values:
    """Return 1 for the strongest candidate near each blow, 0 for all others."""
    right = np.zeros(len(possible.samples))
    seconds = possible.samples / rate
    for blow in truth:
        near = np.flatnonzero(np.abs(seconds - blow) <= WITHIN)
        if len(near):
            right[near[np.argmax(possible.strengths[near])]] = 1
    return right


def fit(table: Values, right: Values) -> Softmax:
    """Return the regression with the least cost (Newton's method)."""
    low, high = np.percentile(table, (0.5, 99.5), axis=0).round(DIGITS)
    inside = np.clip(table, low, high)
    mean, scale = inside.mean(axis=0).round(DIGITS), inside.std(axis=0).round(DIGITS)
    ready = np.clip((inside - mean) / scale, -4, 4)
    rows = np.column_stack([ready, np.ones(len(ready))])
    penalty = PENALTY * np.eye(rows.shape[1])
    penalty[-1, -1] = 0
    weights = np.zeros(rows.shape[1])
    for _ in range(ROUNDS):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (likely - right) + penalty @ weights
        bend = (rows * (likely * (1 - likely))[:, None]).T @ rows + penalty
        weights -= np.linalg.solve(bend, slope)
    weights = weights.round(DIGITS)
    none = np.zeros_like(weights)
    both = np.stack([none, weights])
    return Softmax(CLASSES, low, high, mean, scale, both[:, :-1], both[:, -1])


def learned(made: Iterable[sounds.Made]) -> Softmax:
    """Train."""
    tables, rights = [], []
    for one in made:
        signal = sounds.signal_of(one)
        possible = candidates(signal)
        tables.append(possible.features)
        rights.append(beginnings(possible, signal.native_rate, truth_of(one)))
    return fit(np.concatenate(tables), np.concatenate(rights))


def judged(model: Softmax, made: Iterable[sounds.Made]) -> dict[str, float]:
    """Return the marks on passages that were not learnt from."""
    answers = []
    for one in made:
        signal = sounds.signal_of(one)
        heard = chosen(candidates(signal), signal.native_rate, model)
        answers.append((heard.seconds, truth_of(one)))
    return dict(zip(("wide", "narrow", "error"), onset_marks(answers), strict=True))


def train(folder: Path = FOLDER, passages: int = PASSAGES, judge: int = JUDGED) -> str:
    """Write onsets.npz and its text; returns the text."""
    model = learned(sounds.drumming(sounds.TRAINING, passages))
    model.write(folder / "onsets.npz")
    text = TEXT.format(
        features=len(NAMES),
        passages=passages,
        training=sounds.TRAINING,
        penalty=PENALTY,
        judged=judge,
        testing=sounds.TESTING,
        **judged(model, sounds.drumming(sounds.TESTING, judge)),
    )
    (folder / "onsets.txt").write_text(text)
    return text


if __name__ == "__main__":
    print(train())
