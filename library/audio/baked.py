"""What a plain file carries of how a pad plays, and what that makes of lengths and channels.

Only numbers and words here; `remade` and `words` do it to the sound.
"""

import math
from dataclasses import dataclass, replace

from library.audio.units import RATE, gain_to_db, resampled_frames

FULL_LEVEL = 127
HARD_PAN = 50
MONO_LEFT, MONO_RIGHT = -51, 51  # of `pan`: only one channel is heard, on both sides

EDGE_FRAMES = RATE * 3 // 1000
"""What a fade at an edge takes: 3 ms."""

SEMITONE = 100
OCTAVE = 12 * SEMITONE


def gain_of(level: int) -> float:
    """Return the linear gain of a level (0 to 127) of a pad or a bank: the square of its way."""
    return (level / FULL_LEVEL) ** 2


@dataclass(frozen=True)
class Baked:
    """How a pad plays its sound, as far as the sound itself can be made so.

    start and end: the part that plays, in frames of the whole sound at 48 kHz, end exclusive and
    None for all that follows. fades: 3 ms at both edges. cents: the pitch, by playing faster or
    slower, so that the length goes with it. level: 0 to 127 for a gain of (level / 127) ^ 2. pan:
    -50 to 50 turns the other side down by a quarter of a cosine and leaves the near one; -51 and
    51 play the left or the right channel alone.
    """

    start: int = 0
    end: int | None = None
    fades: bool = False
    reverse: bool = False
    cents: int = 0
    level: int = FULL_LEVEL
    pan: int = 0

    @property
    def is_part(self) -> bool:
        """Tell whether something of the sound is cut away."""
        return self.start > 0 or self.end is not None

    @property
    def is_remade(self) -> bool:
        """Tell whether frames do not stay where or what they are, but for one gain per channel."""
        return self.reverse or self.fades or self.cents != 0

    @property
    def keeps_words(self) -> bool:
        """Tell whether each frame that is left stays as it is."""
        return not self.is_remade and self.level == FULL_LEVEL and self.pan == 0

    @property
    def gain(self) -> float:
        """The level as a linear gain."""
        return gain_of(self.level)

    @property
    def side(self) -> int | None:
        """The channel that is heard alone, 0 or 1; None for both."""
        return {MONO_LEFT: 0, MONO_RIGHT: 1}.get(self.pan)

    @property
    def balance(self) -> tuple[float, float] | None:
        """Linear gains of left and right; None where both stay as they are."""
        if self.pan == 0 or self.side is not None:
            return None
        away = abs(self.pan) / HARD_PAN
        far = math.cos(away * math.pi / 2) if away < 1 else 0.0
        return (far, 1.0) if self.pan > 0 else (1.0, far)

    @property
    def pitched_rate(self) -> int:
        """The rate in Hz that the sound is taken to have, and brought to 48 kHz from.

        Whole hertz: at most 0.04 cents away from the pitch that is asked for.
        """
        return round(RATE * 2 ** (self.cents / OCTAVE))

    def region(self, frames: int) -> tuple[int, int]:
        """Return the first frame of the part and the one behind it, of so many at 48 kHz."""
        end = frames if self.end is None else min(self.end, frames)
        return min(self.start, end), end

    def frames(self, frames: int) -> int:
        """Return the exact length of what so many frames at 48 kHz become."""
        start, end = self.region(frames)
        return resampled_frames(end - start, self.pitched_rate)

    def channels(self, channels: int) -> int:
        """Return how many channels one or two become: a sound between two sides needs both."""
        if self.side is not None:
            return 1
        return channels if self.balance is None else 2

    def settled(self, frames: int, channels: int) -> "Baked":
        """Return the same without what changes nothing about a sound of this size at 48 kHz."""
        end = None if self.end is None or self.end >= frames else self.end
        pan = 0 if channels == 1 and self.side is not None else self.pan
        return replace(self, end=end, pan=pan)

    def sentences(self, frames: int) -> list[str]:
        """Say what is done to a sound of so many frames at 48 kHz, in the order it is done in."""
        found = []
        if self.is_part:
            start, end = (f"{frame / RATE:.3f}" for frame in self.region(frames))
            found.append(f"Trimmed to {start}–{end} s")
        if self.reverse:
            found.append("Reversed")
        if self.cents:
            way = "up" if self.cents > 0 else "down"
            found.append(f"Pitched {way} {abs(self.cents) / SEMITONE:g} semitones")
        found += [*self._level(), *self._place()]
        if self.fades:
            found.append("3 ms of fade at both edges")
        return found

    def _level(self) -> list[str]:
        if self.level == FULL_LEVEL:
            return []
        if self.level == 0:
            return ["Silent at volume 0"]
        return [f"Volume {self.level}, {max(0.1, -gain_to_db(self.gain)):.1f} dB lower"]

    def _place(self) -> list[str]:
        if self.side is not None:
            return [f"{'Right' if self.side else 'Left'} channel alone"]
        if self.pan == 0:
            return []
        return [f"Panned {abs(self.pan)} to the {'right' if self.pan > 0 else 'left'}"]


AS_IS = Baked()
