"""The few figures that say most, for the README."""

from collections.abc import Sequence

from benchmarks import speed
from benchmarks.table import Table

PEERS = ("sox", "ffmpeg", "librosa recipe")
SOUND = (
    "alias and image, 44.1 kHz → 48",
    "sine of −100 dBFS: harmonics",
    "peaks between samples, +3 dB: error",
    "length",
    "start of MP3, Ogg",
)
SPEED = {"sox": speed.SOX, "ffmpeg": speed.FFMPEG, "librosa recipe": speed.NAIVE}


def _row(table: Table, name: str) -> dict[str, str]:
    cells = next((row for row in table.rows if row[0] == name), ())
    return dict(zip(table.columns, cells, strict=False))


def table(tables: Sequence[Table]) -> Table | None:
    """Choose rows; None where sound or speed was not measured."""
    by_title = {each.title: each for each in tables}
    sound, fast = by_title.get("Sound"), by_title.get(speed.MADE_TITLE)
    if sound is None or fast is None:
        return None
    found = Table("In short", ("", "Padcrate", *PEERS))
    for name in SOUND:
        row = _row(sound, name)
        figures = (row.get(who, "–") for who in ("Padcrate", *PEERS))
        found.add(f"{name}, {row['unit']}", *figures)
    ratios = [_row(fast, SPEED[who]).get(speed.SINGLE, "–").split(" ")[0] for who in PEERS]
    found.add("processor time, 300 files", "1", *ratios)
    return found
