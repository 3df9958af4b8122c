"""Effects: a riser, an impact, a reversed swell and the dust of a record."""

from dataclasses import dataclass

import numpy as np

from library.audio.synth import envelope, filters, noise, oscillators
from library.audio.synth.mixdown import saturate
from library.audio.synth.space import Room, pan
from library.audio.synth.studio import Signal, Studio

_CYMBAL_ROOM = Room(1.2, 0.8, 9000.0)


@dataclass(frozen=True)
class Riser:
    """Noise and a siren that climb together, louder and wider to the end."""

    seconds: float
    low_hz: float = 220.0
    high_hz: float = 7000.0

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        corner = envelope.sweep(time, self.low_hz, self.high_hz)
        siren = oscillators.saw(
            envelope.sweep(time, self.low_hz / 2, self.high_hz / 8, 1.3), studio.rate
        )
        level = (time / time[-1]) ** 1.5
        sides = []
        for _ in range(2):
            air = noise.white(studio, len(time))
            air = filters.swept(air, studio.rate, corner, 2.0, filters.bandpass)
            sides.append(2.5 * air)
        gate = 0.7 + 0.3 * np.sin(2 * np.pi * np.cumsum(2 + 14 * level) / studio.rate)
        tone = 0.25 * filters.swept(siren * gate, studio.rate, 1.5 * corner, 0.9)
        return saturate((np.stack(sides, axis=1) + tone[:, None]) * level[:, None], 1.5)


@dataclass(frozen=True)
class Impact:
    """A boom that sinks, a burst that darkens, a hall behind both."""

    seconds: float
    hz: float
    room: Room

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        pitch = envelope.glide(time, 3 * self.hz, self.hz, 0.12)
        boom = oscillators.sine(pitch, studio.rate) * envelope.strike(time, 0.45)
        corner = envelope.glide(time, 7000.0, 250.0, 0.25)
        burst = filters.swept(noise.white(studio, len(time)), studio.rate, corner, 0.7)
        burst *= envelope.strike(time, 0.5, attack=0.004)
        return saturate(0.6 * self.room(studio, 0.8 * boom + 1.6 * burst), 2.2)


@dataclass(frozen=True)
class Swell:
    """A cymbal and its room played backwards: it grows and stops."""

    seconds: float
    hz: float = 430.0

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds - _CYMBAL_ROOM.seconds)
        plate = 0.5 * oscillators.metal(self.hz, time)
        plate = plate + noise.white(studio, len(time))
        plate = filters.highpass(plate, studio.rate, 900.0)
        plate *= envelope.strike(time, 0.4, attack=0.02)
        return np.ascontiguousarray(_CYMBAL_ROOM(studio, plate)[::-1])


@dataclass(frozen=True)
class Vinyl:
    """Clicks, hiss and the rumble of a turntable between two songs."""

    seconds: float
    clicks_per_second: float = 36.0

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        dust = np.zeros((len(time), 2))
        for place in (-0.6, 0.0, 0.5):
            clicks = noise.crackle(studio, len(time), self.clicks_per_second / 3)
            clicks = filters.bandpass(clicks, studio.rate, 2600.0 + 1500 * place, 0.9)
            dust += pan(6 * clicks, place)
        hiss = filters.highpass(noise.pink(studio, len(time)), studio.rate, 500.0)
        rumble = filters.lowpass(noise.pink(studio, len(time)), studio.rate, 60.0)
        ground = 0.08 * hiss + 0.08 * rumble
        return saturate(dust + pan(ground, 0.0), 1.5)
