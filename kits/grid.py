"""A kit as it is drawn: sixteen slots of a bank, the map of all ten banks, and the figures."""

import json
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any, Self

from kits.hardware.pads import ALL, BANKS, PADS_PER_BANK, PadAddress
from kits.hardware.settings import VOLUME
from kits.models import Direction, Kit, KitBank, Pad, Play
from kits.sounding import LONG_SECONDS, marks, voice
from library.audio.recipe import DEFAULT, planned_size
from library.audio.units import RATE
from library.models import Sample

LEGENDS = "1234QWERASDFZXCV"  # the keys that play pads 1 to 16, on a US keyboard
BANK_KEYS = "1234567890"  # with Alt
LOUDEST = int(VOLUME.high)
NOTHING = (None, None, None)  # frames, rate and channels of a pad without a sound
ROW = 4  # pads side by side, as on the machine


@dataclass(frozen=True)
class Slot:
    """A place in the drawn grid, perhaps empty."""

    address: PadAddress
    pad: Pad | None

    @property
    def sample(self) -> Sample | None:
        """Return the sound on the pad."""
        return self.pad.sample if self.pad else None

    @property
    def legend(self) -> str:
        """Return the key that plays it."""
        return LEGENDS[self.address.number - 1]

    @property
    def title(self) -> str:
        """Return the name of the sound, or of the one that is gone."""
        if self.pad is None:
            return ""
        return self.pad.name

    @property
    def words(self) -> str:
        """Return the name in words, so that it may break into two lines."""
        return self.title.replace("_", " ")

    @property
    def is_long(self) -> bool:
        """Tell whether the sound is too long to be decoded ahead: it is streamed when played."""
        return self.sample is not None and (self.sample.seconds or 0) > LONG_SECONDS

    @property
    def is_missing(self) -> bool:
        """Tell whether a sound should be here that can no longer be heard."""
        return self.pad is not None and self.pad.is_missing

    @property
    def badges(self) -> list[str]:
        """Return the few letters that tell how it plays: `MUTE A`, `GATE`, `REV`, `−2 st`."""
        return [] if self.pad is None else marks(self.pad)

    @property
    def sound(self) -> str:
        """Return what the page needs to play it, as JSON (`kits.sounding.voice`)."""
        return "" if self.pad is None else json.dumps(voice(self.pad))

    @property
    def heard(self) -> dict[str, Any]:
        """Return `kits.sounding.voice` with the sample; nothing where nothing can be heard."""
        if self.pad is None or self.sample is None or self.is_missing:
            return {}
        long = {"streamed": True} if self.is_long else {}
        return {**voice(self.pad), "sample": self.sample.pk, **long}

    @property
    def part(self) -> tuple[float, float]:
        """Return which part of its sample plays, 0 to 1."""
        if self.pad is None or not self.pad.frames or self.pad.region is None:
            return 0.0, 1.0
        start, end = self.pad.region
        return start / self.pad.frames, end / self.pad.frames

    @property
    def is_reversed(self) -> bool:
        """Tell whether it is heard from its end on."""
        backwards = (Direction.REVERSE, Direction.REVERSE_PING_PONG)
        return self.pad is not None and self.pad.direction in backwards

    @property
    def length(self) -> float | None:
        """Return how long the whole sample is in seconds; None before it is measured."""
        frames = self.pad.frames if self.pad else None
        return None if frames is None else frames / RATE

    @property
    def sound_class(self) -> str:
        """Return the class that colours the pad; nothing for a sound without one."""
        return self.sample.sample_class if self.sample else ""

    @property
    def label(self) -> str:
        """Return what a screen reader says: `Pad A5, kick_dusty_07, kick`."""
        if self.pad is None:
            return f"Pad {self.address}, empty"
        if self.is_missing:
            return f"Pad {self.address}, file missing, {self.title}"
        words = [f"Pad {self.address}", self.title, self.sound_class, *self._manner()]
        return ", ".join(filter(None, words))

    def _manner(self) -> list[str]:
        """Say how it plays where that is not as usual."""
        if self.pad is None:
            return []
        play = "" if self.pad.play == Play.ONE_SHOT else Play(self.pad.play).label.lower()
        group = f"mute group {self.pad.mute_group}" if self.pad.mute_group else ""
        return [play, group, "muted" if self.pad.muted else "", "locked" if self.pad.locked else ""]


@dataclass(frozen=True)
class Bank:
    """Sixteen slots under one letter."""

    letter: str
    slots: tuple[Slot, ...]
    volume: int

    @property
    def filled(self) -> int:
        """Count the pads with something on them."""
        return sum(slot.pad is not None for slot in self.slots)

    @property
    def rows(self) -> list[tuple[Slot, ...]]:
        """Return the slots four by four."""
        return [self.slots[start : start + ROW] for start in range(0, PADS_PER_BANK, ROW)]

    @property
    def key(self) -> str:
        """Return the digit that opens it together with Alt."""
        return BANK_KEYS[BANKS.index(self.letter)]

    @property
    def sounds(self) -> str:
        """Return all that can be heard here as JSON, by address (`Slot.sound` with its sample)."""
        return json.dumps({str(slot.address): slot.heard for slot in self.slots if slot.heard})


@dataclass(frozen=True)
class Figures:
    """What there is to count in a kit; the size as far as it is known."""

    filled: int
    size_bytes: int

    @classmethod
    def of(cls, sounds: Iterable[tuple[int | None, int | None, int | None]]) -> Self:
        """Count pads by frames, rate and channels of what is on them."""
        known = list(sounds)
        size = sum(
            planned_size(frames, rate, channels, DEFAULT)
            for frames, rate, channels in known
            if frames and rate and channels
        )
        return cls(len(known), size)


@dataclass(frozen=True)
class Grid:
    """A whole kit, with one bank open; `figures` where not all of it was looked up to be drawn."""

    kit: Kit
    banks: tuple[Bank, ...]
    letter: str
    figures: Figures | None = None

    @property
    def open(self) -> Bank:
        """Return the bank that is shown."""
        return self.banks[BANKS.index(self.letter)]

    @property
    def settings(self) -> KitBank:
        """Return tempo and volume of the open bank."""
        return KitBank(letter=self.letter) if self.kit.pk is None else self.kit.bank(self.letter)

    @property
    def pads(self) -> dict[PadAddress, Pad]:
        """Return the filled pads."""
        return {slot.address: slot.pad for bank in self.banks for slot in bank.slots if slot.pad}

    @property
    def filled(self) -> int:
        """Count the filled pads of all banks."""
        return self._figures.filled

    @property
    def missing(self) -> int:
        """Count the pads whose sound is gone."""
        return sum(slot.is_missing for bank in self.banks for slot in bank.slots)

    @property
    def size_bytes(self) -> int:
        """Return what the sounds take on a card at 48 kHz and 16 bits, as far as known."""
        return self._figures.size_bytes

    @property
    def _figures(self) -> Figures:
        if self.figures is not None:
            return self.figures
        samples = [pad.sample for pad in self.pads.values()]
        return Figures.of(
            (each.frames, each.sample_rate, each.channels) if each else NOTHING for each in samples
        )

    def at(self, address: PadAddress) -> Slot:
        """Return the slot of an address."""
        return self.banks[BANKS.index(address.bank)].slots[address.number - 1]

    def first_free(self) -> PadAddress:
        """Return the first empty pad, the first of all in a full kit."""
        return first_free(self.pads)


def pads_of(kit: Kit, banks: Iterable[str] | None = None) -> dict[PadAddress, Pad]:
    """Return the filled pads, of these banks alone where they are named, in one query.

    Nothing is asked for a kit not yet saved.
    """
    if kit.pk is None:
        return {}
    drawn = kit.pads.drawn()
    return by_address(drawn if banks is None else drawn.filter(bank__in=set(banks)))


def first_free(pads: Container[PadAddress]) -> PadAddress:
    """Return the first pad that is not among these, the first of all where none is left."""
    return next((place for place in ALL if place not in pads), ALL[0])


def by_address(pads: Iterable[Pad]) -> dict[PadAddress, Pad]:
    """Return pads by where they are."""
    return {pad.address: pad for pad in pads}


def grid(kit: Kit, letter: str = "A", pads: dict[PadAddress, Pad] | None = None) -> Grid:
    """Draw a kit with one bank open (A for an unknown letter); `pads` where known already."""
    known = pads_of(kit) if pads is None else pads
    return Grid(kit, _banks(kit, known), _letter(letter))


def some_banks(kit: Kit, letter: str, banks: Iterable[str]) -> Grid:
    """Draw the open bank and these; the others look empty, but they count."""
    known = pads_of(kit, {_letter(letter), *banks})
    sounds = kit.pads.values_list("sample__frames", "sample__sample_rate", "sample__channels")
    return Grid(kit, _banks(kit, known), _letter(letter), Figures.of(sounds))


def _letter(letter: str) -> str:
    return letter if letter in tuple(BANKS) else BANKS[0]


def _banks(kit: Kit, pads: dict[PadAddress, Pad]) -> tuple[Bank, ...]:
    slots = [Slot(address, pads.get(address)) for address in ALL]
    volumes = {bank.letter: bank.volume for bank in kit.banks.all()} if kit.pk else {}
    return tuple(
        Bank(bank, tuple(slots[start : start + PADS_PER_BANK]), volumes.get(bank, LOUDEST))
        for start, bank in zip(range(0, len(ALL), PADS_PER_BANK), BANKS, strict=True)
    )
