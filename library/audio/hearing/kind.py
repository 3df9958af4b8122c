"""Whether a sound is a loop or a one-shot."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from library.audio.hearing.envelope import RATE, Peaks, Values
from library.audio.hearing.model import FOLDER, Softmax
from library.audio.hearing.signal import Mono, Signal
from library.audio.hearing.tempo import Tempo
from library.audio.units import gain_to_db

FLOOR_DB = -80.0
BLOCK_SECONDS = 0.003
"""Of the levels: short enough for an attack, and what a cut at an end shows in."""

STRONG = 0.5
"""Rises at least this part of the strongest count as strong."""

WINNERS = ("like_one", "like_two", "like_bar", "on_beat", "on_quarter", "on_best_quarter")
MAXIMA = (*WINNERS, "line_two", "line_bar", "whole_power")

LOOP = "loop"
CLASSES = ("one-shot", LOOP)


@dataclass(frozen=True)
class Kind:
    """confidence: 0.5..1, how likely what is_loop says is right."""

    is_loop: bool
    confidence: float


def kind(signal: Signal, tempo: Tempo) -> Kind:
    """Tell a loop from a one-shot."""
    likely = model().probabilities(kind_features(signal.mono, signal.seconds, tempo))
    is_loop = model().classes[int(likely.argmax())] == LOOP
    return Kind(is_loop, float(likely.max()))


def kind_features(mono: Mono, seconds: float, tempo: Tempo) -> Values:
    """Return what the model looks at."""
    columns = rises(tempo.guesses.evidence.rises, seconds) | fit(seconds, tempo)
    columns |= levels(mono)
    return np.array(list(columns.values()))


def rises(found: Peaks, seconds: float) -> dict[str, float]:
    """Return the length of a sound, how often something begins, and how evenly."""
    strong = found.seconds[found.weights >= STRONG * found.weights.max(initial=0.0)]
    gaps = np.log(np.diff(strong)) if len(strong) > 2 else np.zeros(0)  # noqa: PLR2004 two gaps
    return {
        "log_seconds": float(np.log2(seconds)),
        "rises": float(np.log2(1 + len(found.seconds))),
        "strong": float(np.log2(1 + len(strong))),
        "rises_a_second": float(np.log2(1 + len(found.seconds) / seconds)),
        "strong_a_second": float(np.log2(1 + len(strong) / seconds)),
        "span": float(np.ptp(found.seconds)) / seconds if len(found.seconds) else 0.0,
        "strong_span": float(np.ptp(strong)) / seconds if len(strong) else 0.0,
        "uneven": float(gaps.std()) if len(gaps) else 0.0,
        "several": float(len(gaps) > 0),
    }


def fit(seconds: float, tempo: Tempo) -> dict[str, float]:
    """Return how well the best tempo and the best of each of its signs suit a loop."""
    columns = dict(tempo.guesses.columns)
    names = ("beats_off", "likely", "octaves", "on_whole")
    if tempo.bpm is None:
        empty = [*names, *(f"winner_{name}" for name in WINNERS)]
        return dict.fromkeys([*empty, *(f"best_{name}" for name in MAXIMA)], 0.0)
    columns["whole_power"] = columns["nearly_whole"] * columns["power_of_two"]
    winner = int(tempo.masses.argmax())
    beats = seconds * tempo.bpm / 60
    values = (
        abs(beats - round(beats)),
        tempo.confidence,
        tempo.octaves,
        float(columns["whole_power"][winner]),
    )
    return (
        dict(zip(names, values, strict=True))
        | {f"winner_{name}": float(columns[name][winner]) for name in WINNERS}
        | {f"best_{name}": float(columns[name].max()) for name in MAXIMA}
    )


def levels(mono: Mono) -> dict[str, float]:
    """Return how loud a sound is from its beginning to its end, in dB below its loudest block."""
    size = round(BLOCK_SECONDS * RATE)
    padded = np.pad(mono, (0, -len(mono) % size)).astype(np.float64)
    powers = (padded.reshape(-1, size) ** 2).mean(axis=1)
    loudest = powers.max()
    shares = np.cumsum(powers) / powers.sum()
    parts = {
        "end": (0.98, 1.0),
        "late": (0.9, 0.98),
        "middle": (0.4, 0.6),
        "early": (0.0, 0.1),
        "first": (0.0, 0.0),
        "last": (1.0, 1.0),
    }
    seen = {f"level_{name}": _level(powers, *span) for name, span in parts.items()}
    at = int(powers.argmax())
    after = powers[at:] / loudest
    for fall in (10, 20, 40):
        below = np.flatnonzero(after < 10 ** (-fall / 10))
        seen[f"falls_{fall}"] = _log_blocks(int(below[0]) if len(below) else len(after))
        heard = powers > loudest * 10 ** (-fall / 10)
        seen[f"above_{fall}"] = float(heard.mean())
    for share in (50, 90):
        seen[f"energy_{share}"] = _log_blocks(int(np.searchsorted(shares, share / 100)))
        seen[f"energy_place_{share}"] = float(np.searchsorted(shares, share / 100)) / len(powers)
    seen["attack"] = _log_blocks(at)
    seen["attack_place"] = at / len(powers)
    seen["crest"] = float(10 * np.log10(loudest / powers.mean()))
    seen["crossings"] = float(np.mean(np.diff(np.signbit(mono))))
    return seen


def _level(powers: Values, start: float, end: float) -> float:
    """Return the mean level between two parts of a sound, at least of one block."""
    first = min(int(start * len(powers)), len(powers) - 1)
    last = max(first + 1, int(np.ceil(end * len(powers))))
    mean = powers[first:last].mean() / powers.max()
    return max(FLOOR_DB, gain_to_db(float(np.sqrt(mean))))


def _log_blocks(blocks: int) -> float:
    return float(np.log2(1 + blocks))


@cache
def model() -> Softmax:
    """Return the trained weights."""
    return Softmax.read(FOLDER / "kind.npz")
