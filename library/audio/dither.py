"""From float to 16 bits: the only road to integers.

Triangular dither of two steps' width (TPDF) before rounding makes the error a steady noise that
knows nothing of the signal: Lipshitz, Wannamaker, Vanderkooy, "Quantization and dither: a
theoretical survey", JAES 40 (1992). No noise shaping: the sampler pitches and resamples again.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from library.audio.clip import Samples
from library.audio.levels import peak

Integers = npt.NDArray[np.int16]

STEPS = 32_768
BLACK = 10 ** (-138 / 20)
"""Blocks below this stay digital silence: a quarter of the smallest step of 24 bits."""

TABLE = 1 << 17
RUN = 1 << 15


@cache
def _triangle() -> npt.NDArray[np.float32]:
    """Triangular noise in steps, -1..1; drawn once, then read from random places."""
    random = np.random.default_rng(0x5404)
    noise = random.random(TABLE + RUN, np.float32) - random.random(TABLE + RUN, np.float32)
    noise.flags.writeable = False
    return noise


class Dither:
    """Quantise the blocks of one sound; the same seed and blocks give the same words."""

    def __init__(self, seed: int) -> None:
        """Start the row of places in the noise table."""
        self.random = np.random.default_rng(seed)

    def to_int16(self, samples: Samples, gain: float = 1.0) -> Integers:
        """Scale, dither, round to the nearest word and hold at full scale; never wraps."""
        loudest = peak(samples) * gain
        if loudest < BLACK:
            return np.zeros(samples.shape, np.int16)
        steps = samples * np.float32(STEPS * gain)
        flat = steps.reshape(-1)
        noise = _triangle()
        for start in range(0, flat.size, RUN):
            run = flat[start : start + RUN]
            place = int(self.random.integers(TABLE))
            run += noise[place : place + run.size]
        np.rint(flat, out=flat)
        if loudest * STEPS > STEPS - 2.5:  # one step of dither and half of rounding
            np.clip(flat, -STEPS, STEPS - 1, out=flat)
        return steps.astype(np.int16)


def exact_int16(samples: Samples) -> Integers | None:
    """Return the words of samples that all lie on the 16-bit grid, else None: no dither needed."""
    steps = samples * np.float32(STEPS)
    words = np.rint(steps)
    fits = words.max(initial=0) < STEPS and words.min(initial=0) >= -STEPS
    if not fits or not np.array_equal(steps, words):
        return None
    integers: Integers = words.astype(np.int16)
    return integers


def to_int16(samples: Samples, seed: int = 0) -> Integers:
    """Quantise a whole sound: exactly where it already is 16-bit, with dither otherwise."""
    exact = exact_int16(samples)
    return Dither(seed).to_int16(samples) if exact is None else exact
