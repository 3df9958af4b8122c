"""Pitched waves, from a frequency per frame; levels within about -1..1."""

import numpy as np

from library.audio.synth.studio import Signal, Studio


def cycles(hz: Signal, rate: int) -> Signal:
    """Return the phase in cycles, 0 at the first frame."""
    return np.asarray((np.cumsum(hz) - hz[0]) / rate)


def sine(hz: Signal, rate: int, bend: Signal | float = 0.0) -> Signal:
    """A sine; ``bend`` (in radians) added to its phase makes it an FM carrier."""
    return np.sin(2 * np.pi * cycles(hz, rate) + bend)


def saw(hz: Signal, rate: int, start: float = 0.0) -> Signal:
    """A saw whose step is rounded by a polynomial (polyBLEP) against aliases.

    ``start`` is the first phase in cycles.
    """
    step = hz / rate
    phase = (cycles(hz, rate) + start) % 1.0
    after = np.clip(phase / step, 0.0, 1.0)
    before = np.clip((1.0 - phase) / step, 0.0, 1.0)
    return 2 * phase - 1 + (1 - after) ** 2 - (1 - before) ** 2


def pulse(hz: Signal, rate: int, width: float = 0.5) -> Signal:
    """A pulse that is up for ``width`` of each period: the gap of two saws."""
    return saw(hz, rate, 0.0) - saw(hz, rate, width) + (1 - 2 * width)


def stack(studio: Studio, hz: Signal, cents: tuple[float, ...]) -> Signal:
    """Saws side by side, each off by some cents and begun anywhere."""
    starts = studio.rng.random(len(cents))
    waves = [
        saw(hz * 2 ** (cent / 1200), studio.rate, float(start))
        for cent, start in zip(cents, starts, strict=True)
    ]
    return np.asarray(np.sum(waves, axis=0) / np.sqrt(len(cents)))


def metal(hz: float, time: Signal) -> Signal:
    """Six square waves in ratios without a common root: struck thin metal.

    They are left to alias, which adds to the metal.
    """
    ratios = (1.0, 1.342, 1.573, 1.921, 2.467, 3.151)
    waves = [np.sign(np.sin(2 * np.pi * hz * ratio * time)) for ratio in ratios]
    return np.asarray(np.sum(waves, axis=0) / len(ratios))
