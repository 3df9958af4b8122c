"""How loud a sound is to the ear: ITU-R BS.1770-4 loudness, EBU Tech 3342 loudness range.

Everything follows from the energies of 100 ms pieces, one number each, so gains can be tried
without going through the sound again. Left and right (or the only channel) weigh 1; what is
written has no other channels.
"""

import math

import numpy as np
import numpy.typing as npt

from library.audio.clip import Samples
from library.audio.kweighting import LONGEST, STEP, at_rest, weigh
from library.audio.lines import Lines
from library.audio.units import RATE, db_to_gain

BLOCK = 4
"""Pieces of a gating block (400 ms); blocks begin 100 ms apart, so they overlap by 75 %."""

SHORT_TERM = 30
"""Pieces of a short-term block (3 s), EBU Tech 3341."""

OFFSET = -0.691
"""BS.1770-4 eq. 2: makes up for the weighting's gain at 997 Hz."""

SILENCE = -70.0
"""LUFS; blocks that are not above it do not count."""

GATE = 10.0
"""LU below the loudness of all other blocks; quieter ones do not count (BS.1770-4 eq. 6)."""

RANGE_GATE = 20.0
"""The same for loudness range (EBU Tech 3342, 2.2)."""

MOST_BOOST_DB = 24.0
"""No recording is raised by more: below it is mostly the noise of its room."""

Energies = npt.NDArray[np.float64]
"""Mean squares of the K-weighted sound, summed over its channels; 1.0 = full scale."""


def lufs(energy: float) -> float:
    """Loudness of an energy (BS.1770-4 eq. 2); minus infinity for nothing at all."""
    return OFFSET + 10 * math.log10(energy) if energy > 0 else -math.inf


def _energy(loudness: float) -> float:
    return float(10 ** ((loudness - OFFSET) / 10))


def _means(energies: Energies, pieces: int) -> Energies:
    """Mean over each `pieces` neighbours; none when there are fewer."""
    if len(energies) < pieces:
        return np.zeros(0)
    return np.convolve(energies, np.full(pieces, 1 / pieces), "valid")


def _gated(blocks: Energies, gate: float, gain: float = 1.0) -> Energies:
    """Return the blocks that count once `gain` is applied, before it is."""
    audible = blocks[blocks > _energy(SILENCE) / gain**2]
    return audible[audible > audible.mean() / 10 ** (gate / 10)] if audible.size else audible


def _integrated(blocks: Energies, gain: float) -> float:
    counted = _gated(blocks, GATE, gain)
    return lufs(float(counted.mean()) * gain**2) if counted.size else -math.inf


class LoudnessMeter:
    """Loudness of all blocks added so far; the same whatever their sizes."""

    def __init__(self, channels: int, rate: int = RATE) -> None:
        """Start with silence; one or two channels at a rate in Hz."""
        self.rate = rate
        self.piece = round(rate / 10)
        self.lines = Lines(channels, LONGEST)
        self.states = at_rest(channels)
        self.weighted: Samples = np.zeros((channels, 0), np.float32)  # of a piece that is not full
        self.whole: list[float] = []
        self.known: Energies | None = None

    def add(self, samples: Samples) -> None:
        """Take in a block (float32, frames x channels, no NaN)."""
        self.known = None
        for line in self.lines.add(samples):
            weighted, self.states = weigh(line, self.states, self.rate)
            energies, self.weighted = self._pieces(self.weighted, weighted)
            self.whole += energies

    @property
    def energies(self) -> Energies:
        """Energy of each 100 ms.

        What is left over after the last whole 100 ms does not count (BS.1770-4). Shorter sounds
        than 400 ms are taken with silence after them, as one gating block: continuous at 400 ms,
        and a click keeps the loudness of its energy.
        """
        if self.known is None:
            self.known = np.array(self.whole + self._last())
        return self.known

    def _last(self) -> list[float]:
        """Return the energies of the whole pieces in the line that is not full."""
        left, states = self.weighted, self.states
        held = left.shape[1] + self.lines.filled
        total = max(held, (BLOCK - len(self.whole)) * self.piece)
        rest = self.lines.rest(silence=total - held)
        count = total // self.piece * self.piece - left.shape[1]
        last: list[float] = []
        for start in range(0, count, LONGEST):
            part = rest[:, start : min(start + LONGEST, count)]
            frames = part.shape[1]
            filled = np.pad(part, ((0, 0), (0, -frames % STEP)))
            weighted, states = weigh(filled, states, self.rate)
            energies, left = self._pieces(left, weighted[:, :frames])
            last += energies
        return last

    def _pieces(self, left: Samples, weighted: Samples) -> tuple[list[float], Samples]:
        """Return the energy of each 100 ms of channels x frames, and what is left over."""
        if left.shape[1]:
            weighted = np.hstack((left, weighted))
        channels, frames = weighted.shape
        whole = frames // self.piece * self.piece
        pieces = weighted[:, :whole].reshape(channels, -1, self.piece)
        sums = np.vecdot(pieces, pieces).sum(axis=0, dtype=np.float64)
        energies: list[float] = (sums / self.piece).tolist()
        return energies, weighted[:, whole:]

    @property
    def _blocks(self) -> Energies:
        return _means(self.energies, BLOCK)

    def integrated(self, gain: float = 1.0) -> float:
        """Loudness in LUFS after a linear gain; minus infinity when nothing is above -70."""
        return _integrated(self._blocks, gain)

    def gain_for(self, target_lufs: float, most_boost_db: float = MOST_BOOST_DB) -> float:
        """Return the linear gain after which the sound measures `target_lufs`, -70 at least.

        A gain lets other blocks through the gate at -70 LUFS, so it is sought again for those that
        count after it. A higher gain only ever lets quieter ones in: the gains go one way, and end
        at a gain that keeps its blocks. Silence stays as it is.
        """
        blocks = self._blocks
        gain, tried = 1.0, 0.0
        while gain != tried and (counted := _gated(blocks, GATE, gain)).size:
            tried = gain
            wanted = target_lufs - lufs(float(counted.mean()))
            gain = db_to_gain(min(wanted, most_boost_db))
        return gain

    @property
    def range_lu(self) -> float:
        """Loudness range in LU (EBU Tech 3342): 0 below 3 s and for silence."""
        counted = np.sort(_gated(_means(self.energies, SHORT_TERM), RANGE_GATE))
        if not counted.size:
            return 0.0
        low, high = (counted[round((counted.size - 1) * part)] for part in (0.10, 0.95))
        return lufs(float(high)) - lufs(float(low))
