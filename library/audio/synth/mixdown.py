"""The last steps of every sound: drive, joining, clean edges, peak level."""

import numpy as np
from numpy.typing import NDArray

from library.audio.synth import filters
from library.audio.synth.studio import Signal


def saturate(signal: Signal, drive: float) -> Signal:
    """Bend the peaks softly; ``drive`` 1 is warm, 8 is broken. Peaks stay below 1."""
    return np.asarray(np.tanh(drive * signal) / np.tanh(drive))


def crush(signal: Signal, bits: int) -> Signal:
    """Round to a coarse ladder of ``bits`` bits, like an early sampler."""
    steps = 2.0 ** (bits - 1)
    return np.round(signal * steps) / steps


def fold(signal: Signal, frames: int) -> Signal:
    """Lay what rings past ``frames`` over the start, so the sound can loop."""
    turns = -(-len(signal) // frames)
    padded = np.zeros((turns * frames, *signal.shape[1:]))
    padded[: len(signal)] = signal
    return np.asarray(padded.reshape(turns, frames, *signal.shape[1:]).sum(axis=0))


def finish(signal: Signal, rate: int, peak_db: float, fade_seconds: float) -> NDArray[np.float32]:
    """Return float32 frames x channels: no DC, edges at zero, peak as told.

    The first half millisecond rises, the last ``fade_seconds`` fall (raised
    cosine). The signal must not be silent.
    """
    sound = filters.centred(signal, rate).reshape(len(signal), -1)
    fade_in, fade_out = (round(seconds * rate) for seconds in (0.0005, fade_seconds))
    window = np.ones((len(sound), 1))
    window[:fade_in, 0] *= _rise(fade_in)
    window[-fade_out:, 0] *= _rise(fade_out)[::-1]
    sound *= window
    sound -= window * (sound.sum(axis=0) / window.sum())
    sound *= 10 ** (peak_db / 20) / np.max(np.abs(sound))
    return sound.astype(np.float32)


def _rise(frames: int) -> Signal:
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.arange(frames) / frames))
