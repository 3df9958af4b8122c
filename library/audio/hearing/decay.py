"""How the loudness of a struck sound runs: attack, decay, length, and what crosses zero."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from library.audio.hearing.signal import LOW_RATE
from library.audio.hearing.strike import BLOCK, HOP, TINY, Strike, Values, decibels

BLOCKS_A_SECOND = LOW_RATE / BLOCK
SHORTEST_SECONDS = 0.003

OVER_DB = -40.0
"""Below the loudest block: where a sound counts as over."""

LOUD_DB = -20.0

EARLY_SECONDS = 0.030
BURSTS_SECONDS = 0.070
MILLISECOND = 22
"""Frames."""

BURST, DIP = 0.25, 0.5
"""A separate hit is as loud (of the peak); what lies between two is softer (of the softer)."""

FALLS_DB = (10.0, 20.0, 40.0)
REGIONS = (0, 8, 24)
"""Mel bands where low, middle and high begin: to 0.4 kHz, to 2.4 kHz, above."""


def decay(strike: Strike, seconds: float) -> list[float]:
    """Return 17 numbers; times as log2 of seconds; seconds: the exact length of the file."""
    envelope = strike.envelope
    top = int(envelope.argmax())
    effective = over(envelope)
    heard = np.square(envelope[:effective])
    level = decibels(heard / envelope[top] ** 2, 1e-8)
    energy = np.cumsum(heard, dtype=np.float64)
    half, most = np.searchsorted(energy, np.array([0.5, 0.9]) * energy[-1])
    tenth = max(1, effective // 10)
    body = strike.samples[: effective * BLOCK]
    centre = float((heard * np.arange(effective)).sum() / heard.sum())
    return [
        float(np.log2(max(seconds, SHORTEST_SECONDS))),
        log_seconds(effective),
        log_seconds(top + 1),
        *(log_seconds(_first(_below(envelope[top:], down))) for down in FALLS_DB),
        log_seconds(float(half) + 1),
        log_seconds(float(most) + 1),
        float(level[:tenth].mean()),
        float(level[-tenth:].mean()),
        float((level > LOUD_DB).mean()),
        float((level > OVER_DB).mean()),
        float(-decibels(np.square(body).mean() + TINY)),
        _crossings(body),
        _crossings(strike.samples[: int(EARLY_SECONDS * LOW_RATE)]),
        _bursts(strike.samples),
        log_seconds(centre + 1),
    ]


def over(envelope: Values) -> int:
    """Return after how many blocks nothing is louder than -40 dB below the loudest."""
    return int(np.flatnonzero(envelope > envelope.max() * 10 ** (OVER_DB / 20))[-1]) + 1


def log_seconds(blocks: float) -> float:
    """Return log2 of a time given in blocks of 2.9 ms, at least one."""
    return float(np.log2(max(blocks, 1.0) / BLOCKS_A_SECOND))


def falls(strike: Strike) -> list[float]:
    """Return how long low, middle and high bands take to fall by 20 dB (log2 seconds)."""
    parts = np.add.reduceat(strike.mel, REGIONS, axis=1).T
    frames = [_first(_below(np.sqrt(part[int(part.argmax()) :]), 20.0)) for part in parts]
    return [log_seconds(count * HOP / BLOCK) for count in frames]


def _below(after: Values, down_db: float) -> npt.NDArray[np.bool_]:
    below: npt.NDArray[np.bool_] = after < after[0] * 10 ** (-down_db / 20)
    return below


def _first(holds: npt.NDArray[np.bool_]) -> float:
    """Return the place of the first that holds, or how many there are."""
    return float(np.argmax(holds)) if holds.any() else float(len(holds))


def _crossings(samples: Values) -> float:
    """Return log2 of the crossings of zero a second."""
    signs = samples > 0
    crossed = np.count_nonzero(signs[1:] != signs[:-1])
    return float(np.log2(1 + crossed * LOW_RATE / len(signs)))


def _bursts(samples: Values) -> float:
    """Count the dips between separate hits in the first 70 ms, as a clap has them."""
    size = np.abs(samples[: int(BURSTS_SECONDS * LOW_RATE)])
    steps = size[: len(size) // MILLISECOND * MILLISECOND].reshape(-1, MILLISECOND).max(axis=1)
    smooth = np.convolve(np.pad(steps, 1, "edge"), [0.25, 0.5, 0.25], "valid")
    inner = smooth[1:-1]
    tops = np.flatnonzero((inner >= smooth[:-2]) & (inner > smooth[2:]) & (inner > BURST)) + 1
    between = [smooth[a:b].min() / min(smooth[a], smooth[b]) for a, b in pairwise(tops)]
    return float(sum(dip < DIP for dip in between))
