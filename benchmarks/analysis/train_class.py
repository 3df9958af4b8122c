"""Train what tells classes, and fix how descriptors are standardised; the same bytes come again."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from benchmarks.analysis import class_set
from benchmarks.analysis.class_set import Examples, together
from benchmarks.analysis.marks import macro_f1
from benchmarks.analysis.recorded import Truth, recorded
from library.audio.classes import COARSE, LOOPS, ONE_SHOTS
from library.audio.hearing.descriptor import COUNT
from library.audio.hearing.model import FOLDER, Softmax, softmax

Values = NDArray[np.float64]

PENALTY = 10.0
STEPS = 60
"""Of L-BFGS: stopping early is part of the penalty."""

SHARPNESS, LOOP_SHARPNESS = 0.8, 0.8
"""What scores are multiplied by, so that confidences are right on sources that were left out."""

EXTREMES = (0.5, 99.5)
"""Percentiles beyond which features are clipped."""

DIGITS = 5
RARER = 0.25
"""Power of how much rarer a class is: by it its sounds weigh more."""

COPIES = 3
COPY_WEIGHT = 0.4
"""Of each copy of a recorded sound, which weighs 1 itself."""

MOST = 600
"""Soundfonts' notes of a class, each with a copy."""

MASS, EFFECTS_MASS = 80.0, 25.0
"""What all of them of a class weigh together at most; effects, of which a third are pads, less."""

HITS, HIT_WEIGHT = 720, 0.5
DEVIATIONS, DEVIATION_WEIGHT = slice(39, 47), 0.6
LENGTHS, LENGTH_WEIGHT = slice(61, 64), 1.3
"""Of the descriptor: which numbers count less and more than their deviation says."""

LOOPS_MADE, LOOPS_RENDERED = 300, 240
LOOP_WEIGHT = 1.0

TEXT = """\
class_one_shots.npz, class_loops.npz: softmax regressions over {features} numbers of a sound
(library/audio/hearing/timbre.py and descriptor.py). descriptor.npz: mean and deviation of the last
64 of them over the sounds below.
Trained by: python -m benchmarks.analysis train class
Trained on: {shots} recorded one-shots and {loops} loops (shared/data) with {copies} altered copies
of each one-shot; one-shots and loops played on FluidR3_GM and TimGM6mb; words spoken by flite;
generated one-shots and loops (benchmarks/analysis/generator), seed 404. Penalty {penalty:g}.
Judged on recordings of sources that were left out: {figures}.
"""


def fit(examples: Examples, classes: tuple[str, ...], sharpness: float = 1.0) -> Softmax:
    """Return the regression that makes what is known likeliest (L-BFGS), scores by a factor.

    Rare classes weigh more.
    """
    low, high = (edge.round(DIGITS) for edge in np.percentile(examples.features, EXTREMES, axis=0))
    inside = np.clip(examples.features, low, high)
    mean, scale = inside.mean(axis=0).round(DIGITS), inside.std(axis=0).round(DIGITS)
    scale[scale == 0] = 1.0
    shape = len(classes), len(mean)
    empty = Softmax(classes, low, high, mean, scale, np.zeros(shape), np.zeros(len(classes)))
    table = empty.standardised(examples.features).astype(np.float32)
    truth = examples.classes[:, None] == np.array(classes)
    mass = examples.weights @ truth
    rarity = (mass.sum() / np.maximum(mass, 1) / len(classes)) ** RARER
    weights = examples.weights * (truth @ rarity)

    def cost(numbers: Values) -> tuple[float, Values]:
        slopes, bias = numbers[len(classes) :].reshape(shape), numbers[: len(classes)]
        likely = softmax(table @ slopes.T.astype(np.float32) + bias)
        value = -weights @ np.log(np.maximum(likely[truth], 1e-12))
        pull = (likely - truth) * weights[:, None]
        slope_pull = pull.T.astype(np.float32) @ table + PENALTY * slopes
        value += PENALTY / 2 * np.square(slopes).sum()
        return float(value), np.concatenate([pull.sum(axis=0), slope_pull.ravel()])

    start = np.zeros(len(classes) * (1 + len(mean)))
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    numbers = (found.x * sharpness).round(DIGITS)
    slopes, bias = numbers[len(classes) :].reshape(shape), numbers[: len(classes)]
    return Softmax(classes, low, high, mean, scale, slopes, bias)


def _capped(examples: Examples, mass: float) -> Examples:
    """Let each class weigh so much at most."""
    counts = {name: np.count_nonzero(examples.classes == name) for name in set(examples.classes)}
    most = {name: EFFECTS_MASS if name == "fx" else mass for name in counts}
    each = [min(1.0, most[name] / counts[name]) for name in examples.classes]
    return Examples(examples.features, examples.classes, np.array(each))


def one_shots(known: Sequence[Truth]) -> Softmax:
    """Train on recorded one-shots and all that is played, spoken and generated."""
    shots = [truth for truth in known if truth.sound_class in ONE_SHOTS and not truth.is_loop]
    return fit(together([*_recorded(shots), *_others()]), ONE_SHOTS, SHARPNESS)


def _recorded(shots: list[Truth]) -> list[Examples]:
    if not shots:
        return []
    everything = _all_shots()
    place = {truth.digest: number for number, truth in enumerate(everything)}
    at = np.array([place[truth.digest] for truth in shots])
    copied = (at[:, None] * COPIES + np.arange(COPIES)).ravel()
    return [
        class_set.files(everything).taken(at),
        class_set.files(everything, COPIES).taken(copied).weighing(COPY_WEIGHT),
    ]


def _all_shots() -> list[Truth]:
    return [t for t in recorded() if t.sound_class in ONE_SHOTS and not t.is_loop]


def _all_loops() -> list[Truth]:
    return [t for t in recorded() if t.sound_class in LOOPS and t.is_loop]


def _others() -> list[Examples]:
    return [
        _capped(class_set.played(MOST), MASS),
        class_set.made("hits", HITS).weighing(HIT_WEIGHT),
    ]


def loops(known: Sequence[Truth]) -> Softmax:
    """Train on recorded loops and on generated and played ones."""
    place = {truth.digest: number for number, truth in enumerate(_all_loops())}
    at = [place[t.digest] for t in known if t.sound_class in LOOPS and t.is_loop]
    parts = [
        class_set.made("loops", LOOPS_MADE).weighing(LOOP_WEIGHT),
        class_set.made("rendered", LOOPS_RENDERED).weighing(LOOP_WEIGHT),
    ]
    if at:
        parts.append(class_set.files(_all_loops()).taken(np.array(at)))
    return fit(together(parts), LOOPS, LOOP_SHARPNESS)


def left_out(known: Sequence[Truth]) -> list[tuple[str, float]]:
    """Return class and confidence of each file by models that have not met its source."""
    said: dict[str, tuple[str, float]] = {}
    for is_loop, classes in ((False, ONE_SHOTS), (True, LOOPS)):
        asked = [truth for truth in known if truth.is_loop == is_loop]
        likely = masses(asked, is_loop=is_loop)
        for truth, row in zip(asked, likely, strict=True):
            said[truth.digest] = classes[int(row.argmax())], float(row.max())
    return [said[truth.digest] for truth in known]


def masses(asked: Sequence[Truth], *, is_loop: bool) -> Values:
    """Return how likely each class is of each file (files x classes), its source left out."""
    sources = np.array([truth.source for truth in asked])
    features = class_set.files(list(asked)).features
    likely = np.zeros((len(asked), len(LOOPS if is_loop else ONE_SHOTS)))
    everything = recorded()
    for source in sorted(set(sources)):
        others = [truth for truth in everything if truth.source != source]
        judge = (loops if is_loop else one_shots)(others)
        likely[sources == source] = judge.probabilities(features[sources == source])
    return likely


def sharpness(asked: Sequence[Truth], *, is_loop: bool) -> float:
    """Return what SHARPNESS should be multiplied by: what makes the left-out classes likeliest."""
    classes = LOOPS if is_loop else ONE_SHOTS
    logs = np.log(np.maximum(masses(asked, is_loop=is_loop), 1e-12))
    truth = [classes.index(one.sound_class) for one in asked]

    def cost(factor: float) -> float:
        return float(-np.log(softmax(factor * logs)[np.arange(len(truth)), truth]).sum())

    return float(minimize_scalar(cost, bounds=(0.2, 3.0), method="bounded").x)


def train(folder: Path = FOLDER) -> str:
    """Write both models, the descriptors' mean and deviation, and their text; returns the text."""
    shots, of_loops = _all_shots(), _all_loops()
    one_shots(shots).write(folder / "class_one_shots.npz")
    loops(of_loops).write(folder / "class_loops.npz")
    numbers = class_set.files(shots).features[:, -COUNT:]
    with (folder / "descriptor.npz").open("wb") as file:
        mean, scale = (of.astype(np.float32).round(DIGITS) for of in standard(numbers))
        np.savez(file, mean=mean, scale=scale)
    text = TEXT.format(
        features=class_set.files(shots).features.shape[1],
        shots=len(shots),
        loops=len(of_loops),
        copies=COPIES,
        penalty=PENALTY,
        figures=_figures([*shots, *of_loops]),
    )
    for name in ("class_one_shots", "class_loops", "descriptor"):
        (folder / f"{name}.txt").write_text(text)
    return text


def standard(numbers: Values) -> tuple[Values, Values]:
    """Return mean and deviation of each, the latter by how little it is to count."""
    weights = np.ones(COUNT)
    weights[DEVIATIONS] = DEVIATION_WEIGHT
    weights[LENGTHS] = LENGTH_WEIGHT
    return numbers.mean(axis=0), numbers.std(axis=0) / weights


def _figures(known: Sequence[Truth]) -> str:
    said = left_out(known)
    parts = []
    for is_loop in (False, True):
        pairs = [
            (truth.sound_class, name)
            for truth, (name, _) in zip(known, said, strict=True)
            if truth.is_loop == is_loop
        ]
        right = np.mean([one == other for one, other in pairs])
        family = np.mean([COARSE[one] == COARSE[other] for one, other in pairs])
        kind = "loops" if is_loop else "one-shots"
        parts.append(f"{kind} {right:.3f} right, {family:.3f} the family")
    shots = [(t.sound_class, s[0]) for t, s in zip(known, said, strict=True) if not t.is_loop]
    f1 = macro_f1([name for _, name in shots], [truth for truth, _ in shots])
    return f"{'; '.join(parts)}; macro-F1 of one-shots {f1:.3f}"


if __name__ == "__main__":
    print(train())
