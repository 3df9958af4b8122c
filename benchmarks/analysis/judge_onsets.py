"""Onsets against times that are exactly known, beside librosa's detector."""

from collections.abc import Sequence

import numpy as np

from benchmarks.analysis import librosa_recipe
from benchmarks.analysis.marks import f_measure, matched, onset_marks
from benchmarks.analysis.ours import Answer
from benchmarks.analysis.sets import Struck
from benchmarks.analysis.verdict import Verdict


def onsets(goal: str, known: Sequence[Struck], answers: Sequence[Answer]) -> Verdict:
    """Judge onsets of a set."""
    said = [np.array(answer["onsets"], float) for answer in answers]
    theirs = {
        name: [np.array(librosa_recipe.ask(name, one.digest, one.path), float) for one in known]
        for name in ("onsets", "backtracked")
    }
    figures = {
        name: onset_marks(list(zip(times, (one.onsets for one in known), strict=True)))
        for name, times in theirs.items()
    }
    back = " / ".join(f"{figure:.3f}" for figure in figures["backtracked"])
    worst = []
    for one, heard in zip(known, said, strict=True):
        pairs = len(matched(heard, one.onsets, 0.05))
        score = f_measure(pairs, len(heard), len(one.onsets))
        worst.append(
            f"{score:.3f} {pairs} of {len(one.onsets)} found, {len(heard)} heard: {one.path}"
        )
    return Verdict(
        ours={goal: onset_marks(list(zip(said, (one.onsets for one in known), strict=True)))},
        librosa={goal: figures["onsets"]},
        sizes={goal: sum(len(one.onsets) for one in known)},
        failures={goal: sorted(worst)[:40]},
        notes=[f"librosa's onsets with backtracking, {goal.removeprefix('onsets ')}: {back}."],
    )
