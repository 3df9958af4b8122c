"""Hi-hats: a noisy shimmer of metal far above everything else."""

from dataclasses import dataclass

from library.audio.synth import envelope, filters, noise, oscillators
from library.audio.synth.mixdown import crush, saturate
from library.audio.synth.space import Room, placed
from library.audio.synth.studio import Signal, Studio


@dataclass(frozen=True)
class Hat:
    """Squares without a common root and noise above ``low_hz``; seconds."""

    seconds: float
    decay: float
    hz: float = 540.0  # the lowest of the squares
    low_hz: float = 7000.0
    high_hz: float = 18000.0
    metal: float = 0.6  # 0 all noise .. 1 all metal
    bits: int = 16
    attack: float = 0.0005
    room: Room | None = None

    def __call__(self, studio: Studio) -> Signal:
        time = studio.time(self.seconds)
        shimmer = self.metal * oscillators.metal(self.hz, time)
        shimmer += (1 - self.metal) * 2 * noise.white(studio, len(time))
        for _ in range(2):  # 24 dB an octave: nothing of the squares' roots is left
            shimmer = filters.highpass(shimmer, studio.rate, self.low_hz)
        shimmer = filters.lowpass(shimmer, studio.rate, self.high_hz)
        tick = envelope.strike(time, 0.004) * 0.4
        fall = envelope.strike(time, self.decay, self.attack)
        hit = crush(saturate(shimmer * (tick + fall), 3.0), self.bits)
        return placed(studio, hit, self.room)
