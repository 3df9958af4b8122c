"""Put measured tables into a page, between `<!-- TITLE -->` and `<!-- end -->`."""

import re
from collections.abc import Iterable
from pathlib import Path

from benchmarks.table import Table


def quote(page: Path, about: str, tables: Iterable[Table]) -> None:
    """Replace what stands between the marks of each table; a page without its mark is left."""
    text = page.read_text()
    blocks = {table.title: table.body for table in tables} | {"About": about}
    for title, body in blocks.items():
        marks = re.compile(rf"(<!-- {re.escape(title)} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = marks.sub(lambda found, body=body: f"{found[1]}\n{body}\n\n{found[2]}", text)
    page.write_text(text)
