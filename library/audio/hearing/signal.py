"""A sound as all hearing takes it: one channel, at two rates, with its exact length."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from library.audio.clip import Samples
from library.audio.files import Decoding, blocks, with_fallback
from library.audio.resample import Resampler, resampled
from library.audio.units import db_to_gain

Mono = npt.NDArray[np.float32]
"""Frames of one channel, one-dimensional."""

LOW_RATE = 22_050
"""Of nearly everything that is heard, in Hz: drums and voices are told apart below 11 kHz."""

USUAL_RATE = 44_100
NATIVE_RATES = {USUAL_RATE, 48_000}

LONGEST_SECONDS = 40
"""How much of a sound is listened to; its length is known of all of it."""

FEWEST_FRAMES = 64
SILENT = db_to_gain(-100)
OPPOSED = db_to_gain(-40)
"""A mix that is so much quieter than a channel lost the sound: its channels are opposed."""

STEREO = 2


@dataclass(frozen=True, eq=False)
class Signal:
    """What is listened to, with its peak brought to 1.0.

    mono: at 22,050 Hz; native: at native_rate, 44,100 or 48,000 Hz; at most 40 s of both. seconds:
    the exact length of the whole file, its frames by its rate (Hz); channels as in the file.
    """

    mono: Mono
    native: Mono
    native_rate: int
    seconds: float
    frames: int
    rate: int
    channels: int


class Collector:
    """Keeps what hearing needs of the blocks of a sound that pass by."""

    def __init__(self, rate: int, channels: int) -> None:
        """Start with nothing; rate in Hz."""
        self.rate = rate
        self.channels = channels
        self.left = LONGEST_SECONDS * rate
        self.native_rate = rate if rate in NATIVE_RATES else USUAL_RATE
        # Of two channels one or their mix is heard, which is known at the end.
        self.resampler = Resampler(rate, self.native_rate, STEREO if channels == STEREO else 1)
        self.kept: list[Samples] = []

    def add(self, block: Samples) -> None:
        """Take in a block (float32, frames x channels); what lies behind 40 s is passed over."""
        block = block[: self.left]
        if not len(block):
            return
        self.left -= len(block)
        if self.channels == STEREO:
            block = block.copy()
        else:
            block = block.mean(axis=1, dtype=np.float32, keepdims=True)
        self.kept.append(self.resampler.add(block))

    def signal(self, frames: int) -> Signal | None:
        """Return what was collected of a sound of so many frames; None where nothing is to hear.

        That is less than 64 frames, or a peak below -100 dBFS. To be called once.
        """
        if frames < FEWEST_FRAMES or not self.kept:
            return None
        self.kept.append(self.resampler.rest())
        native = _one_channel(self.kept)
        self.kept.clear()
        peak = max(float(native.max()), -float(native.min()))
        if peak < SILENT:
            return None
        native *= np.float32(1 / peak)
        mono = np.concatenate(list(resampled([native[:, None]], self.native_rate, LOW_RATE)))[:, 0]
        return Signal(
            mono=mono,
            native=native,
            native_rate=self.native_rate,
            seconds=frames / self.rate,
            frames=frames,
            rate=self.rate,
            channels=self.channels,
        )


def read(path: Path) -> Signal | None:
    """Decode a file and return what hearing takes, None for silence; raises AudioError."""
    return with_fallback(path, lambda decoder: _collected(blocks(path, decoder=decoder)))[0]


def _collected(opening: AbstractContextManager[Decoding]) -> Signal | None:
    with opening as decoding:
        collector = Collector(decoding.rate, decoding.channels)
        for block in decoding:
            collector.add(block)
    return collector.signal(decoding.frames)


def _one_channel(kept: Sequence[Samples]) -> Mono:
    """Mix down, or take the louder channel where the mix is more than 40 dB below it."""
    mix = np.concatenate([block.mean(axis=1, dtype=np.float32) for block in kept])
    energies = sum(np.einsum("ij,ij->j", block, block, dtype=np.float64) for block in kept)
    loudest = int(np.argmax(energies))
    if np.dot(mix, mix) < OPPOSED**2 * energies[loudest]:
        return np.concatenate([block[:, loudest] for block in kept])
    return mix
