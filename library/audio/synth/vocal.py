"""Voices by formants: a buzzing source through the resonances of a mouth."""

from dataclasses import dataclass

import numpy as np

from library.audio.synth import envelope, filters, noise, oscillators
from library.audio.synth.mixdown import saturate
from library.audio.synth.space import Room, pan, placed
from library.audio.synth.studio import Signal, Studio
from library.audio.synth.tuning import chord

VOWELS: dict[str, tuple[float, float, float]] = {
    "aah": (730.0, 1090.0, 2440.0),
    "eh": (530.0, 1840.0, 2480.0),
    "ee": (270.0, 2290.0, 3010.0),
    "oh": (570.0, 840.0, 2410.0),
    "ooh": (300.0, 870.0, 2240.0),
}
"""First three formants in Hz, men's means of Peterson and Barney (1952)."""

_LEVELS = (1.0, -0.6, 0.35, -0.2)
_WIDTHS_HZ = (80.0, 100.0, 160.0, 400.0)
_SINGERS_FORMANT_HZ = 3400.0


def mouth(source: Signal, rate: int, vowel: str, size: float = 1.0) -> Signal:
    """Shape a source as a vowel; ``size`` below 1 is a larger head.

    Neighbouring resonances have opposite signs, or they would cancel between.
    """
    peaks = zip((*VOWELS[vowel], _SINGERS_FORMANT_HZ), _LEVELS, _WIDTHS_HZ, strict=True)
    return filters.resonant(
        source,
        rate,
        tuple((size * formant, size * formant / width, level) for formant, level, width in peaks),
    )


def buzz(studio: Studio, time: Signal, hz: Signal, breath: float) -> Signal:
    """The throat: a saw with vibrato and unrest that come in late, and breath."""
    late = np.clip(time / 0.5, 0.0, 1.0)
    rate_hz = 4.8 + studio.rng.random()
    vibrato = 0.008 * late * np.sin(2 * np.pi * rate_hz * time)
    unrest = filters.lowpass(noise.white(studio, len(time)), studio.rate, 12.0)
    pitch = hz * (1 + vibrato + 0.15 * unrest)
    source = oscillators.saw(pitch, studio.rate, float(studio.rng.random()))
    air = filters.highpass(noise.white(studio, len(time)), studio.rate, 1500.0)
    return source + breath * air


@dataclass(frozen=True)
class Singers:
    """A voice, or several on the notes of a chord, going from vowel to vowel."""

    notes: str
    seconds: float
    vowels: tuple[str, ...]
    each: int = 1  # singers on one note
    attack: float = 0.12
    release: float = 0.5
    size: float = 1.1
    breath: float = 0.25
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        sound = np.zeros((len(time), 2))
        roots = [root for root in chord(self.notes) for _ in range(self.each)]
        for place, root in enumerate(roots):
            cents = (self.each > 1) * studio.rng.uniform(-9.0, 9.0)
            # A singer slides up into the note.
            cents_below = envelope.glide(time, -90.0, 0.0, 0.06)
            pitch = root * 2 ** ((cents + cents_below) / 1200)
            source = buzz(studio, time, pitch, self.breath)
            voice = spoken(source, studio.rate, self.vowels, self.size)
            where = 0.7 * (2 * (place + 0.5) / len(roots) - 1)
            sound += pan(voice, where) / np.sqrt(len(roots))
        sound *= envelope.hold(time, self.attack, self.release)[:, None]
        return placed(studio, saturate(sound, 1.1), self.room)


def spoken(source: Signal, rate: int, vowels: tuple[str, ...], size: float = 1.0) -> Signal:
    """Glide through vowels in equal times over the whole source."""
    position = np.linspace(0.0, len(vowels) - 1.0, len(source))
    voice = np.zeros_like(source)
    for turn, vowel in enumerate(vowels):
        weight = np.clip(1 - np.abs(position - turn), 0.0, 1.0)
        voice += weight * mouth(source, rate, vowel, size)
    return voice


@dataclass(frozen=True)
class Shout:
    """A short chopped call: breath, a vowel glide, a pitch that falls."""

    hz: float
    seconds: float
    vowels: tuple[str, ...]
    fall: float = 0.8  # last pitch over first pitch
    size: float = 1.15
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        pitch = envelope.sweep(time, self.hz, self.hz * self.fall, bend=1.6)
        source = buzz(studio, time, pitch, 0.2)
        onset = 1.6 * noise.white(studio, len(time)) * envelope.strike(time, 0.03, 0.01)
        source = source * np.clip((time - 0.02) / 0.03, 0.0, 1.0) + onset
        voice = spoken(source, studio.rate, self.vowels, self.size)
        voice *= envelope.hold(time, 0.004, 0.09)
        return placed(studio, saturate(voice, 1.8), self.room)
