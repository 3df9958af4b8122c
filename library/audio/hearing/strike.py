"""What is looked at of a sound that is struck once: from its first frames on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from library.audio.hearing.signal import LOW_RATE, Mono
from library.audio.hearing.spectrum import Spectra, magnitudes, mel_filters

Values = npt.NDArray[np.float32]

SIZE, HOP = 1024, 256
"""Frames of 46 ms, one each 11.6 ms."""

SHORT_SIZE, SHORT_HOP = 512, 128
"""The same for the attack, whose 30 ms the long frames would blur."""

BANDS = 40
LOWEST_HZ = 30.0
BAND_RANGE = (LOWEST_HZ, LOW_RATE / 2)

AUDIBLE = 0.02
"""Of the peak: where a sound starts."""

LEAD = 20
"""Frames before that which still belong to it."""

LONGEST = 2 * LOW_RATE
"""How much of it is looked at for its spectra, in frames: two seconds."""

FEWEST = 64
"""What is shorter gets silence behind it."""

BLOCK = 64
"""Frames in one value of the envelope: 2.9 ms."""

TINY = 1e-10


@dataclass(frozen=True, eq=False)
class Strike:
    """A sound from its start on (float32 at 22,050 Hz, peak 1), at least 64 frames."""

    samples: Mono

    @classmethod
    def of(cls, mono: Mono) -> "Strike":
        """Cut what lies before the start; mono at 22,050 Hz, of any level, not all silent."""
        size = np.abs(mono)
        peak = float(size.max())
        first = max(0, int(np.argmax(size > AUDIBLE * peak)) - LEAD)
        sound = mono[first:] / np.float32(peak)
        return cls(np.pad(sound, (0, max(0, FEWEST - len(sound)))))

    @cached_property
    def power(self) -> Spectra:
        """Power spectra of the first two seconds (frames x 513), one each 11.6 ms."""
        return np.square(magnitudes(self.samples[:LONGEST], SIZE, HOP))

    @cached_property
    def attack(self) -> Spectra:
        """Power spectra of the first 30 ms (frames x 257), one each 5.8 ms."""
        heard = self.samples[: SHORT_SIZE // 2 + 6 * SHORT_HOP]
        return np.square(magnitudes(heard, SHORT_SIZE, SHORT_HOP)[:6])

    @cached_property
    def mel(self) -> Spectra:
        """Mean power in 40 mel bands (frames x 40)."""
        return bands(self.power)

    @cached_property
    def envelope(self) -> Values:
        """Root mean square in blocks of 2.9 ms over the whole sound."""
        squares = np.square(self.samples)
        whole = np.pad(squares, (0, -len(squares) % BLOCK)).reshape(-1, BLOCK)
        levels: Values = np.sqrt(whole.mean(axis=1, dtype=np.float32))
        return levels


def bands(power: Spectra) -> Spectra:
    """Return mean power in 40 mel bands of power spectra (… x bins -> … x 40)."""
    size = 2 * (power.shape[-1] - 1)
    of_bands: Spectra = power @ mel_filters(LOW_RATE, size, BANDS, *BAND_RANGE)
    return of_bands


def decibels(power: npt.ArrayLike, floor: float = TINY) -> Values:
    """Return 10 log10 of powers, none below that of the floor."""
    return (10 * np.log10(np.maximum(power, floor))).astype(np.float32)
