"""64 numbers by which sounds are compared, each about as far from zero as any other."""

from functools import cache

import numpy as np
import numpy.typing as npt

from library.audio.hearing.decay import over
from library.audio.hearing.model import FOLDER
from library.audio.hearing.signal import LOW_RATE, Signal
from library.audio.hearing.spectral_shape import cosines, moments
from library.audio.hearing.strike import BLOCK, HOP, TINY, Strike, Values, decibels

COUNT = 64
RANGE = 1e-7
"""Of the loudest band: -70 dB."""

ATTACK = round(0.060 * LOW_RATE / HOP)
BODY = round(0.400 * LOW_RATE / HOP)
AFTER_SECONDS = (0.010, 0.030, 0.060, 0.100, 0.200, 0.400, 0.800, 1.500)
LOWEST_DB = -60.0


Halves = npt.NDArray[np.float16]

LIMIT = 4.0
"""Standard deviations beyond which nothing counts more."""


def descriptor(signal: Signal) -> Halves:
    """Return the 64 numbers of a sound that is not silent (float16); compare them by cosine."""
    return standardised(measured(Strike.of(signal.mono)))


def standardised(numbers: Values) -> Halves:
    """Return measured numbers (… x 64) by the product's own mean and deviation, as float16.

    These are fixed, so that what is stored stays comparable whatever a library holds.
    """
    mean, scale = _fixed()
    halves: Halves = np.clip((numbers - mean) / scale, -LIMIT, LIMIT).astype(np.float16)
    return halves


@cache
def _fixed() -> tuple[Values, Values]:
    with np.load(FOLDER / "descriptor.npz", allow_pickle=False) as stored:
        return stored["mean"], stored["scale"]


def measured(strike: Strike) -> Values:
    """Return the 64 numbers as they are measured (float32)."""
    mel = decibels(strike.mel, max(float(strike.mel.max()) * RANGE, TINY))
    energy = strike.mel.sum(axis=1)
    attack = mel[:ATTACK].max(axis=0)
    body = mel[ATTACK:BODY].mean(axis=0) if len(mel) > ATTACK else mel[-1]
    whole = (mel * energy[:, None]).sum(axis=0) / (energy.sum() + TINY)
    deviations = mel.std(axis=0).reshape(8, 5).mean(axis=1)
    return np.concatenate(
        [
            attack @ cosines(),
            body @ cosines(),
            whole @ cosines(),
            deviations,
            _falling(strike.envelope),
            _moments(strike.power[:ATTACK].mean(axis=0)),
            _moments(strike.power.mean(axis=0)),
            _lengths(strike),
        ]
    ).astype(np.float32)


def _falling(envelope: Values) -> Values:
    """Return the level (dB below the loudest) at eight times after the loudest block."""
    top = int(envelope.argmax())
    at = top + np.rint(np.array(AFTER_SECONDS) * LOW_RATE / BLOCK).astype(int)
    level = np.where(at < len(envelope), envelope[np.minimum(at, len(envelope) - 1)], 0)
    return np.maximum(decibels(np.square(level / envelope[top])), LOWEST_DB)


def _moments(power: Values) -> Values:
    centroid, _, rolled, flatness = moments(power)
    return np.array([centroid, rolled, flatness], np.float32)


def _lengths(strike: Strike) -> Values:
    """Return log2 of attack and effective length in blocks, and crossings of zero a frame."""
    effective = over(strike.envelope)
    body = strike.samples[: effective * BLOCK] > 0
    crossed = float(np.mean(body[1:] != body[:-1]))
    attack = int(strike.envelope.argmax()) + 1
    return np.array([np.log2(attack), np.log2(effective), crossed], np.float32)
