"""Marks: how right an answer is, by the measures that others use."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Key = tuple[int, bool]
"""Tonic 0 (C) to 11, whether it is minor."""

TEMPO_WITHIN = 0.04
"""Gouyon et al. 2006: a tempo counts within 4 %."""
OCTAVES = (1.0, 2.0, 0.5, 3.0, 1 / 3)

NEAREST = 5
"""How many similar sounds are looked at."""


# ── Tempo ───────────────────────────────────────────────────────────────────


def same_tempo(heard: float | None, truth: float) -> bool:
    """Accuracy 1: within 4 %."""
    return heard is not None and abs(heard / truth - 1) <= TEMPO_WITHIN


def same_tempo_family(heard: float | None, truth: float) -> bool:
    """Accuracy 2: within 4 % of the tempo, its double, half, triple or third."""
    return any(same_tempo(heard, truth * octave) for octave in OCTAVES)


def right_integer(heard: float | None, truth: float) -> bool:
    """Tell whether a machine set to the rounded tempo plays at the right one."""
    return heard is not None and round(heard) == round(truth)


# ── Key ─────────────────────────────────────────────────────────────────────

TONICS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def key_of(name: str) -> Key | None:
    """Read `F# minor`, `Bb major`; None of an empty one."""
    if not name:
        return None
    tonic, _, mode = name.partition(" ")
    pitch = TONICS[tonic[0]] + tonic.count("#") - tonic[1:].count("b")
    return pitch % 12, mode == "minor"


def mirex(heard: Key | None, truth: Key) -> float:
    """Return the MIREX score: 1 right, .5 a fifth too high, .3 relative, .2 parallel, else 0."""
    if heard is None:
        return 0.0
    up = (heard[0] - truth[0]) % 12
    if heard[1] == truth[1]:
        return {0: 1.0, 7: 0.5}.get(up, 0.0)
    relative = 9 if not truth[1] else 3  # a minor below C major, C major above a minor
    return {0: 0.2, relative: 0.3}.get(up, 0.0)


# ── Classes ─────────────────────────────────────────────────────────────────


def macro_f1(heard: Sequence[str], truth: Sequence[str]) -> float:
    """Return the mean over the classes of truth of each one's F-measure."""
    scores = []
    for name in sorted(set(truth)):
        right = sum(h == t == name for h, t in zip(heard, truth, strict=True))
        said, there = sum(h == name for h in heard), sum(t == name for t in truth)
        scores.append(2 * right / (said + there))
    return float(np.mean(scores))


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Return the expected calibration error (Naeini et al. 2015), bins of equal width."""
    sure, hits = np.asarray(confidences, float), np.asarray(right, float)
    if not len(sure):
        return 0.0
    place = np.minimum((sure * bins).astype(int), bins - 1)
    gaps = [
        abs(sure[place == one].mean() - hits[place == one].mean()) * (place == one).sum()
        for one in np.unique(place)
    ]
    return float(sum(gaps) / len(sure))


# ── Onsets ──────────────────────────────────────────────────────────────────


def matched(heard: Values, truth: Values, within: float) -> list[tuple[int, int]]:
    """Pair as many onsets as can be, each once, no further apart than `within` s.

    Both rise; walking along both and taking the earliest that fits gives the most pairs.
    """
    pairs = []
    at = 0
    for number, second in enumerate(truth):
        while at < len(heard) and heard[at] < second - within:
            at += 1
        if at < len(heard) and heard[at] <= second + within:
            pairs.append((at, number))
            at += 1
    return pairs


def f_measure(pairs: int, heard: int, truth: int) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * pairs / (heard + truth) if heard + truth else 1.0


def onset_marks(passages: Iterable[tuple[Values, Values]]) -> tuple[float, float, float]:
    """Return F at ±50 ms, F at ±10 ms and the median error in ms, of all (heard, truth) in s."""
    wide = narrow = heards = truths = 0
    errors: list[float] = []
    for heard, truth in passages:
        pairs = matched(heard, truth, 0.05)
        errors += [abs(float(heard[h] - truth[t])) * 1000 for h, t in pairs]
        wide += len(pairs)
        narrow += len(matched(heard, truth, 0.01))
        heards, truths = heards + len(heard), truths + len(truth)
    middle = float(np.median(errors)) if errors else float("nan")
    return f_measure(wide, heards, truths), f_measure(narrow, heards, truths), middle


# ── Neighbours ──────────────────────────────────────────────────────────────


def unit(rows: Values) -> Values:
    """Bring each row to length 1."""
    rows = np.asarray(rows, float)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def standard(rows: Values, like: Values | None = None) -> Values:
    """Bring each column to mean 0 and deviation 1, as another table has them where given."""
    of = rows if like is None else like
    return (rows - of.mean(axis=0)) / (of.std(axis=0) + 1e-9)


def share_alike(rows: Values, classes: Sequence[str], sources: Sequence[str]) -> float:
    """Return the share of the five nearest, by cosine and from other sources, of one's class."""
    likeness = unit(rows) @ unit(rows).T
    names, places = np.asarray(classes), np.asarray(sources)
    likeness[places[:, None] == places[None, :]] = -np.inf
    nearest = np.argsort(-likeness, axis=1, kind="stable")[:, :NEAREST]
    return float(np.mean(names[nearest] == names[:, None]))


def found_again(altered: Values, originals: Values, owners: Sequence[int]) -> tuple[float, float]:
    """Return how often an altered copy's original is the nearest, and among the five nearest."""
    likeness = unit(altered) @ unit(originals).T
    own = likeness[np.arange(len(owners)), owners]
    before = (likeness > own[:, None]).sum(axis=1)
    return float(np.mean(before < 1)), float(np.mean(before < NEAREST))
