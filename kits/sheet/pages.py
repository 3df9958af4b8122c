"""A pad sheet: what lies on the pads of each bank and how it plays, on one page a bank.

The same pages become the print page, the picture and the text. They are plain values, so that an
export can keep the sheet of the very kit that it wrote.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from django.core.files.storage import default_storage
from django.utils.timezone import localdate

from kits.grid import LEGENDS, Slot, grid, pads_of
from kits.hardware.pads import BANKS, PadAddress
from kits.hardware.settings import TEMPO
from kits.models import Direction, Kit, Pad
from kits.sheet.words import facts, groups
from library.audio.waveform import BARS, LEVELS
from library.models import Sample
from library.storage import megabytes

BACKWARDS = {Direction.REVERSE, Direction.REVERSE_PING_PONG}


@dataclass(frozen=True)
class Cell:
    """One pad of the page; without a name it is empty.

    number: 1 to 16. seconds: at its pitch and speed. facts: how it plays, in words. bars: 64
    heights 0 to 255 of the part that plays, as hexadecimal digits; nothing before it is measured.
    """

    number: int
    name: str = ""
    sound_class: str = ""
    seconds: float | None = None
    facts: tuple[str, ...] = ()
    bars: str = ""
    is_missing: bool = False

    @property
    def legend(self) -> str:
        """Return the key that plays it on a computer's keyboard."""
        return LEGENDS[self.number - 1]

    @property
    def words(self) -> str:
        """Return the name in words, so that it may break into two lines."""
        return self.name.replace("_", " ")

    @property
    def heights(self) -> bytes:
        """Return the bars as bytes."""
        return bytes.fromhex(self.bars)

    @property
    def length(self) -> str:
        """Return how long it is: `0.41 s`."""
        return "" if self.seconds is None else f"{self.seconds:.2f} s"


@dataclass(frozen=True)
class Page:
    """One bank on paper. tempo: BPM. day: when the kit was changed last. size: bytes of sound."""

    kit: str
    letter: str
    tempo: float
    day: str
    cells: tuple[Cell, ...]
    groups: tuple[str, ...] = ()
    size: int = 0

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Return a page that was stored as JSON."""
        cells = tuple(Cell(**{**cell, "facts": tuple(cell["facts"])}) for cell in stored["cells"])
        return cls(**{**stored, "cells": cells, "groups": tuple(stored["groups"])})

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    @property
    def filled(self) -> int:
        """Count the pads with something on them."""
        return sum(bool(cell.name) for cell in self.cells)

    @property
    def count(self) -> str:
        """Return how full it is: `14 of 16 pads, 4.8 MB`."""
        size = f", {megabytes(self.size)}" if self.size else ""
        return f"{self.filled} of {len(self.cells)} pads{size}"

    @property
    def bpm(self) -> str:
        """Return the tempo: `92 BPM`."""
        return f"{self.tempo:g} BPM"

    @property
    def when(self) -> str:
        """Return the day in words: `21 November 2026`."""
        day = date.fromisoformat(self.day)
        return f"{day.day} {day:%B %Y}"


def pages(
    kit: Kit,
    letters: Iterable[str] = (),
    pads: Mapping[PadAddress, Pad] | None = None,
    *,
    is_drawn: bool = True,
) -> list[Page]:
    """Return a page for each of these banks; without any, for each bank that has a sound.

    pads: what lay on them, where that is not what lies there now. is_drawn: with waveforms. An
    empty kit has one empty page.
    """
    lying = dict(pads_of(kit) if pads is None else pads)
    drawn = grid(kit, pads=lying)
    wanted = list(letters) or [bank.letter for bank in drawn.banks if bank.filled] or [BANKS[0]]
    outlines = Outlines() if is_drawn else None
    tempos = {bank.letter: bank.tempo for bank in (kit.banks.all() if kit.pk else ())}
    return [
        Page(
            kit=kit.name,
            letter=bank.letter,
            tempo=kit.tempo if kit.has_one_tempo else tempos.get(bank.letter, TEMPO.default),
            day=localdate(kit.updated_at).isoformat(),
            cells=tuple(_cell(slot, outlines) for slot in bank.slots),
            groups=tuple(groups(lying, bank.letter)),
            size=sum(_size(slot.pad) for slot in bank.slots),
        )
        for bank in drawn.banks
        if bank.letter in wanted
    ]


class Outlines:
    """The drawn outlines of sounds: each is read once, however many slices of it there are."""

    def __init__(self) -> None:
        """Know none yet."""
        self.known: dict[str, bytes] = {}

    def bars(self, slot: Slot) -> bytes:
        """Return 64 heights (0 to 255, the loudest one 255) of the part that plays, as it plays."""
        pad, sample = slot.pad, slot.sample
        if pad is None or sample is None or not sample.waveform:
            return b""
        first, last = slot.part
        heights = _heights(self._read(sample), first, last)
        if heights is None:
            heights = np.frombuffer(bytes(sample.waveform), np.uint8)
        if Direction(pad.direction) in BACKWARDS:
            heights = heights[::-1]
        loudest = max(int(heights.max()), 1)
        return bytes(np.ceil(heights / loudest * 255).astype(np.uint8))

    def _read(self, sample: Sample) -> bytes:
        if sample.sha256 not in self.known:
            try:
                with default_storage.open(sample.peaks) as file:
                    self.known[sample.sha256] = file.read()
            except OSError:
                self.known[sample.sha256] = b""
        return self.known[sample.sha256]


def _heights(peaks: bytes, first: float, last: float) -> npt.NDArray[np.uint8] | None:
    """Return 64 heights of a part (0 to 1) of an outline; None without one.

    From the coarsest level that has a pair for each of them, or else the finest.
    """
    if len(peaks) != 2 * sum(LEVELS):
        return None
    count = next((count for count in LEVELS if (last - first) * count >= BARS), LEVELS[-1])
    start = 2 * sum(LEVELS[: LEVELS.index(count)])
    pairs = np.frombuffer(peaks, np.int8, 2 * count, start).astype(np.int16)
    loudest = np.abs(pairs.reshape(-1, 2)).max(axis=1)
    edges = np.linspace(first * count, last * count, BARS + 1).astype(int).clip(0, count)
    starts = edges[:-1].clip(0, count - 1)
    end = max(edges[-1], starts[-1] + 1)  # the last bar has a pair, but none from behind the part
    heights = np.maximum.reduceat(loudest[:end], starts)
    return (heights * 2).clip(0, 255).astype(np.uint8)


def _cell(slot: Slot, outlines: Outlines | None) -> Cell:
    pad = slot.pad
    if pad is None:
        return Cell(slot.address.number)
    return Cell(
        number=slot.address.number,
        name=pad.name or "Untitled",
        sound_class=slot.sound_class,
        seconds=None if pad.seconds is None else pad.seconds / pad.rate,
        facts=tuple(facts(pad)),
        bars="" if pad.is_missing or outlines is None else outlines.bars(slot).hex(),
        is_missing=pad.is_missing,
    )


def _size(pad: Pad | None) -> int:
    """Return the bytes of what plays at 48 kHz and 16 bits; 0 before it is measured."""
    if pad is None or pad.is_missing or pad.region is None or pad.sample is None:
        return 0
    start, end = pad.region
    return 2 * (end - start) * min(pad.sample.channels or 1, 2)
