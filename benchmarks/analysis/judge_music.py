"""Tempo and key, heard without hints, beside librosa's beat tracker and chroma correlation."""

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.analysis import librosa_recipe
from benchmarks.analysis.marks import (
    Key,
    calibration_error,
    key_of,
    mirex,
    right_integer,
    same_tempo,
    same_tempo_family,
)
from benchmarks.analysis.ours import Answer
from benchmarks.analysis.recorded import Truth
from benchmarks.analysis.verdict import Verdict, share

Pairs = list[tuple[Truth, Any]]
TEMPO_MARKS: tuple[Callable[[float | None, float], bool], ...] = (
    same_tempo,
    same_tempo_family,
    right_integer,
)


def tempo_figures(pairs: Pairs) -> tuple[float, ...]:
    """Return accuracy 1, accuracy 2 and right integers of (truth, BPM or None)."""
    return tuple(
        share(mark(bpm, truth.bpm) for truth, bpm in pairs if truth.bpm) for mark in TEMPO_MARKS
    )


def key_figures(pairs: Pairs) -> tuple[float, float]:
    """Return MIREX score and share of exact keys of (truth, key or None)."""
    scores = [mirex(key, truth.key) for truth, key in pairs if truth.key]
    return share(scores), share(score == 1 for score in scores)


def with_tempo(known: Sequence[Truth], answers: Sequence[Answer]) -> list[tuple[Truth, Answer]]:
    """Return the loops whose tempo is known."""
    pairs = zip(known, answers, strict=True)
    return [(truth, answer) for truth, answer in pairs if truth.is_loop and truth.bpm]


def with_key(known: Sequence[Truth], answers: Sequence[Answer]) -> list[tuple[Truth, Answer]]:
    """Return the sounds whose key is known."""
    return [(truth, answer) for truth, answer in zip(known, answers, strict=True) if truth.key]


def key_said(answer: Answer) -> Key | None:
    """Return the key of an answer."""
    return key_of(answer.get("key") or "")


def tempo(over: str, known: Sequence[Truth], answers: Sequence[Answer]) -> Verdict:
    """Judge tempos; over: recorded or generated."""
    judged = with_tempo(known, answers)
    goal = f"tempo {over}"
    theirs = [(truth, librosa_recipe.ask("tempo", truth.digest, truth.path)) for truth, _ in judged]
    said = [(truth, answer.get("bpm")) for truth, answer in judged]
    sure = [float(answer.get("bpm_confidence") or 0) for _, answer in judged]
    right = [same_tempo(bpm, truth.bpm) for truth, bpm in said]
    wrong = [
        f"{confidence:.2f} heard {bpm} not {truth.bpm:g} {truth.path} {' '.join(truth.notes)}"
        for (truth, bpm), confidence in zip(said, sure, strict=True)
        if not right_integer(bpm, truth.bpm)
    ]
    return Verdict(
        ours={goal: tempo_figures(said)},
        librosa={goal: tempo_figures(theirs)},
        sizes={goal: len(judged)},
        failures={goal: sorted(wrong, reverse=True)},
        notes=[_sure(f"Tempo, {over}", sure, right, (0.6, 0.9))],
    )


def key(over: str, known: Sequence[Truth], answers: Sequence[Answer]) -> Verdict:
    """Judge keys; over: recorded or generated."""
    judged = with_key(known, answers)
    goal = f"key {over}"
    theirs: Pairs = []
    for truth, _ in judged:
        tonic, minor = librosa_recipe.ask("key", truth.digest, truth.path)
        theirs.append((truth, (tonic, bool(minor))))
    said = [(truth, key_said(answer)) for truth, answer in judged]
    sure = [float(answer.get("key_confidence") or 0) for _, answer in judged]
    wrong = [
        f"{mirex(key_, truth.key):.1f} {confidence:.2f} heard {key_} not {truth.key} {truth.path}"
        for (truth, key_), confidence in zip(said, sure, strict=True)
        if key_ != truth.key
    ]
    right = [key_ == truth.key for truth, key_ in said]
    return Verdict(
        ours={goal: key_figures(said)},
        librosa={goal: key_figures(theirs)},
        sizes={goal: len(judged)},
        failures={goal: sorted(wrong)},
        notes=[_sure(f"Key, {over}", sure, right, (0.5, 0.9))],
    )


def _sure(what: str, sure: Sequence[float], right: Sequence[bool], at: Sequence[float]) -> str:
    """Say how often an answer is right that is so sure, and how many are."""
    parts = []
    for limit in at:
        chosen = [good for one, good in zip(sure, right, strict=True) if one >= limit]
        part = len(chosen) / max(len(sure), 1)
        parts.append(f"at confidence ≥ {limit:g} {share(chosen):.3f} right ({part:.0%} of them)")
    return f"{what}: {', '.join(parts)}; calibration error {calibration_error(sure, right):.3f}."
