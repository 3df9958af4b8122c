"""Small percussion: toms, hand drums, sticks, bells and shakers."""

from dataclasses import dataclass

import numpy as np

from library.audio.synth import envelope, filters, noise, oscillators
from library.audio.synth.mixdown import saturate
from library.audio.synth.space import Room, placed
from library.audio.synth.studio import Signal, Studio


@dataclass(frozen=True)
class Skin:
    """A tuned drum: modes that fall a little in pitch, and the hand or stick."""

    seconds: float
    hz: float
    decay: float
    bend: float = 1.5  # first pitch over last pitch
    slap: float = 0.3
    slap_hz: float = 2500.0
    modes: tuple[tuple[float, float], ...] = ((1.0, 1.0), (1.59, 0.3), (2.14, 0.15))
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        tone = np.zeros_like(time)
        for ratio, level in self.modes:
            pitch = envelope.glide(time, self.hz * ratio * self.bend, self.hz * ratio, 0.03)
            wave = oscillators.sine(pitch, studio.rate)
            tone += level * wave * envelope.strike(time, self.decay / ratio)
        hand = filters.bandpass(noise.white(studio, len(time)), studio.rate, self.slap_hz, 0.8)
        hit = tone + 4 * self.slap * hand * envelope.strike(time, 0.008)
        return placed(studio, saturate(hit, 1.3), self.room)


@dataclass(frozen=True)
class Stick:
    """Wood on wood or on a rim: a few short ringing modes and a tick."""

    seconds: float
    modes: tuple[tuple[float, float], ...]  # Hz, level
    decay: float
    tick: float = 0.4
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        tone = np.zeros_like(time)
        for hz, level in self.modes:
            tone += level * np.sin(2 * np.pi * hz * time)
        tick = filters.highpass(noise.white(studio, len(time)), studio.rate, 2000.0)
        hit = tone * envelope.strike(time, self.decay)
        hit += self.tick * tick * envelope.strike(time, 0.002)
        return placed(studio, saturate(hit, 1.8), self.room)


@dataclass(frozen=True)
class Cowbell:
    """Two pulses a bent fifth apart through a band; seconds."""

    seconds: float
    hz: float
    decay: float
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        bell = np.zeros_like(time)
        for ratio in (1.0, 1.48):
            bell += oscillators.pulse(np.full_like(time, self.hz * ratio), studio.rate)
        bell = filters.highpass(bell, studio.rate, 1.8 * self.hz, 1.2)
        fall = 0.7 * envelope.strike(time, 0.015) + envelope.strike(time, self.decay)
        return placed(studio, saturate(bell * fall, 1.5), self.room)


@dataclass(frozen=True)
class Shaker:
    """Grains thrown forth and, softer, back: two swells of high noise."""

    seconds: float
    hz: float = 6500.0
    swing: float = 0.09  # seconds from the first swell to the second

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        grains = filters.bandpass(noise.white(studio, len(time)), studio.rate, self.hz, 1.4)
        level = np.zeros_like(time)
        for start, height in ((0.03, 0.6), (0.03 + self.swing, 1.0)):
            level += height * np.exp(-(((time - start) / 0.018) ** 2))
            since = np.maximum(time - start, 0.0)
            level += (time >= start) * 0.4 * height * envelope.strike(since, 0.03, 0.01)
        return np.asarray(saturate(3 * grains * level, 1.2))
