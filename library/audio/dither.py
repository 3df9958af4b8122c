"""From float to 16 bits: the only road to integers.

Triangular dither of two steps' width (TPDF) before rounding makes the error a steady noise that
knows nothing of the signal: Lipshitz, Wannamaker, Vanderkooy, "Quantization and dither: a
theoretical survey", JAES 40 (1992). No noise shaping: the sampler pitches and resamples again.
"""

from functools import cache
from random import Random

import numpy as np
import numpy.typing as npt

from library.audio.clip import Integers, Samples
from library.audio.levels import peak

STEPS = 32_768
BLACK = 10 ** (-138 / 20)
"""Blocks below this stay digital silence: a quarter of the smallest step of 24 bits."""

TABLE_BITS = 17
TABLE = 1 << TABLE_BITS
RUN = 1 << 15
"""Samples that are worked on together: few enough for the processor's cache."""

HEAD = 256
"""Samples that tell, for nearly every sound, whether it lies on the 16-bit grid."""


@cache
def _triangle() -> npt.NDArray[np.float32]:
    """Triangular noise in steps, -1..1; drawn once, then read from random places."""
    random = Random(0x5404)  # noqa: S311 - noise; to import numpy's takes longer than many a sound
    noise = np.zeros(TABLE + RUN, np.float32)
    for sign in (1, -1):
        for start in range(0, noise.size, RUN):  # all at once would touch six times the memory
            drawn = np.frombuffer(random.randbytes(4 * RUN), "<u4")
            noise[start : start + RUN] += drawn.astype(np.float32) * np.float32(sign / (1 << 32))
    noise.flags.writeable = False
    return noise


class Dither:
    """Quantise the blocks of one sound; the same seed and blocks give the same words."""

    def __init__(self, seed: int) -> None:
        """Start the row of places in the noise table."""
        self.random = Random(seed)  # noqa: S311 - noise
        self.scratch = np.empty(RUN, np.float32)

    def to_int16(
        self, samples: Samples, gain: float = 1.0, loudest: float | None = None
    ) -> Integers:
        """Scale, dither, round to the nearest word and hold at full scale; never wraps.

        loudest: the peak of the samples (linear, before the gain) where it is known already.
        """
        loudest = gain * (peak(samples) if loudest is None else loudest)
        if loudest < BLACK:
            return np.zeros(samples.shape, np.int16)
        words = np.empty(samples.shape, np.int16)
        scale = np.float32(STEPS * gain)
        holds = loudest * STEPS > STEPS - 2.5  # one step of dither and half of rounding
        noise, flat, out = _triangle(), samples.reshape(-1), words.reshape(-1)
        for start in range(0, flat.size, RUN):
            run = flat[start : start + RUN]
            steps = self.scratch[: run.size]
            place = self.random.getrandbits(TABLE_BITS)
            np.multiply(run, scale, out=steps)
            steps += noise[place : place + run.size]
            np.rint(steps, out=steps)
            if holds:
                np.clip(steps, -STEPS, STEPS - 1, out=steps)
            out[start : start + RUN] = steps
        return words


def exact_int16(samples: Samples) -> Integers | None:
    """Return the words of samples that all lie on the 16-bit grid, else None: no dither needed."""
    if _words(samples[:HEAD]) is None:
        return None
    return _words(samples)


def _words(samples: Samples) -> Integers | None:
    steps = samples * np.float32(STEPS)
    words = np.rint(steps)
    fits = words.max(initial=0) < STEPS and words.min(initial=0) >= -STEPS
    if not fits or not np.array_equal(steps, words):
        return None
    integers: Integers = words.astype(np.int16)
    return integers
