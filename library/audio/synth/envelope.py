"""Curves over time that shape level, pitch and filters; 0..1 unless said."""

import numpy as np

from library.audio.synth.studio import Signal


def strike(time: Signal, decay: float, attack: float = 0.0005) -> Signal:
    """A hit: a short rise, then an exponential fall.

    ``decay`` is the time constant in seconds (-8.7 dB); 7 of them are -60 dB.
    """
    return np.minimum(time / attack, 1.0) * np.exp(-time / decay)


def hold(time: Signal, attack: float, release: float) -> Signal:
    """A held note: raised-cosine rise and fall, level between.

    Both are in seconds and together no longer than the sound.
    """
    seconds = time[-1]
    rise = np.clip(time / attack, 0.0, 1.0)
    fall = np.clip((seconds - time) / release, 0.0, 1.0)
    return np.asarray((0.5 - 0.5 * np.cos(np.pi * rise)) * (0.5 - 0.5 * np.cos(np.pi * fall)))


def glide(time: Signal, start: float, end: float, constant: float) -> Signal:
    """A value that falls or climbs from start to end with a time constant."""
    return end + (start - end) * np.exp(-time / constant)


def sweep(time: Signal, start: float, end: float, bend: float = 1.0) -> Signal:
    """A value that moves from start to end in equal ratios over the whole time.

    Both must be above 0. ``bend`` above 1 keeps the motion for the end.
    """
    return np.asarray(start * (end / start) ** ((time / time[-1]) ** bend))
