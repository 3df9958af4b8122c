"""Kicks, snares and claps."""

from dataclasses import dataclass

import numpy as np

from library.audio.synth import envelope, filters, noise, oscillators
from library.audio.synth.mixdown import crush, saturate
from library.audio.synth.space import Room, placed
from library.audio.synth.studio import Signal, Studio


@dataclass(frozen=True)
class Kick:
    """A sine that drops in pitch under a short click; times in seconds."""

    seconds: float
    hz: float  # where the pitch comes to rest
    decay: float
    punch: float = 4.0  # first pitch over last pitch
    drop: float = 0.025
    click: float = 0.3
    drive: float = 1.5
    top_hz: float = 9000.0
    dust: float = 0.0
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        pitch = envelope.glide(time, self.hz * self.punch, self.hz, self.drop)
        body = oscillators.sine(pitch, studio.rate)
        body *= envelope.strike(time, self.decay)
        beater = filters.highpass(noise.white(studio, len(time)), studio.rate, 1500.0)
        hit = saturate(body + 3 * self.click * beater * envelope.strike(time, 0.003), self.drive)
        air = noise.pink(studio, len(time)) * envelope.strike(time, 0.05)
        hit = filters.lowpass(hit + self.dust * air, studio.rate, self.top_hz)
        return placed(studio, hit, self.room)


@dataclass(frozen=True)
class Snare:
    """Two modes of a skin and the rattle of the wires; times in seconds."""

    seconds: float
    hz: float  # the lower mode
    skin_decay: float
    wire_decay: float
    wire_level: float = 1.0
    wire_low_hz: float = 1200.0
    wire_high_hz: float = 9000.0
    drive: float = 1.8
    bits: int = 16
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        skin = np.zeros_like(time)
        for ratio, level in ((1.0, 0.6), (1.79, 0.35)):
            pitch = envelope.glide(time, self.hz * ratio * 1.35, self.hz * ratio, 0.012)
            skin += level * oscillators.sine(pitch, studio.rate)
        skin *= envelope.strike(time, self.skin_decay)
        wires = noise.white(studio, len(time))
        wires = filters.highpass(wires, studio.rate, self.wire_low_hz)
        wires = filters.lowpass(wires, studio.rate, self.wire_high_hz)
        # A stick's crack first, then the wires' longer fall.
        fall = envelope.strike(time, 0.006) + 0.8 * envelope.strike(
            time, self.wire_decay, attack=0.002
        )
        hit = saturate(skin + 3 * self.wire_level * wires * fall, self.drive)
        return placed(studio, crush(hit, self.bits), self.room)


@dataclass(frozen=True)
class Clap:
    """Several hands a few milliseconds apart, then the air they leave."""

    seconds: float
    hz: float
    hands: int = 4
    gap: float = 0.011
    tail: float = 0.08
    tail_level: float = 0.5
    q: float = 1.1
    drive: float = 2.0
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        level = np.zeros_like(time)
        start = 0.0
        for _ in range(self.hands):
            since = np.maximum(time - start, 0.0)
            level += (time >= start) * envelope.strike(since, 0.0035)
            last = start
            start += self.gap * (0.8 + 0.4 * studio.rng.random())
        since = np.maximum(time - last, 0.0)
        level += self.tail_level * envelope.strike(since, self.tail, attack=0.001)
        air = noise.white(studio, len(time))
        tone = filters.bandpass(air, studio.rate, self.hz, self.q)
        tone += 0.35 * filters.bandpass(air, studio.rate, 2.6 * self.hz, self.q)
        hit = saturate(4 * tone * level, self.drive)
        return placed(studio, hit, self.room)
