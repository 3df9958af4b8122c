"""Bass notes: round, detuned, plucked and squelching."""

from dataclasses import dataclass

import numpy as np

from library.audio.synth import envelope, filters, oscillators
from library.audio.synth.loops import STEPS_PER_BEAT, frames_of
from library.audio.synth.mixdown import saturate
from library.audio.synth.space import pan
from library.audio.synth.studio import Signal, Studio
from library.audio.synth.tuning import hz

_SHUT_HZ = 130.0


@dataclass(frozen=True)
class Sub:
    """A driven sine; with a drop in pitch and a long fall it booms."""

    note: str
    seconds: float
    decay: float
    drive: float = 1.6
    drop: float = 1.0  # first pitch over last pitch
    top_hz: float = 900.0

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        root = hz(self.note)
        pitch = envelope.glide(time, root * self.drop, root, 0.02)
        tone = oscillators.sine(pitch, studio.rate)
        # The octave and the twelfth keep the note audible on small speakers.
        tone += 0.18 * oscillators.sine(2 * pitch, studio.rate)
        tone += 0.08 * oscillators.sine(3 * pitch, studio.rate)
        tone *= envelope.strike(time, self.decay, attack=0.004)
        return filters.lowpass(saturate(tone, self.drive), studio.rate, self.top_hz)


@dataclass(frozen=True)
class Reese:
    """Saws that beat against each other over a steady sine; stereo."""

    note: str
    seconds: float
    cents: tuple[float, ...] = (-14.0, -5.0, 6.0, 13.0)
    open_hz: float = 900.0
    closed_hz: float = 260.0

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        pitch = np.full_like(time, hz(self.note))
        corner = envelope.sweep(time, self.open_hz, self.closed_hz, bend=0.7)
        sides = [
            filters.swept(oscillators.stack(studio, pitch, self.cents), studio.rate, corner, 1.1)
            for _ in range(2)
        ]
        growl = filters.highpass(np.stack(sides, axis=1), studio.rate, 90.0)
        ground = pan(oscillators.sine(pitch, studio.rate), 0.0)
        level = envelope.hold(time, 0.012, 0.35)[:, None]
        return saturate((0.9 * growl + 0.6 * ground) * level, 1.4)


@dataclass(frozen=True)
class Rubber:
    """Two-operator FM: a bright pluck that settles to a round note."""

    note: str
    seconds: float
    decay: float
    ratio: float = 1.0
    bright: float = 6.0  # first modulation index, radians

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        pitch = np.full_like(time, hz(self.note))
        index = envelope.glide(time, self.bright, 0.6, 0.12)
        bend = index * oscillators.sine(self.ratio * pitch, studio.rate)
        tone = oscillators.sine(pitch, studio.rate, bend)
        tone += 0.7 * oscillators.sine(pitch, studio.rate)
        tone *= envelope.strike(time, self.decay, attack=0.003)
        return saturate(filters.lowpass(tone, studio.rate, 3500.0), 1.2)


@dataclass(frozen=True)
class SquelchLine:
    """A looping line of one saw through a resonant corner that falls each note.

    A note is its first step and length in sixteenths, its name and its accent
    (0..1, opens the corner). The oscillator runs on through all of them, as on
    an instrument with one voice: starting afresh would blur the pitch.
    """

    bpm: float
    beats: int
    notes: tuple[tuple[int, int, str, float], ...]
    drive: float = 2.0

    def __call__(self, studio: Studio) -> Signal:
        time = np.arange(frames_of(self.beats, self.bpm, studio.rate)) / studio.rate
        pitch = np.full_like(time, hz(self.notes[0][2]))
        corner = np.full_like(time, _SHUT_HZ)
        gate = np.zeros_like(time)
        for step, length, note, accent in self.notes:
            first, last = (
                frames_of(at / STEPS_PER_BEAT, self.bpm, studio.rate)
                for at in (step, step + 0.92 * length)
            )
            since = time[: last - first]
            pitch[first:] = hz(note)
            corner[first:last] = envelope.glide(since, 500.0 + 1500.0 * accent, _SHUT_HZ, 0.06)
            gate[first:last] = envelope.hold(since, 0.003, 0.03)
        wave = oscillators.saw(pitch, studio.rate)
        tone = 0.6 * filters.swept(wave, studio.rate, corner, 3.5)
        tone = (tone + 0.5 * oscillators.sine(pitch, studio.rate)) * gate
        return saturate(tone, self.drive)
