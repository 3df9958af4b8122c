"""Where the waveform of a sound steps up: to the sample, where spectra tell frames."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from library.audio.hearing.signal import Mono

Values = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

SECONDS = 0.0005
"""One step; all figures below count steps of this length."""

REACH = 16
"""How far to both sides of a place a rise is looked for: 8 ms."""
SIDE = 8
"""How much sound is held against how much before it: 4 ms."""
NEAR = 8.0
"""Standard deviation of the preference for what is close to the place: 4 ms."""

EMPHASIS = np.float32(0.95)
"""Pre-emphasis: beginnings are bright."""
FLOOR = 1e-3
"""Part of the loudest step near by, which counts as silence."""

FIRST = 0.25
"""Of several rises near by the first counts that is at least this part of the best."""
LEVEL = 0.08
"""How far up the rise the first sample stands that counts."""
CROSSING_SECONDS = 0.002


@dataclass(frozen=True, eq=False)
class Steps:
    """A waveform (native, float32) at `rate` (Hz) and its levels summed up.

    sums (steps + 1,): of the RMS of each step after pre-emphasis, with silence behind the end.
    """

    native: Mono
    rate: int
    size: int
    sums: Values

    @classmethod
    def of(cls, native: Mono, rate: int) -> "Steps":
        """Measure a waveform."""
        size = round(SECONDS * rate)
        count = -(-len(native) // size) + 2 * REACH
        sharp = np.zeros(count * size, np.float32)
        sharp[: len(native)] = native
        sharp[1 : len(native)] -= EMPHASIS * native[:-1]
        levels = np.sqrt(np.mean(sharp.reshape(count, size) ** 2, axis=1, dtype=np.float64))
        return cls(native, rate, size, np.concatenate(([0.0], np.cumsum(levels))))

    def _around(self, places: Places) -> Places:
        """Return the steps near samples (places x 2 REACH + 1)."""
        offsets = np.arange(-REACH, REACH + 1)
        last = len(self.sums) - 1 - 2 * REACH
        steps: Places = np.clip(places[:, None] // self.size + offsets, 0, last)
        return steps

    def sides(self, places: Places, side: int) -> tuple[Values, Values]:
        """Return the mean levels before and after every step near samples.

        side: steps on each side, at most 2 REACH. Before the first one it is silent.
        """
        steps = self._around(places)
        after = np.maximum(self.sums[steps + side] - self.sums[steps], 0) / side
        before = np.maximum(self.sums[steps] - self.sums[np.maximum(steps - side, 0)], 0) / side
        return before, after

    def refined(self, places: Places) -> Places:
        """Return the sample where the sound near each place really begins."""
        before, after = self.sides(places, SIDE)
        rises = (after - before) * growth(before, after)
        rises *= np.exp(-0.5 * (np.arange(-REACH, REACH + 1) / NEAR) ** 2)
        best = rises.max(axis=1, keepdims=True)
        is_top = np.ones_like(rises, bool)
        is_top[:, 1:] &= rises[:, 1:] >= rises[:, :-1]
        is_top[:, :-1] &= rises[:, :-1] > rises[:, 1:]
        counts = (is_top & (rises >= FIRST * best)) | (rises == best)
        first = np.argmax(counts, axis=1)
        steps = np.take_along_axis(self._around(places), first[:, None], axis=1)[:, 0]
        return np.array([self._first_sample(step * self.size) for step in steps.tolist()], np.intp)

    def _first_sample(self, place: int) -> int:
        """Return the first sample up the rise, or where the wave last crossed zero before it."""
        start = max(0, place - self.size)
        calm = np.abs(self.native[max(0, start - SIDE * self.size) : start])
        sound = np.abs(self.native[start : place + SIDE * self.size])
        quiet = float(calm.max(initial=0))
        level = quiet + LEVEL * max(0.0, float(sound.max()) - quiet)
        first = start + int(np.argmax(sound > level))
        back = max(0, first - round(CROSSING_SECONDS * self.rate))
        is_low = np.signbit(self.native[back : first + 1])
        crossings = np.flatnonzero(is_low[1:] != is_low[:-1])
        return back + int(crossings[-1]) + 1 if len(crossings) else first


def growth(before: Values, after: Values) -> Values:
    """Return the logarithm of how much louder it is after than before (places x steps)."""
    silence = FLOOR * after.max(axis=1, keepdims=True) + np.finfo(np.float64).tiny
    grown: Values = np.log((after + silence) / (before + silence))
    return grown
