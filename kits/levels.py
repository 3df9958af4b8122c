"""How loud the pads of a bank are beside each other, and how they get equally loud."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from kits.grid import Bank, Slot
from kits.hardware.pads import PadAddress
from kits.hardware.settings import TEMPO, VOLUME, Setting
from kits.moves import CannotMoveError
from library.audio.baked import FULL_LEVEL, gain_of
from library.audio.units import gain_to_db, signed

HEIGHT = 64  # of the drawing
FLOOR = -48.0  # LUFS that are drawn as nothing
WIDTH, GAP = 18, 2  # of a bar and behind it
OUTLIER_DB = 4.0  # this far from the middle is worth a word
CLOSE_DB = 1.0  # levels that lie within are matched
FAR_DB = 12.0  # a sound that is quieter than the middle by more does not drag its bank down
WHOLE = 0.9  # of a sound: a part that is shorter may be of another loudness


def loudness(slot: Slot, level: int | None = None) -> float | None:
    """Return how loud a pad is in LUFS at its own level, or at another one.

    None without a sound, before it is measured, for silence, and where only a part of the sound
    plays: measured is the whole.
    """
    if slot.pad is None or slot.sample is None or slot.is_missing or plays_part(slot):
        return None
    db = gain_to_db(gain_of(slot.pad.level if level is None else level))
    lufs = slot.sample.loudness_lufs
    return None if lufs is None or math.isinf(db) else lufs + db


def plays_part(slot: Slot) -> bool:
    """Tell whether a pad plays less of its sound than what was measured stands for."""
    if slot.pad is None or slot.sample is None:
        return False
    first, last = slot.part
    return last - first < WHOLE


@dataclass(frozen=True)
class Bar:
    """One pad's loudness, as a rectangle that stands on the bottom of the drawing."""

    slot: Slot
    lufs: float | None  # with the pad's level; None where nothing is known

    @property
    def x(self) -> int:
        """Return its left edge."""
        return (self.slot.address.number - 1) * (WIDTH + GAP)

    @property
    def height(self) -> float:
        """Return its height, a line where nothing is known."""
        return 1.0 if self.lufs is None else _height(self.lufs)

    @property
    def y(self) -> float:
        """Return its upper edge."""
        return HEIGHT - self.height


@dataclass(frozen=True)
class Levels:
    """The bars of a bank, and the ranges of its own volume and tempo."""

    bars: tuple[Bar, ...]
    volume: Setting = VOLUME
    tempo: Setting = TEMPO

    @property
    def known(self) -> list[tuple[float, Bar]]:
        """Return the measured ones with their loudness, quietest first."""
        pairs = [(bar.lufs, bar) for bar in self.bars if bar.lufs is not None]
        return sorted(pairs, key=lambda pair: pair[0])

    @property
    def parts(self) -> str:
        """Say how many pads have no bar because they play a part of their sound; mostly nothing."""
        count = sum(plays_part(bar.slot) and not bar.slot.is_missing for bar in self.bars)
        if not count:
            return ""
        who = "1 pad that plays" if count == 1 else f"{count} pads that play"
        return f"Not known of {who} a part of a sound."

    @property
    def middle(self) -> float | None:
        """Return the height of the median, None with fewer than two sounds."""
        if len(self.known) < 2:  # noqa: PLR2004 - one is no company
            return None
        return HEIGHT - _height(median(lufs for lufs, _ in self.known))

    @property
    def sentence(self) -> str:
        """Say the range in words: `Loudest A1 at −9.8, quietest A8 at −21 LUFS.`"""
        if not self.known:
            return "" if self.parts else "No sound in this bank is measured yet."
        (low, quietest), (high, loudest) = self.known[0], self.known[-1]
        if quietest is loudest:
            return f"{loudest.slot.address} at {signed(high)} LUFS."
        return (
            f"Loudest {loudest.slot.address} at {signed(high)}, "
            f"quietest {quietest.slot.address} at {signed(low)} LUFS."
        )

    @property
    def remark(self) -> str:
        """Name the sound that sticks out most, if one does: `A8 sits 11 dB under the rest`."""
        if self.middle is None:
            return ""
        centre = median(lufs for lufs, _ in self.known)
        lufs, bar = max(self.known, key=lambda pair: abs(pair[0] - centre))
        if abs(lufs - centre) <= OUTLIER_DB:
            return ""
        side = "over" if lufs > centre else "under"
        return f"{bar.slot.address} sits {abs(lufs - centre):.0f} dB {side} the rest"

    @property
    def can_match(self) -> bool:
        """Tell whether some are louder than others."""
        return bool(self.known) and self.known[-1][0] - self.known[0][0] > CLOSE_DB


def levels(bank: Bank) -> Levels:
    """Return the loudness of a bank's pads, as their sounds were measured and levels are set."""
    return Levels(tuple(Bar(slot, loudness(slot)) for slot in bank.slots))


@dataclass(frozen=True)
class Match:
    """Levels with which pads are equally loud."""

    levels: dict[PadAddress, int]
    to: PadAddress  # the quietest of those that are matched, which stays at full level
    lufs: float
    under: dict[PadAddress, float]  # dB that a quiet one lacks, at full level
    left: tuple[PadAddress, ...]  # what cannot be brought there

    @property
    def said(self) -> str:
        """Say what was done, and to whom it could not be."""
        count = len(self.levels) - len(self.under)
        words = f"Matched {count} pads to {self.to} at {signed(self.lufs)} LUFS."
        for at, db in self.under.items():
            words += f" {at} stays {db:.0f} dB under."
        if self.left:
            words += f" Not matched: {', '.join(map(str, self.left))}."
        return words


def match(slots: Iterable[Slot], *, spare_quiet: bool = False) -> Match:
    """Return the levels that bring pads within 1 dB of the quietest one at full level.

    A level only ever makes a sound quieter, so that one decides. With spare_quiet sounds that lie
    far under the middle do not decide: they get full level and stay under the rest. Sounds that are
    not measured, are silent, play in part, or are so much louder that no level comes close are left
    as they are. CannotMoveError with fewer than two sounds to match.
    """
    filled = [slot for slot in slots if slot.pad is not None]
    full = {slot.address: loudness(slot, FULL_LEVEL) for slot in filled}
    known = {at: lufs for at, lufs in full.items() if lufs is not None}
    if len(known) < 2:  # noqa: PLR2004 - one is no company
        raise CannotMoveError("Two sounds of known loudness at least can be matched.")
    floor = median(known.values()) - FAR_DB if spare_quiet else -math.inf
    to = min((at for at in known if known[at] >= floor), key=lambda at: known[at])
    wanted = {at: _level_for(min(0.0, known[to] - lufs)) for at, lufs in known.items()}
    near = {
        at: level
        for at, level in wanted.items()
        if known[at] < floor or abs(known[at] + gain_to_db(gain_of(level)) - known[to]) <= CLOSE_DB
    }
    under = {at: known[to] - known[at] for at in near if known[at] < floor}
    left = tuple(at for at in full if at not in near)
    return Match(near, to, known[to], under, left)


def _level_for(db: float) -> int:
    """Return the level that changes a sound by so many decibels, 0 at most."""
    return max(1, round(FULL_LEVEL * 10 ** (db / 40)))


def _height(lufs: float) -> float:
    return round(max(1.0, min(1.0, 1 - lufs / FLOOR) * HEIGHT), 1)
