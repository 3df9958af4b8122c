"""The picture of an export: ten banks of 16 cells for a kit, one band of cells otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from exports import changes
from kits.hardware.pads import BANKS, PADS_PER_BANK
from library.jobs import State

BAND = 160  # cells


class Shown(Protocol):
    """What a cell needs of a file."""

    position: int
    state: str
    bank: str
    number: int | None
    sample_class: str
    changes: Sequence[str]


@dataclass(frozen=True)
class Cell:
    """One cell: look is q waiting, n working, d written, w changed, e left out, or empty."""

    id: str
    look: str = ""
    sound: str = ""

    @property
    def mark(self) -> str:
        """The sign that says it without colour."""
        return {"w": "!", "e": "×"}.get(self.look, "")


@dataclass(frozen=True)
class Bank:
    """One bank of a kit: its letter and its 16 cells."""

    letter: str
    cells: tuple[Cell, ...]

    @property
    def filled(self) -> int:
        """How many pads it has."""
        return sum(bool(cell.look) for cell in self.cells)


def look(item: Shown) -> str:
    """Return the letter of one file's state."""
    if item.state == State.COMPLETED:
        return "w" if changes.is_notable(item.changes) else "d"
    return {State.PROCESSING: "n", State.FAILED: "e", State.CANCELLED: ""}.get(
        State(item.state), "q"
    )


def banks(items: Iterable[Shown]) -> list[Bank]:
    """Return all ten banks of a kit's export."""
    by_place = {(item.bank, item.number): item for item in items}
    return [
        Bank(
            letter,
            tuple(
                pad_cell(letter, number, by_place.get((letter, number)))
                for number in range(1, PADS_PER_BANK + 1)
            ),
        )
        for letter in BANKS
    ]


def pad_cell(bank: str, number: int | None, item: Shown | None) -> Cell:
    """Return the cell of one pad."""
    name = f"cell-{bank}{number}"
    return Cell(name, look(item), item.sample_class) if item else Cell(name)


def files_per_cell(total: int) -> int:
    """Return how many files share a cell of the band, so that 160 cells are enough."""
    return max(1, -(-total // BAND))


def band(items: Iterable[Shown], per_cell: int) -> list[Cell]:
    """Return the cells that these files make; each must have all of its files."""
    groups: dict[int, list[Shown]] = {}
    for item in items:
        groups.setdefault(item.position // per_cell, []).append(item)
    return [_band_cell(index, group) for index, group in sorted(groups.items())]


def _band_cell(index: int, group: Sequence[Shown]) -> Cell:
    """Return one cell: what needs attention wins, then what is still to be done."""
    looks = {look(item) for item in group}
    shown = next((letter for letter in "enwqd" if letter in looks), "")
    return Cell(f"cell-{index}", shown, group[0].sample_class)
