"""The library as one table, for spreadsheets and programs: CSV or JSON, made while it is sent.

docs/library.md explains the columns; a test compares it with the table below.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from library import origins
from library.audio.units import gain_to_db
from library.keys import CAMELOT
from library.models import Sample
from library.query import Query
from library.spreadsheet import plain

BATCH = 500  # rows read at once
UNSEEN = ("waveform", "search_text", "decode_warnings")
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def _peak(sample: Sample) -> float | None:
    peak = sample.peak_amplitude
    return None if not peak else round(gain_to_db(peak), 2)


def _kind(sample: Sample) -> str:
    return {True: "loop", False: "one-shot"}.get(sample.is_loop, "")  # type: ignore[arg-type]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


COLUMNS: dict[str, Callable[[Sample], Any]] = {
    "id": lambda sample: sample.pk,
    "title": lambda sample: sample.title,
    "file": lambda sample: sample.original_name,
    "folder": lambda sample: sample.folder,
    "pack": lambda sample: origins.of(sample).pack,
    "source": lambda sample: origins.of(sample).source,
    "author": lambda sample: origins.of(sample).author,
    "licence": lambda sample: origins.of(sample).licence,
    "class": lambda sample: sample.sample_class,
    "class_is_guess": lambda sample: sample.class_guessed,
    "kind": _kind,
    "bpm": lambda sample: sample.bpm,
    "bpm_is_guess": lambda sample: sample.bpm_guessed,
    "key": lambda sample: sample.get_key_display() if sample.key else "",
    "camelot": lambda sample: CAMELOT.get(sample.key, ""),
    "key_is_guess": lambda sample: sample.key_guessed,
    "genre": lambda sample: sample.genre,
    "tags": lambda sample: [tag.name for tag in sample.tags.all()],
    "favourite": lambda sample: sample.is_favourite,
    "notes": lambda sample: sample.notes,
    "pads": lambda sample: [f"{pad.address} of {pad.kit.name}" for pad in sample.pads.all()],
    "format": lambda sample: sample.format,
    "codec": lambda sample: sample.codec,
    "sample_rate": lambda sample: sample.sample_rate,
    "bit_depth": lambda sample: sample.bit_depth,
    "channels": lambda sample: sample.channels,
    "frames": lambda sample: sample.frames,
    "seconds": lambda sample: _rounded(sample.seconds, 6),
    "peak_dbfs": _peak,
    "true_peak_dbtp": lambda sample: _rounded(sample.true_peak_dbtp, 2),
    "loudness_lufs": lambda sample: _rounded(sample.loudness_lufs, 2),
    "size_bytes": lambda sample: sample.size_bytes,
    "added_at": lambda sample: sample.added_at.isoformat(timespec="seconds"),
    "sha256": lambda sample: sample.sha256,
}


def samples(user: User, query: Query) -> "QuerySet[Sample]":
    """Return the sounds that a search lets through; without one, all that are not in the trash."""
    return query.filter(Sample.objects.owned_by(user).kept())


def stream(rows: "QuerySet[Sample]", form: str) -> Iterator[str]:
    """Yield the table in pieces; form: a key of FORMATS."""
    return _csv(rows) if form == "csv" else _json(rows)


def _batches(rows: "QuerySet[Sample]") -> Iterator[list[Sample]]:
    """Yield rows, the newest first, a few at a time: no transaction stays open meanwhile."""
    rows = rows.select_related("pack").prefetch_related("tags", "pads__kit").defer(*UNSEEN)
    rows = rows.order_by("-pk")
    last: int | None = None
    while found := list((rows if last is None else rows.filter(pk__lt=last))[:BATCH]):
        yield found
        last = found[-1].pk


def _csv(rows: "QuerySet[Sample]") -> Iterator[str]:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for batch in _batches(rows):
        table.writerows([_cell(read(sample)) for read in COLUMNS.values()] for sample in batch)
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return plain("; ".join(value))
    if isinstance(value, bool):
        return int(value)
    return plain(value) if isinstance(value, str) else value


def _json(rows: "QuerySet[Sample]") -> Iterator[str]:
    before = "[\n"
    for batch in _batches(rows):
        for sample in batch:
            line = {name: read(sample) for name, read in COLUMNS.items()}
            yield before + json.dumps(line, ensure_ascii=False)
            before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"
