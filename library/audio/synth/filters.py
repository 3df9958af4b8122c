"""Two-pole filters, applied as spectra: exact, causal and without loops.

Responses are those of the analogue prototypes at s = j * f, so nothing is warped
near the upper end. Signals are vectors or frames x channels.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from library.audio.synth.studio import Signal

Response: TypeAlias = NDArray[np.complexfloating[Any, Any]]
Filter: TypeAlias = Callable[[Signal, int, float, float], Signal]

BUTTERWORTH = 0.7071
_TAIL = 8192  # frames of silence that take the ringing, so it does not wrap round


def _apply(signal: Signal, rate: int, shape: Callable[[Response], Response]) -> Signal:
    size = -(-(len(signal) + _TAIL) // 4096) * 4096
    gains = shape(1j * np.fft.rfftfreq(size, 1 / rate)).reshape(-1, *[1] * (signal.ndim - 1))
    spectrum = np.fft.rfft(signal, size, axis=0)
    return np.fft.irfft(spectrum * gains, size, axis=0)[: len(signal)]


def lowpass(signal: Signal, rate: int, hz: float, q: float = BUTTERWORTH) -> Signal:
    """Keep what is below ``hz``; -12 dB an octave above, a peak of ``q`` at it."""

    def shape(s: Response) -> Response:
        return np.asarray(1 / ((s / hz) ** 2 + s / hz / q + 1))

    return _apply(signal, rate, shape)


def highpass(signal: Signal, rate: int, hz: float, q: float = BUTTERWORTH) -> Signal:
    """Keep what is above ``hz``; -12 dB an octave below."""
    return _apply(signal, rate, lambda s: 1 / ((s / hz) ** 2 + s / hz / q + 1) * (s / hz) ** 2)


def bandpass(signal: Signal, rate: int, hz: float, q: float = BUTTERWORTH) -> Signal:
    """Keep what is around ``hz`` (gain 1 there), ``hz / q`` wide."""
    return resonant(signal, rate, ((hz, q, 1.0),))


def resonant(signal: Signal, rate: int, peaks: tuple[tuple[float, float, float], ...]) -> Signal:
    """Pass a signal through band-passes side by side: Hz, Q and gain of each."""

    def shape(s: Response) -> Response:
        total = np.zeros_like(s)
        for hz, q, gain in peaks:
            total += gain * (s / hz / q) / ((s / hz) ** 2 + s / hz / q + 1)
        return total

    return _apply(signal, rate, shape)


def swept(signal: Signal, rate: int, hz: Signal, q: float, kind: Filter = lowpass) -> Signal:
    """Filter a vector with a corner that moves: one frequency per frame.

    Fixed filters a fifth of an octave apart are cross-faded.
    """
    position = 5 * np.log2(hz / hz.min())
    moved = np.zeros_like(signal)
    for step in range(int(position.max()) + 2):
        weight = np.clip(1 - np.abs(position - step), 0.0, 1.0)
        moved += weight * kind(signal, rate, float(hz.min()) * 2 ** (step / 5), q)
    return moved


def centred(signal: Signal, rate: int, hz: float = 20.0) -> Signal:
    """Take out everything slower than ``hz``, with the end joined to the start.

    Round about like this a loop stays seamless and a sound that ends in silence
    stays silent before its start.
    """
    s = 1j * np.fft.rfftfreq(len(signal), 1 / rate) / hz
    gains = s * s / (s * s + s / BUTTERWORTH + 1)
    spectrum = np.fft.rfft(signal, axis=0)
    spectrum *= gains.reshape(-1, *[1] * (signal.ndim - 1))
    return np.fft.irfft(spectrum, len(signal), axis=0)
