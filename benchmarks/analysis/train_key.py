"""Train the choice among the 24 keys on generated loops and chords; the same bytes come out."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from benchmarks.analysis import sounds
from benchmarks.analysis.generator.chords import chord
from benchmarks.analysis.generator.loops import loop
from benchmarks.analysis.marks import calibration_error, mirex
from benchmarks.analysis.train_tempo import DIGITS, Lesson, fit
from library.audio.hearing.chroma import chromas
from library.audio.hearing.key import FEATURES, features
from library.audio.hearing.model import FOLDER, Logit
from library.audio.hearing.signal import LOW_RATE

Values = NDArray[np.float64]

LOOPS, CHORDS = 1000, 480
JUDGED_LOOPS, JUDGED_CHORDS = 300, 120
PENALTY = 100.0
"""Half of it times the squares of the weights is added to what is made small. Less fits generated
sounds as well but is too sure of itself on others."""

FOLDS = 5
"""Parts, each heard by weights that learnt from the others, from which sureness is learnt."""

TEXT = """\
key.npz: conditional logit over the 24 keys (library/audio/hearing/key.py).
Trained by: python -m benchmarks.analysis train key
Trained on: {trained} generated loops and chords, seed {training} (benchmarks/analysis/generator);
no recording. Penalty {penalty:g} on {features} features; scores times {sharpness:.2f}, by which
confidence fits sounds that were left out of training ({folds} folds).
Judged on {judged} generated loops and chords, seed {testing}: MIREX {mirex:.3f}, exact {exact:.3f};
loops alone {loops_mirex:.3f}, {loops_exact:.3f}; calibration error {calibration:.3f}.
Recordings: docs/analysis.md.
"""


@dataclass(frozen=True)
class Keyed:
    """A generated sound: its candidates' numbers (24 x 237), its key as one of them, its kind."""

    table: Values
    key: int
    kind: str


def _heard(make: Callable[[int, int], sounds.Made], seed: int, number: int) -> Keyed | None:
    """Make one sound and listen to it; None where it has no key."""
    made = make(seed, number)
    if made.key is None:
        return None
    tonic, minor = made.key
    heard = chromas(sounds.signal_of(made).mono, LOW_RATE)
    return Keyed(features(heard.chromas), tonic + 12 * minor, made.kind)


def generated(seed: int, loops: int, chords: int) -> list[Keyed]:
    """Make so many loops and chords on all processors, and listen to those that have a key."""
    with ProcessPoolExecutor() as pool:
        asked = [
            *(pool.submit(_heard, loop, seed, number) for number in range(loops)),
            *(pool.submit(_heard, chord, seed, number) for number in range(chords)),
        ]
        return [one for each in asked if (one := each.result()) is not None]


def learned(known: Sequence[Keyed]) -> Logit:
    """Train."""
    right = np.eye(24)
    return Logit(FEATURES, *fit([Lesson(one.table, right[one.key]) for one in known], PENALTY))


def scores(model: Logit, known: Sequence[Keyed]) -> Values:
    """Return what the candidates' masses are the softmax of (sounds x 24)."""
    return np.array([np.log(model.masses(one.table)) for one in known])


def sharpness(known: Sequence[Keyed]) -> float:
    """Return by what scores are multiplied so that masses are as likely as they say.

    Each fold is judged by weights that have not seen it (temperature scaling, Guo et al. 2017).
    """
    said, keys = [], []
    for fold in range(FOLDS):
        model = learned([one for at, one in enumerate(known) if at % FOLDS != fold])
        said.append(scores(model, known[fold::FOLDS]))
        keys += [one.key for one in known[fold::FOLDS]]
    table, right = np.concatenate(said), np.array(keys)

    def cost(factor: float) -> float:
        sharp = factor * table
        return float(np.mean(np.log(np.exp(sharp).sum(axis=1)) - sharp[range(len(right)), right]))

    return round(float(minimize_scalar(cost, bounds=(0.3, 3.0), method="bounded").x), 2)


def judged(model: Logit, known: Sequence[Keyed]) -> tuple[float, float, float]:
    """Return the mean MIREX score, the share of exact keys and the calibration error."""
    masses = [model.masses(one.table) for one in known]
    best = [int(each.argmax()) for each in masses]
    marks = [
        mirex((said % 12, said >= 12), (one.key % 12, one.key >= 12))
        for said, one in zip(best, known, strict=True)
    ]
    right = [said == one.key for said, one in zip(best, known, strict=True)]
    error = calibration_error([float(each.max()) for each in masses], right)
    return float(np.mean(marks)), float(np.mean(right)), error


def train() -> str:
    """Write the model and its text, and return the text."""
    known = generated(sounds.TRAINING, LOOPS, CHORDS)
    plain, factor = learned(known), sharpness(known)
    weights = (factor * plain.weights).round(DIGITS)
    model = Logit(FEATURES, plain.mean, plain.scale, weights)
    model.write(FOLDER / "key.npz")
    unseen = generated(sounds.TESTING, JUDGED_LOOPS, JUDGED_CHORDS)
    everything, exact, error = judged(model, unseen)
    loops_mirex, loops_exact, _ = judged(model, [one for one in unseen if one.kind == "loop"])
    text = TEXT.format(
        trained=len(known),
        training=sounds.TRAINING,
        penalty=PENALTY,
        features=len(FEATURES),
        sharpness=factor,
        folds=FOLDS,
        judged=len(unseen),
        testing=sounds.TESTING,
        mirex=everything,
        exact=exact,
        loops_mirex=loops_mirex,
        loops_exact=loops_exact,
        calibration=error,
    )
    (FOLDER / "key.txt").write_text(text)
    return text
