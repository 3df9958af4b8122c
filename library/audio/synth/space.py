"""Rooms and places: a mono sound among two loudspeakers."""

from dataclasses import dataclass

import numpy as np

from library.audio.synth import filters
from library.audio.synth.studio import Signal, Studio


def pan(signal: Signal, place: Signal | float) -> Signal:
    """Set a vector between left (-1) and right (1) at equal power."""
    angle = (np.asarray(place) + 1) * np.pi / 4
    return np.stack([signal * np.cos(angle), signal * np.sin(angle)], axis=1)


def wide(signal: Signal) -> Signal:
    """Return frames x 2; a vector goes to the middle."""
    return signal if signal.ndim == 2 else np.stack([signal, signal], axis=1)  # noqa: PLR2004


@dataclass(frozen=True)
class Room:
    """A reverberation: its time to -40 dB in seconds, its level and its damping."""

    seconds: float
    level: float = 0.3
    damping_hz: float = 6000.0
    distance: float = 0.008  # seconds before it answers

    def __call__(self, studio: Studio, signal: Signal) -> Signal:
        """Return the sound in the room, frames x 2, longer by the room's time.

        The sound's own last fifth fades, or its cut end would click in the tail.
        """
        rest = np.linspace(5.0, 0.0, len(signal))
        dry = wide(signal) * np.minimum(rest, 1.0)[:, None]
        time = studio.time(self.seconds)
        echo = studio.rng.standard_normal((len(time), 2))
        echo *= np.exp(-4.6 * time / self.seconds)[:, None]
        echo = filters.lowpass(echo, studio.rate, self.damping_hz)
        echo = filters.highpass(echo, studio.rate, 180.0)
        echo /= np.sqrt(np.sum(echo**2, axis=0))
        late = studio.frames(self.distance)
        total = len(dry) + late + len(echo)
        size = 1 << (total - 1).bit_length()
        spectrum = np.fft.rfft(dry, size, axis=0) * np.fft.rfft(echo, size, axis=0)
        wet = np.fft.irfft(spectrum, size, axis=0)[: total - late]
        out = np.zeros((total, 2))
        out[: len(dry)] += dry
        out[late:] += self.level * wet
        return out


def placed(studio: Studio, signal: Signal, room: Room | None) -> Signal:
    """Put a sound into a room, or leave it as it is."""
    return signal if room is None else room(studio, signal)
