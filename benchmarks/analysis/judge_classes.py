"""Loop or one-shot, and the class, each sound judged by models that have not met its source.

The model of kinds has learnt from no recording at all, so it is judged as it is shipped.
"""

from collections.abc import Sequence

import numpy as np
import soundfile

from benchmarks.analysis import librosa_recipe, train_class
from benchmarks.analysis.marks import calibration_error, macro_f1
from benchmarks.analysis.ours import Answer, heard
from benchmarks.analysis.recorded import Truth
from benchmarks.analysis.verdict import Verdict, share
from library.audio.classes import COARSE

FIVE = {"kick", "snare", "clap", "hat", "tom"}
LOOPS = {"drums", "melodic", "bass"}
LONG_SECONDS = 2.0
"""What is longer is a loop, say those who have no better rule."""

Said = list[tuple[str, float]]
"""Class and confidence of each sound."""


def classes(known: Sequence[Truth]) -> Verdict:
    """Judge kind and class, leaving out one source after the other."""
    if not known:
        return Verdict()
    verdict = kind(known, heard(list(known)))
    said = train_class.left_out(list(known))
    verdict.add(one_shots(known, said))
    verdict.add(loops(known, said))
    return verdict


def kind(known: Sequence[Truth], answers: Sequence[Answer]) -> Verdict:
    """Judge whether loops are told from one-shots."""
    said = [(str(one.get("kind")), float(one.get("kind_confidence") or 0)) for one in answers]
    right = [name == truth.kind for (name, _), truth in zip(said, known, strict=True)]
    by_length = [_is_long(truth) == truth.is_loop for truth in known]
    sure = [confidence for _, confidence in said]
    wrong = [
        f"{confidence:.2f} {name} not {truth.kind} {truth.path}"
        for (name, confidence), truth in zip(said, known, strict=True)
        if name != truth.kind
    ]
    return Verdict(
        ours={"kind": (share(right),)},
        librosa={"kind": (share(by_length),)},
        sizes={"kind": len(known)},
        failures={"kind": sorted(wrong, reverse=True)},
        notes=[f"Kind: calibration error {calibration_error(sure, right):.3f}."],
    )


def _is_long(truth: Truth) -> bool:
    info = soundfile.info(truth.path)
    return bool(info.frames / info.samplerate > LONG_SECONDS)


def _figures(said: Sequence[str], truth: Sequence[str]) -> tuple[float, float, float]:
    pairs = list(zip(said, truth, strict=True))
    right = share(a == b for a, b in pairs)
    five = share(a == b for a, b in pairs if b in FIVE)
    return right, macro_f1(said, truth), five


def one_shots(known: Sequence[Truth], said: Said) -> Verdict:
    """Judge the twelve classes and their families."""
    judged = [(t, s) for t, s in zip(known, said, strict=True) if t.sound_class and not t.is_loop]
    truth = [t.sound_class for t, _ in judged]
    ours = [name for _, (name, _) in judged]
    sure = [confidence for _, (_, confidence) in judged]
    features = np.array(
        [librosa_recipe.ask("features", t.digest, t.path) for t, _ in judged], float
    )
    theirs = librosa_recipe.classes(features, truth, [t.source for t, _ in judged])
    families = [COARSE[a] == COARSE[b] for a, b in zip(ours, truth, strict=True)]
    others = [COARSE[a] == COARSE[b] for a, b in zip(theirs, truth, strict=True)]
    right = [a == b for a, b in zip(ours, truth, strict=True)]
    wrong = [
        f"{confidence:.2f} {name} not {t.sound_class} {t.path}"
        for t, (name, confidence) in judged
        if name != t.sound_class
    ]
    return Verdict(
        ours={"class": _figures(ours, truth), "coarse": (share(families),)},
        librosa={"class": _figures(theirs, truth), "coarse": (share(others),)},
        sizes={"class": len(judged), "coarse": len(judged)},
        failures={"class": sorted(wrong, reverse=True)},
        notes=[f"Class, LSO: calibration error {calibration_error(sure, right):.3f}."],
    )


def loops(known: Sequence[Truth], said: Said) -> Verdict:
    """Judge the classes of loops."""
    judged = [
        (t, s) for t, s in zip(known, said, strict=True) if t.is_loop and t.sound_class in LOOPS
    ]
    wrong = [
        f"{confidence:.2f} {name} not {t.sound_class} {t.path}"
        for t, (name, confidence) in judged
        if name != t.sound_class
    ]
    return Verdict(
        ours={"loop class": (share(name == t.sound_class for t, (name, _) in judged),)},
        sizes={"loop class": len(judged)},
        failures={"loop class": sorted(wrong, reverse=True)},
    )
