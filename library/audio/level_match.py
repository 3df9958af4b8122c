"""Bring a sound to a loudness without a limiter: one gain, held down by the true peak.

Transients are the product: where the target would push a peak over the ceiling, the sound stays
quieter and says so.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from library.audio.clip import Samples
from library.audio.loudness import MOST_BOOST_DB, LoudnessMeter
from library.audio.truepeak import TruePeakMeter
from library.audio.units import RATE, db_to_gain, gain_to_db, signed

AIM_LOWER_DB = 0.03
"""How far below the ceiling a peak is put: the meter and dither are not exact to more."""

REACHED_LU = 0.1


def matched(target_lufs: float) -> str:
    """Say that a sound is to have a loudness, or has it."""
    return f"Loudness matched to {signed(target_lufs)} LUFS"


@dataclass(frozen=True)
class Levelled:
    """What became of a sound: the linear gain, and loudness before and after in LUFS.

    -inf LUFS: too quiet or too short of sound to have a loudness. limited: the true peak held the
    gain down.
    """

    target_lufs: float
    gain: float
    source_lufs: float
    lufs: float
    limited: bool

    @property
    def gain_db(self) -> float:
        """The gain in decibels."""
        return gain_to_db(self.gain)

    @property
    def is_too_quiet(self) -> bool:
        """Tell whether there was nothing to match, or more boost needed than is given."""
        short = not self.limited and abs(self.lufs - self.target_lufs) > REACHED_LU
        return math.isinf(self.lufs) or short

    def __str__(self) -> str:
        """Say what was reached."""
        if math.isinf(self.lufs):
            done = "peak lowered" if self.limited else "level kept"
            return f"Too quiet to have a loudness, {done}"
        reached = f"Reached {signed(self.lufs)} LUFS"
        if self.limited:
            return f"{reached}, limited by peak"
        if self.is_too_quiet:
            return f"{reached}, boost limited to {signed(self.gain_db)} dB"
        return matched(self.target_lufs)


class LevelMatch:
    """Listens to a sound, then tells the gain that it needs."""

    def __init__(
        self,
        channels: int,
        target_lufs: float,
        ceiling_dbtp: float,
        *,
        most_boost_db: float = MOST_BOOST_DB,
        rate: int = RATE,
    ) -> None:
        """Aim at `target_lufs`, true peaks at or below `ceiling_dbtp`; rate in Hz."""
        self.channels = channels
        self.target_lufs = target_lufs
        self.most_boost_db = most_boost_db
        self.ceiling = db_to_gain(ceiling_dbtp - AIM_LOWER_DB)
        self.meter = LoudnessMeter(channels, rate)
        self.peaks: TruePeakMeter | None = None

    def add(self, block: Samples) -> None:
        """Take in a block (frames x channels)."""
        self.meter.add(block)

    def add_peaks(self, block: Samples) -> None:
        """Look for peaks at once, in a sound of which the blocks are not held."""
        self.peaks = self.peaks or TruePeakMeter(self.channels)
        self.peaks.add(block)

    def result(self, held: Iterable[Samples] | None) -> Levelled:
        """Return the gain after all blocks; held: the same blocks again, unless peaks are known.

        Only peaks that the gain would lift over the ceiling are looked for in what is held.
        """
        gain = self.meter.gain_for(self.target_lufs, self.most_boost_db)
        if held is not None:
            self.peaks = TruePeakMeter(self.channels, floor=self.ceiling / gain)
            for block in held:
                self.peaks.add(block)
        peak = self.peaks.peak if self.peaks else 0.0
        limited = peak * gain > self.ceiling
        if limited:
            gain = self.ceiling / peak
        loud = self.meter.integrated
        return Levelled(self.target_lufs, gain, loud(), loud(gain), limited)
