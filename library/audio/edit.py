"""Change what a sound consists of: channels folded together, silence cut off its ends."""

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

from library.audio.clip import Samples
from library.audio.units import db_to_gain

SILENCE = db_to_gain(-60)
"""Below this, a beginning or an end is silence to trim."""

LEAD_MS = 5
"""What stays of the silence on each side: the foot of an attack, the last of a decay."""

AT_SIDE = 0.5**0.5
SHARES = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "FC": (AT_SIDE, AT_SIDE),
    "FLC": (1.0, 0.0),
    "FRC": (0.0, 1.0),
    "BL": (AT_SIDE, 0.0),
    "BR": (0.0, AT_SIDE),
    "SL": (AT_SIDE, 0.0),
    "SR": (0.0, AT_SIDE),
    "BC": (AT_SIDE, AT_SIDE),
    "TFL": (AT_SIDE, 0.0),
    "TFR": (0.0, AT_SIDE),
    "TBL": (AT_SIDE, 0.0),
    "TBR": (0.0, AT_SIDE),
    "LFE": (0.0, 0.0),
}
"""ITU-R BS.775: left and right share of each place; low frequency effects are dropped."""


@cache
def fold_matrix(places: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """Return channels x 2, scaled so that no mixture can exceed the loudest channel."""
    shares = np.array([SHARES.get(place, (AT_SIDE, AT_SIDE)) for place in places])
    matrix: npt.NDArray[np.float32] = (shares / shares.sum(axis=0).max()).astype(np.float32)
    return matrix


def fold_down(samples: Samples, places: tuple[str, ...]) -> Samples:
    """Mix more than two channels to stereo; one and two stay as they are."""
    if len(places) <= 2:  # noqa: PLR2004 - mono and stereo
        return samples
    return samples @ fold_matrix(places)


def to_mono(samples: Samples) -> Samples:
    """Mean of the channels; two equal ones come out unchanged, bit for bit."""
    if samples.shape[1] == 1:
        return samples
    left, right = samples[:, :1], samples[:, 1:]
    return (left + right) * np.float32(0.5)


class Ends:
    """Finds the silence at both ends of a sound, block by block."""

    def __init__(self, rate: int) -> None:
        """Start at the first frame; rate in Hz."""
        self.lead = LEAD_MS * rate // 1000
        self.frames = 0
        self.first: int | None = None
        self.last = 0

    def add(self, samples: Samples) -> None:
        """Take in a block (frames x channels)."""
        if max(samples.max(), -samples.min()) >= SILENCE:
            loud = np.flatnonzero((np.abs(samples) >= SILENCE).any(axis=1))
            if self.first is None:
                self.first = self.frames + int(loud[0])
            self.last = self.frames + int(loud[-1]) + 1
        self.frames += len(samples)

    @property
    def sounding(self) -> tuple[int, int]:
        """The first frame that trimming keeps and the one behind the last.

        From the first to the last sample of -60 dBFS, and 5 ms more on both sides. All of a sound
        that is nowhere so loud.
        """
        if self.first is None:
            return 0, self.frames
        return max(0, self.first - self.lead), min(self.frames, self.last + self.lead)


class Alike:
    """Finds out whether two channels are one and the same, frame by frame."""

    def __init__(self, channels: int) -> None:
        """Believe it of two channels, until a frame tells otherwise; never of others."""
        self.is_so = channels == 2  # noqa: PLR2004 - stereo

    def add(self, samples: Samples) -> None:
        """Take in a block (frames x channels)."""
        if self.is_so:
            self.is_so = bool((samples[:, 0] == samples[:, 1]).all())


def cut(blocks: Iterable[Samples], start: int, end: int) -> Iterator[Samples]:
    """Give the blocks of the frames from start to end; takes all of the others as well."""
    position = 0
    for block in blocks:
        piece = block[max(0, start - position) : max(0, end - position)]
        position += len(block)
        if len(piece):
            yield piece
