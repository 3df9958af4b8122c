"""What a run of `analyse` says: lines of JSON, or a table for people."""

import json
import sys
from pathlib import Path

from library.audio.account import Account, Fields
from library.audio.gather import shown
from library.audio.hearing.shown import LIKELY, SURE

NAME_WIDTH = 44
COLUMNS = (("Class", 9), ("Kind", 9), ("BPM", 8), ("Key", 10), ("Length", 9), ("LUFS", 7))
FEW_SECONDS = 10


class Telling:
    """One run's account: each file's line goes out when its turn has come."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.told = self.failed = 0

    def tell(self, account: Account) -> None:
        """Say what is known of a file."""
        if account.error:
            self.failed += 1
        if self.as_json:
            known = {"error": account.error} if account.error else account.fields
            line = json.dumps({"path": account.path} | known, allow_nan=False)
            print(line, flush=True)  # noqa: T201 - a command speaks
        elif account.error:
            print(shown(f"{account.path}: {account.error}"), file=sys.stderr)  # noqa: T201
        else:
            self._row(account)
        self.told += not account.error

    def _row(self, account: Account) -> None:
        if not self.told:
            print(_line("Sound", [name for name, _ in COLUMNS]))  # noqa: T201
        print(_line(shown(Path(account.path).name), _cells(account.fields)), flush=True)  # noqa: T201

    def end(self) -> int:
        """Close the account; return the exit status."""
        return int(self.failed > 0)


def _line(name: str, cells: list[str]) -> str:
    if len(name) > NAME_WIDTH:
        name = f"{name[: NAME_WIDTH - 1]}…"
    widths = [width for _, width in COLUMNS]
    row = (f"{cell:{width}}" for cell, width in zip(cells, widths, strict=True))
    return f"{name:{NAME_WIDTH}} {''.join(row)}".rstrip()


def _cells(fields: Fields) -> list[str]:
    """Return a row's values; those that are not sure with a question mark."""
    seconds, loudness = fields["duration_seconds"], fields["loudness_lufs"]
    return [
        _guess(fields, "class") if (fields["class_confidence"] or 0) >= LIKELY else "",
        _guess(fields, "kind"),
        _guess(fields, "bpm"),
        _guess(fields, "key") if fields["key_shown"] else "",
        f"{seconds:.2f} s" if seconds < FEW_SECONDS else f"{seconds:.1f} s",
        "" if loudness is None else f"{loudness:.1f}",
    ]


def _guess(fields: Fields, name: str) -> str:
    value = fields[name]
    if value is None:
        return ""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if fields[f"{name}_confidence"] >= SURE else f"{text}?"
