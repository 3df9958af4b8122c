"""A long history for measurements: rows of exports as years of work leave them behind.

Plain inserts in batches; the same rows each time. Of 100 exports 2 are another person's, 5 ended
with errors, 1 was cancelled; the newest tenth still has its files.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

BATCH = 5_000
SIZES = (1, 10, 16, 40, 60, 80, 100, 93, 50, 50)  # files of ten exports; 50 in the mean
MEAN = 50
KINDS = ("single", *("batch",) * 6, *("kit",) * 3)
PERSONS = 50  # of so many exports one is the other person's
FAILED = 10  # files of an export with errors that were left out
FIRST = datetime(2021, 1, 1, tzinfo=UTC)
EVERY = timedelta(minutes=26)  # 100 000 of them in five years


@dataclass(frozen=True)
class History:
    """How much there is to be: exports, and files of them."""

    exports: int
    items: int

    @property
    def samples(self) -> int:
        """How many sounds they are made of."""
        return max(100, self.items // 500)

    @property
    def renders(self) -> int:
        """How many converted files are left."""
        return max(100, self.items // 100)

    def files(self, number: int) -> int:
        """How many files an export has."""
        scale = self.items / self.exports / MEAN
        return max(1, round(SIZES[number % len(SIZES)] * scale))

    def has_files(self, number: int) -> bool:
        """Tell whether nothing was cleared yet."""
        return number >= self.exports * 9 // 10


def state(number: int) -> str:
    """Return how an export ended."""
    if number % 20 == 7:  # noqa: PLR2004 - any number will do
        return "partial"
    return "cancelled" if number % 100 == 9 else "completed"  # noqa: PLR2004


def insert(template: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows that differ from an unsaved row of the same model in a few columns."""
    from django.db import connection, transaction

    fields = [field for field in template._meta.concrete_fields if not field.generated]
    usual = {
        field.column: field.get_db_prep_save(getattr(template, field.attname), connection)
        for field in fields
    }
    adapt: dict[str, Callable[[Any], Any]] = {
        field.column: lambda value, field=field: field.get_db_prep_save(value, connection)
        for field in fields
        if "Date" in field.get_internal_type()
    }
    names = ", ".join(map(connection.ops.quote_name, usual))
    marks = ", ".join(["%s"] * len(usual))
    table = connection.ops.quote_name(template._meta.db_table)
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own tables
    for chunk in _chunks(rows):
        values = [
            tuple(
                adapt[name](row[name]) if name in adapt and name in row else row.get(name, value)
                for name, value in usual.items()
            )
            for row in chunk
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, values)


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    chunk: list[dict[str, Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == BATCH:
            yield chunk
            chunk = []
    yield chunk


def seed(owner: Any, other: Any, size: History) -> None:
    """Fill an empty database."""
    from django.db import connection

    from exports.models import Export, ExportItem, Render
    from library.models import Sample

    indexes = _take_indexes(ExportItem._meta.db_table)
    insert(
        Sample(
            owner=owner, format="wav", codec="PCM_16", sample_rate=44_100, channels=1,
            bit_depth=16, frames=11_025, seconds=0.25, size_bytes=22_094, sample_class="kick",
        ),
        (
            {"id": 1 + row, "title": f"Kick {row:06}", "original_name": f"Kick {row:06}.wav",
             "sha256": digest(row)}
            for row in range(size.samples)
        ),
    )  # fmt: skip
    insert(
        Render(extension="wav", size_bytes=24_044, crc32=0, frames=12_000, channels=1),
        (
            {"id": 1 + row, "key": digest(-1 - row), "sha256": digest(-1 - row)}
            for row in range(size.renders)
        ),
    )
    insert(Export(owner=owner, layout="flat", format="wav"), _exports(owner, other, size))
    insert(ExportItem(export_id=1, position=0, original_format="wav"), _items(size))
    with connection.cursor() as cursor:
        for index in indexes:
            cursor.execute(index)


def _take_indexes(table: str) -> list[str]:
    """Drop a table's indexes and return how to make them: sorted once is quicker; SQLite only."""
    from django.db import connection

    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-2000000")
        of_table = "FROM sqlite_master WHERE type='index' AND sql > '' AND tbl_name=%s"
        cursor.execute(f"SELECT name, sql {of_table}", [table])
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
    return [sql for _, sql in found]


def digest(row: int) -> str:
    """Return the digest of a made-up file."""
    return sha256(b"%d" % row).hexdigest()


def _exports(owner: Any, other: Any, size: History) -> Iterator[dict[str, Any]]:
    for number in range(size.exports):
        made = FIRST + number * EVERY
        gone = None if size.has_files(number) else made + timedelta(days=30)
        files = size.files(number)
        yield {
            "id": 1 + number,
            "owner_id": other.pk if number % PERSONS == 0 else owner.pk,
            "kind": KINDS[number % len(KINDS)],
            "name": f"Crate {number}",
            "state": state(number),
            "sample_count": files,
            "total_bytes": 24_044 * files,
            "created_at": made,
            "started_at": made,
            "finished_at": made + timedelta(minutes=1),
            "files_removed_at": gone,
        }


def _items(size: History) -> Iterator[dict[str, Any]]:
    row = 0
    for number in range(size.exports):
        ended = state(number)
        stays = size.has_files(number) and ended != "cancelled"
        moment = FIRST + number * EVERY
        for position in range(size.files(number)):
            row += 1
            is_bad = ended == "partial" and position < FAILED
            sample = row * 7919 % size.samples
            yield {
                "id": row,
                "export_id": 1 + number,
                "position": position,
                "path": f"Kick {sample:06}-{position:04}.wav",
                "sample_id": 1 + sample,
                "sample_title": f"Kick {sample:06}",
                "sample_sha256": digest(sample),
                "sample_class": "kick",
                "state": "failed" if is_bad else "completed" if ended == "partial" else ended,
                "error": "Kick: this sound is damaged." if is_bad else "",
                "size_bytes": 24_044,
                "render_id": 1 + row % size.renders if stays and not is_bad else None,
                "finished_at": moment,
            }
