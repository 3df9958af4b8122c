"""How strong and how loud a sound is just as it is: of a file, of an array, of what is written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from library.audio import edit, levels
from library.audio.clip import Clip, Samples
from library.audio.files import BLOCK
from library.audio.loudness import LoudnessMeter
from library.audio.passes import passed
from library.audio.truepeak import TruePeakMeter
from library.audio.units import gain_to_db


@dataclass(frozen=True)
class Levels:
    """What the meters say: peak and rms linear, 1.0 = full scale; LUFS and dBTP -inf for silence.

    frames: how many went by. peak and rms are those of all channels.
    """

    frames: int
    peak: float
    rms: float
    lufs: float
    true_peak_dbtp: float

    @property
    def dynamic_range_db(self) -> float | None:
        """Return how far the peak stands above the RMS of the whole, in dB; None for silence."""
        return levels.dynamic_range_db(self.peak, self.rms)


def in_blocks(clip: Clip) -> Iterator[Samples]:
    """Give a clip as files give theirs: in blocks that stay in a core's cache."""
    for start in range(0, clip.frames, BLOCK):
        yield clip.samples[start : start + BLOCK]


def measured(
    blocks: Iterable[Samples],
    rate: int,
    places: tuple[str, ...],
    takers: Sequence[Callable[[Samples], None]] = (),
) -> Levels:
    """Take all blocks (float32, frames x channels at `rate` Hz) and return their levels.

    All at the sound's own rate, so that nothing of it is filtered away before. More than two
    channels are folded down for loudness and true peak. places: where each channel stands. takers:
    who gets the blocks besides.
    """
    level = levels.Meter()
    channels = min(len(places), 2)
    loudness, peaks = LoudnessMeter(channels, rate), TruePeakMeter(channels)
    for block in passed(blocks, [level.add, *takers]):
        folded = edit.fold_down(block, places)
        loudness.add(folded)
        peaks.add(folded)
    return Levels(
        frames=level.count // len(places),
        peak=level.peak,
        rms=level.rms,
        lufs=loudness.integrated(),
        true_peak_dbtp=gain_to_db(peaks.peak),
    )
