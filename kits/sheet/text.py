"""The pad sheet as plain text: one line a pad."""

from collections.abc import Iterable, Sequence

from kits.sheet.pages import Cell, Page

NAME = "pad_sheet.txt"


def text(pages: Sequence[Page]) -> str:
    """Return all pages: name and day, then bank by bank its filled pads and its groups."""
    if not pages:
        return ""
    head = f"{_line(pages[0].kit)}\nPad sheet, {pages[0].when}\n"
    return "".join([head, *map(_bank, pages)])


def _bank(page: Page) -> str:
    lines = ["", f"Bank {page.letter}, {page.bpm}, {page.count}", ""]
    lines += [_pad(page.letter, cell) for cell in page.cells if cell.name]
    lines += ["", *(f"{sentence}." for sentence in page.groups)] if page.groups else []
    return "".join(f"{line}\n" for line in lines)


def _pad(letter: str, cell: Cell) -> str:
    """Return `A6   W  hat    hat_loose_open_01: Gate, mute group A, 0.80 s`."""
    at = f"{letter}{cell.number}"
    manner = "file missing" if cell.is_missing else ", ".join(_said(cell))
    return f"{at:<4} {cell.legend}  {cell.sound_class or '-':<5}  {_line(cell.name)}: {manner}"


def _said(cell: Cell) -> Iterable[str]:
    yield from cell.facts
    if cell.length:
        yield cell.length


def _line(words: str) -> str:
    """Return words of people on one line."""
    return " ".join(words.split())
