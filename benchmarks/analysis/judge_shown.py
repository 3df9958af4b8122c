"""What is shown that should not be; how far a confidence can be trusted; what hints are worth."""

from collections.abc import Sequence

from benchmarks.analysis.judge_music import (
    key_figures,
    key_said,
    tempo_figures,
    with_key,
    with_tempo,
)
from benchmarks.analysis.marks import calibration_error, same_tempo
from benchmarks.analysis.ours import Answer
from benchmarks.analysis.recorded import Truth
from benchmarks.analysis.verdict import Verdict, share
from library.audio.classes import DRUMS


def shown(known: Sequence[Truth], answers: Sequence[Answer]) -> Verdict:
    """Judge the rules of showing on recorded sounds."""
    pairs = list(zip(known, answers, strict=True))
    shots = [(truth, answer) for truth, answer in pairs if not truth.is_loop]
    loops = [(t, a) for t, a in pairs if t.is_loop and t.sound_class == "drums" and not t.key]
    hits = [(truth, answer) for truth, answer in shots if truth.sound_class in DRUMS]
    keyed = [(truth, answer) for truth, answer in pairs if truth.key]
    return Verdict(
        ours={
            "bpm on one-shots": (share(a.get("bpm") is not None for _, a in shots),),
            "key on drum loops": (share(bool(a.get("key_shown")) for _, a in loops),),
            "key on hits": (share(bool(a.get("key_shown")) for _, a in hits),),
        },
        sizes={
            "bpm on one-shots": len(shots),
            "key on drum loops": len(loops),
            "key on hits": len(hits),
        },
        failures={
            "bpm on one-shots": [
                f"{a['bpm']} {t.sound_class} {t.path}" for t, a in shots if a.get("bpm") is not None
            ],
            "key on drums": [
                f"{a['key']} {a['key_confidence']} {a['tonality']} {t.sound_class} {t.path}"
                for t, a in [*loops, *hits]
                if a.get("key_shown")
            ],
        },
        notes=[
            (
                f"A key is shown on {share(bool(a.get('key_shown')) for _, a in keyed):.1%} of the "
                f"{len(keyed)} recorded sounds that have one."
            ),
        ],
    )


def told(over: str, known: Sequence[Truth], answers: Sequence[Answer]) -> Verdict:
    """Say how the shipped models of kind and class do, and how well they know it."""
    pairs = list(zip(known, answers, strict=True))
    kinds = [answer.get("kind") == truth.kind for truth, answer in pairs]
    kind_sure = [float(answer.get("kind_confidence") or 0) for _, answer in pairs]
    classed = [(t, a) for t, a in pairs if t.sound_class and not t.is_loop]
    classes = [answer.get("class") == truth.sound_class for truth, answer in classed]
    sure = [float(answer.get("class_confidence") or 0) for _, answer in classed]
    return Verdict(
        notes=[
            (
                f"The shipped models, {over}: kind {share(kinds):.3f} of {len(kinds)}, calibration "
                f"error {calibration_error(kind_sure, kinds):.3f}; class of one-shots "
                f"{share(classes):.3f} of {len(classes)}, calibration error "
                f"{calibration_error(sure, classes):.3f}."
            ),
        ]
    )


def rendered(known: Sequence[Truth], answers: Sequence[Answer]) -> Verdict:
    """Say how loops of recorded instruments are heard, which nothing of tempo has learnt from."""
    tempos = [(truth, answer.get("bpm")) for truth, answer in with_tempo(known, answers)]
    keys = [(truth, key_said(answer)) for truth, answer in with_key(known, answers)]
    pairs = list(zip(known, answers, strict=True))
    kind = share(answer.get("kind") == truth.kind for truth, answer in pairs)
    classes = share(answer.get("class") == truth.sound_class for truth, answer in pairs)
    return Verdict(
        notes=[
            (
                f"{len(known)} loops rendered with General MIDI soundfonts: tempo "
                f"{_figures(tempo_figures(tempos))}; key {_figures(key_figures(keys))} of "
                f"{len(keys)}; kind {kind:.3f}; class {classes:.3f}."
            )
        ],
        failures={
            "rendered": [
                f"{a.get('kind')} {a.get('class')} {a.get('bpm')} not {t.bpm} {t.path}"
                for t, a in pairs
                if a.get("kind") != t.kind or not same_tempo(a.get("bpm"), t.bpm or 0)
            ]
        },
    )


def _figures(found: Sequence[float]) -> str:
    return " / ".join(f"{figure:.3f}" for figure in found)


def hinted(known: Sequence[Truth], answers: Sequence[Answer]) -> Verdict:
    """Say what the same marks are when names, folders and chunks may help."""
    bpms = [(truth, answer.get("bpm")) for truth, answer in with_tempo(known, answers)]
    keys = [(truth, key_said(answer)) for truth, answer in with_key(known, answers)]
    tempo, key = _figures(tempo_figures(bpms)), _figures(key_figures(keys))
    return Verdict(notes=[f"With hints, recorded: tempo {tempo}; key {key}."])
