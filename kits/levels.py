"""How loud the pads of a bank are beside each other: sixteen bars and a sentence."""

from dataclasses import dataclass
from statistics import median

from kits.grid import Bank, Slot
from library.audio.units import gain_to_db

HEIGHT = 64  # of the drawing
FLOOR_DB = -48.0  # RMS below full scale that is drawn as nothing
WIDTH, GAP = 18, 2  # of a bar and behind it
OUTLIER_DB = 9.0  # this far from the middle is worth a word


@dataclass(frozen=True)
class Bar:
    """One pad's RMS level, as a rectangle that stands on the bottom of the drawing."""

    slot: Slot
    db: float | None  # below full scale; None without a sound or before it is measured

    @property
    def x(self) -> int:
        """Return its left edge."""
        return (self.slot.address.number - 1) * (WIDTH + GAP)

    @property
    def height(self) -> float:
        """Return its height, a line where nothing is known."""
        return 1.0 if self.db is None else _height(self.db)

    @property
    def y(self) -> float:
        """Return its upper edge."""
        return HEIGHT - self.height


@dataclass(frozen=True)
class Levels:
    """The bars of a bank."""

    bars: tuple[Bar, ...]

    @property
    def known(self) -> list[tuple[float, Bar]]:
        """Return the measured ones with their levels, quietest first."""
        pairs = [(bar.db, bar) for bar in self.bars if bar.db is not None]
        return sorted(pairs, key=lambda pair: pair[0])

    @property
    def middle(self) -> float | None:
        """Return the height of the median, None with fewer than two sounds."""
        if len(self.known) < 2:  # noqa: PLR2004 - one is no company
            return None
        return HEIGHT - _height(median(db for db, _ in self.known))

    @property
    def sentence(self) -> str:
        """Say the range in words: `Loudest A1 at −9.8 dB, quietest A8 at −21.0 dB RMS.`"""
        if not self.known:
            return "No sound in this bank is measured yet."
        (low, quietest), (high, loudest) = self.known[0], self.known[-1]
        if quietest is loudest:
            return f"{loudest.slot.address} at {_words(high)} RMS."
        return (
            f"Loudest {loudest.slot.address} at {_words(high)}, "
            f"quietest {quietest.slot.address} at {_words(low)} RMS."
        )

    @property
    def remark(self) -> str:
        """Name the sound that sticks out most, if one does: `A8 sits 11 dB under the rest`."""
        if self.middle is None:
            return ""
        centre = median(db for db, _ in self.known)
        db, bar = max(self.known, key=lambda pair: abs(pair[0] - centre))
        if abs(db - centre) < OUTLIER_DB:
            return ""
        side = "over" if db > centre else "under"
        return f"{bar.slot.address} sits {abs(db - centre):.0f} dB {side} the middle"


def levels(bank: Bank) -> Levels:
    """Return the levels of a bank's sounds, as their analysis measured them."""
    return Levels(tuple(Bar(slot, _level(slot)) for slot in bank.slots))


def _level(slot: Slot) -> float | None:
    if slot.sample is None or slot.is_missing or not slot.sample.rms_energy:
        return None
    return gain_to_db(slot.sample.rms_energy)


def _height(db: float) -> float:
    return round(max(1.0, min(1.0, 1 - db / FLOOR_DB) * HEIGHT), 1)


def _words(db: float) -> str:
    return f"{db:.1f} dB".replace("-", "−")
