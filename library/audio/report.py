"""What a run of `convert` says: lines of JSON, or plain words, and how far it is."""

import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from library.audio.batch import Job, Outcome
from library.audio.convert import Result
from library.audio.gather import shown
from library.audio.recipe import LOWERED
from library.audio.units import RATE

WARNED, FITTED = "with a warning", "lowered to fit"
LIMITED, TOO_QUIET = "limited by peak", "too quiet to match"
REMARKS = (WARNED, FITTED, LIMITED, TOO_QUIET)
"""What may have become of a file besides what was asked for, in the words that follow a count."""


class Report:
    """One run's account. JSON goes out as files are done, words about trouble at the end."""

    def __init__(self, total: int, skipped: int, *, as_json: bool) -> None:
        self.began = time.monotonic()
        self.total = total
        self.skipped = skipped
        self.as_json = as_json
        self.converted = 0
        self.frames = 0
        self.failed: list[tuple[Path, str]] = []
        self.warned: list[tuple[Path, str]] = []
        self.remarks: Counter[str] = Counter()
        self.bar: Any = None

    def done(self, job: Job, outcome: Outcome) -> None:
        """Take in what became of a job."""
        if outcome.result is None:
            self.fail(job.source, outcome.error)
        else:
            self.converted += 1
            self.frames += outcome.result.frames
            self.warned += [(job.source, warning) for warning in outcome.result.warnings]
            self.remarks.update(_remarks(outcome.result))
            self._say(_line(job.source, job.target, outcome.result))
        self._advance()

    def fail(self, source: Path, reason: str) -> None:
        """Take in that something could not be converted; the reason is a phrase."""
        self.failed.append((source, reason))
        self._say(_line(source, None, None, reason))

    def end(self, stopped: str = "") -> int:
        """Say the last words, with the reason if it was stopped early; return the exit status."""
        if self.bar is not None:
            self.bar.close()
        seconds = time.monotonic() - self.began
        left = self.total - self.converted - len(self.failed)
        if self.as_json:
            summary: dict[str, object] = {
                "summary": True,
                "converted": self.converted,
                "failed": len(self.failed),
                "skipped": self.skipped,
                "seconds": round(seconds, 3),
                "sound_seconds": round(self.frames / RATE, 3),
            }
            self._say(summary | ({"stopped": stopped, "left": left} if stopped else {}))
        else:
            self._end_in_words(seconds, f"{stopped}: {left} left" if stopped else "")
        sys.stdout.flush()
        return 1 if self.failed or stopped else 0

    def _end_in_words(self, seconds: float, stopped: str) -> None:
        for source, reason in [*sorted(self.warned), *sorted(self.failed)]:
            print(shown(f"{source}: {reason}"), file=sys.stderr)  # noqa: T201 - a command speaks
        parts = [f"{self.converted} {'file' if self.converted == 1 else 'files'} converted"]
        parts += [f"{self.remarks[one]} {one}" for one in REMARKS if self.remarks[one]]
        if self.failed:
            parts.append(f"{len(self.failed)} failed")
        if self.skipped:
            parts.append(f"{self.skipped} skipped that are no sounds")
        parts += [stopped] if stopped else []
        print(f"{', '.join(parts)} ({seconds:.1f} s).")  # noqa: T201

    def _say(self, fields: dict[str, object]) -> None:
        if self.as_json:
            print(json.dumps(fields, allow_nan=False), flush=True)  # noqa: T201

    def _advance(self) -> None:
        """Move the bar, where there is a terminal to see it and more than one file."""
        if self.bar is None and self.total > 1 and sys.stderr.isatty():
            from tqdm import tqdm  # takes longer to import than many a file to convert

            tqdm.monitor_interval = 0  # no thread: processes may still be forked
            self.bar = tqdm(total=self.total, unit=" files", leave=False)
        if self.bar is not None:
            self.bar.update()


def _remarks(result: Result) -> Iterator[str]:
    """Give the remarks that hold for a file; those of its loudness exclude each other."""
    if result.warnings:
        yield WARNED
    if any(change.startswith(LOWERED) for change in result.changes):
        yield FITTED
    if result.levelled and result.levelled.is_too_quiet:
        yield TOO_QUIET
    elif result.levelled and result.levelled.limited:
        yield LIMITED


def _line(
    source: Path, target: Path | None, result: Result | None, error: str | None = None
) -> dict[str, object]:
    """Return what one line of JSON tells of a file."""
    fields: dict[str, object] = {
        "source": str(source),
        "target": None if target is None else str(target),
        "ok": result is not None,
        "error": error,
    }
    for name in ("frames", "channels", "size_bytes", "source_format", "source_rate"):
        fields[name] = getattr(result, name, None)
    fields["source_channels"] = getattr(result, "source_channels", None)
    fields["seconds"] = None if result is None else result.frames / RATE
    fields["changes"] = [] if result is None else list(result.changes)
    fields["loudness"] = _loudness(result)
    return fields


def _loudness(result: Result | None) -> dict[str, object] | None:
    """Return what was done about the loudness; LUFS are null for a sound that has none."""
    if result is None or result.levelled is None:
        return None
    told = result.levelled
    return {
        "gain_db": _finite(told.gain_db),
        "source_lufs": _finite(told.source_lufs),
        "lufs": _finite(told.lufs),
        "limited": told.limited,
    }


def _finite(figure: float) -> float | None:
    return round(figure, 3) if math.isfinite(figure) else None
