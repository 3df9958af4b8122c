"""A table for people, with the limits that were met and missed."""

from dataclasses import dataclass, field


@dataclass
class Table:
    """Rows of text under a title; `missed` names rows in which our figure broke its limit."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: str, holds: bool = True) -> None:
        """Append a row; its first cell is its name."""
        self.rows.append(cells)
        if not holds:
            self.missed.append(cells[0])

    def __str__(self) -> str:
        """Markdown with the title."""
        return f"### {self.title}\n\n{self.body}"

    @property
    def body(self) -> str:
        """Markdown, also straight to the eye."""
        lines = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        texts = [
            "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            for line in lines
        ]
        rule = "|" + "|".join("-" * (width + 2) for width in widths)
        table = "\n".join(f"{line}{end}" for line, end in self._framed(texts, rule))
        return "\n\n".join((table, *self.notes))

    @staticmethod
    def _framed(texts: list[str], rule: str) -> list[tuple[str, str]]:
        return [(texts[0], " |"), (rule, "|"), *((text, " |") for text in texts[1:])]

    def as_dict(self) -> dict[str, object]:
        """Everything, for a file."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "rows": rows, "missed": self.missed, "notes": self.notes}
