"""Chords: tines, drawbars, a slow pad and a stab. Chords are lists of notes."""

from dataclasses import dataclass

import numpy as np

from library.audio.synth import envelope, filters, noise, oscillators
from library.audio.synth.mixdown import saturate
from library.audio.synth.space import Room, pan, placed
from library.audio.synth.studio import Signal, Studio
from library.audio.synth.tuning import chord


@dataclass(frozen=True)
class Tines:
    """An electric piano by FM: a warm bar and, at the start, a bell above it.

    ``notes`` go from low to high and are struck a few milliseconds apart; the
    sound wanders between the speakers.
    """

    notes: str
    seconds: float
    decay: float = 1.0
    warmth: float = 1.1  # modulation index of the bar, radians
    tremolo_hz: float = 4.5
    top_hz: float = 5000.0

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        sound = np.zeros_like(time)
        for place, root in enumerate(chord(self.notes)):
            late = studio.frames(0.006 * place)
            struck = time[: len(time) - late]
            pitch = np.full_like(struck, root)
            fall = envelope.strike(struck, self.decay * (220 / root) ** 0.3, 0.003)
            bar = self.warmth * fall * oscillators.sine(pitch, studio.rate)
            bell = 0.6 * envelope.strike(struck, 0.08)
            bell *= oscillators.sine(14 * pitch, studio.rate)
            sound[late:] += fall * (
                oscillators.sine(pitch, studio.rate, bar)
                + 0.5 * oscillators.sine(pitch, studio.rate, bell)
            )
        sound = saturate(0.28 * sound * envelope.hold(time, 0.002, 0.08), 1.5)
        sound = filters.lowpass(sound, studio.rate, self.top_hz)
        return pan(sound, 0.45 * np.sin(2 * np.pi * self.tremolo_hz * time))


@dataclass(frozen=True)
class Organ:
    """Sines in the drawbars' ratios with key clicks and a turning speaker."""

    notes: str
    seconds: float
    drawbars: tuple[tuple[float, float], ...] = (
        (0.5, 0.5), (1.0, 1.0), (2.0, 0.6), (3.0, 0.2), (4.0, 0.3), (8.0, 0.12),
    )  # fmt: skip
    turn_hz: float = 6.2

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        turn = np.sin(2 * np.pi * self.turn_hz * time)
        sound = np.zeros_like(time)
        for root in chord(self.notes):
            pitch = root * (1 + 0.0016 * turn)
            for ratio, level in self.drawbars:
                sound += level * oscillators.sine(ratio * pitch, studio.rate)
        click = filters.bandpass(noise.white(studio, len(time)), studio.rate, 3000.0)
        sound = 0.14 * sound + 0.5 * click * envelope.strike(time, 0.004)
        sound *= envelope.hold(time, 0.004, 0.06) * (1 + 0.08 * turn)
        return pan(saturate(sound, 1.6), 0.25 * turn)


@dataclass(frozen=True)
class Pad:
    """Detuned saws, other ones left and right, under a corner that opens."""

    notes: str
    seconds: float
    attack: float = 0.9
    release: float = 1.4
    dark_hz: float = 500.0
    light_hz: float = 2200.0
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        corner = envelope.sweep(time, self.dark_hz, self.light_hz)
        sides = []
        for _ in range(2):
            side = np.zeros_like(time)
            for root in chord(self.notes):
                pitch = np.full_like(time, root)
                side += oscillators.stack(studio, pitch, (-9.0, 0.0, 8.0))
            sides.append(filters.swept(side, studio.rate, corner, 0.8))
        level = envelope.hold(time, self.attack, self.release)[:, None]
        sound = saturate(0.12 * np.stack(sides, axis=1) * level, 1.2)
        return placed(studio, sound, self.room)


@dataclass(frozen=True)
class Stab:
    """A short chord of saws whose corner snaps shut."""

    notes: str
    seconds: float
    decay: float = 0.16
    bright_hz: float = 5200.0
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        sound = np.zeros_like(time)
        for root in chord(self.notes):
            sound += oscillators.stack(studio, np.full_like(time, root), (-7.0, 6.0))
        corner = envelope.glide(time, self.bright_hz, 600.0, 0.12)
        sound = filters.swept(sound, studio.rate, corner, 1.0)
        sound *= 0.2 * envelope.strike(time, self.decay, attack=0.002)
        return placed(studio, saturate(sound, 1.8), self.room)
