"""Time what is asked of generations where there are 100 000 of them, against bare SQLite.

    python benchmarks/generations.py [--rows N] [--calls N]

Each line is one act of the product, from the call to its objects, beside the same statements given
to Python's `sqlite3` on the same file with the same settings: no models, no objects, one tuple for
a row. Both are timed in turns, now the one first and now the other. Insert, look-up and page are to
be of the class of 1 ms: the bare p50 must be below 1 ms, and what models and objects add to the
processor's time (`added`) below 2 ms. An insert counts its prompt and ends with a commit that is on
the disk; since that is the disk's time, the processor's time of the bare insert must be below 1 ms,
and beside it stands a bare write of as much with its sync. Counts and sums read what they count;
they have limits of their own.
"""

import argparse
import os
import sqlite3
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from library_page import data_folder
from many_exports import insert
from table import Table

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
PROMPTS = 2_000  # of the one who has nearly all rows
BARE_MS = 1.0
COMMIT_BYTES = 40_960  # ten pages, about what one insert adds to the log
ADDED_MS = 2.0  # by models and objects, to what is of the class of 1 ms
COUNT_MS = 100.0
STATES = (*("completed",) * 97, "failed", "pending", "processing")


def rows(owner: int, other: int, size: int) -> Any:
    """Give so many rows: of 100 are 97 completed, one is pending; of 20 one is the other's."""
    for number in range(size):
        state = STATES[number % 100]
        made = FIRST + number * timedelta(minutes=5)
        is_sound = state == "completed"
        yield {
            "id": key(number).hex,
            "user_id": other if number % 20 == 0 else owner,
            "prompt": prompt(number % PROMPTS),
            "state": state,
            "created_at": made,
            "finished_at": made if state in {"completed", "failed"} else None,
            "audio_file": f"{made:%Y/%m/%d}/{key(number)}.wav" if is_sound else "",
            "file_size": 384_044 if is_sound else None,
            "generation_seconds": 0.5 if is_sound else None,
        }


def key(number: int) -> UUID:
    """Return the key of a row: scattered, as random ones are, but the same in each run."""
    return UUID(int=(number + 1) * 0x9E3779B97F4A7C15F39CC0605CEDC835 % 2**128)


def prompt(number: int) -> str:
    """Return the words of a prompt."""
    return f"dusty kick {number} at 92 bpm, in C minor, like a tape that was left in the sun"


@dataclass(frozen=True)
class Act:
    """One thing to be timed: by the product, and bare; a limit of its own, in ms, or the class."""

    name: str
    ours: Callable[[], Any]
    bare: Callable[[], Any]
    limit: float | None = None
    commits: bool = False


def milliseconds(act: Callable[[], Any]) -> tuple[float, float]:
    """Return how long one call takes, and the processor's share of that."""
    wall, spent = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - spent) * 1000


def late(times: list[float]) -> float:
    """Return p95."""
    return statistics.quantiles(times, n=20)[-1]


def acts(bare: sqlite3.Connection, owner: Any, size: int) -> list[Act]:
    """Return what is timed."""
    from library.models import Generation, Prompt

    own, numbers = Generation.objects.owned_by(owner), count(size)
    page_of = "SELECT * FROM library_generation WHERE user_id=? AND state=? "
    newest = "ORDER BY created_at DESC, id DESC LIMIT 50"
    half = size // 2
    insert_bare = bare_insert(bare, owner.pk, numbers)

    def ask(sql: str, *parameters: Any) -> Callable[[], Any]:
        return lambda: bare.execute(sql, parameters).fetchall()

    def create() -> None:
        number = next(numbers)
        Generation.objects.create(
            id=key(number), user=owner, prompt=prompt(number % PROMPTS),
            model_name="Padcrate synth", model_version="1", duration=4.0,
        )  # fmt: skip

    return [
        Act("insert, with its prompt", create, insert_bare, commits=True),
        Act(
            "one by its key",
            lambda: Generation.objects.get(pk=key(half)),
            ask("SELECT * FROM library_generation WHERE id=?", key(half).hex),
        ),
        Act(
            "a page of 50, completed",
            lambda: list(own.completed(50)),
            ask(page_of + newest, owner.pk, "completed"),
        ),
        Act(
            "a page of 50, failed",
            lambda: list(own.failed()[:50]),
            ask(page_of + newest, owner.pk, "failed"),
        ),
        Act(
            "20 most used prompts",
            lambda: list(Prompt.objects.owned_by(owner).most_used()[:20]),
            ask(
                "SELECT * FROM library_prompt WHERE user_id=? "
                "ORDER BY used_count DESC, last_used_at DESC, id DESC LIMIT 20", owner.pk,
            ),
        ),
        Act(
            "the oldest 50 pending",
            lambda: list(Generation.objects.pending()[:50]),
            ask(
                "SELECT * FROM library_generation WHERE state IN ('pending', 'waiting') "
                "ORDER BY created_at, id LIMIT 50"
            ),
            COUNT_MS,
        ),
        Act(
            "a page of 50, half way down",
            lambda: list(own.completed(50, half)),
            ask(f"{page_of}{newest} OFFSET ?", owner.pk, "completed", half),
            COUNT_MS,
        ),
        Act(
            "counts by state",
            own.counts,
            ask(
                "SELECT state, count(*) FROM library_generation WHERE user_id=? GROUP BY state",
                owner.pk,
            ),
            COUNT_MS,
        ),
        Act(
            "statistics",
            own.statistics,
            ask(
                "SELECT state, count(*), sum(duration), sum(file_size), avg(generation_seconds) "
                "FROM library_generation WHERE user_id=? GROUP BY state", owner.pk,
            ),
            3 * COUNT_MS,
        ),
    ]  # fmt: skip


def bare_insert(bare: sqlite3.Connection, owner: int, numbers: Any) -> Callable[[], None]:
    """Return what writes a row and counts its prompt, as the product does."""
    columns = (
        "state", "attempts", "token", "worker", "queued_at", "error", "id", "prompt", "model_name",
        "model_version", "duration", "audio_file", "metadata", "created_at", "user_id",
    )  # fmt: skip
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    add = f"INSERT INTO library_generation ({names}) VALUES ({marks})"  # noqa: S608 - names above
    again = (
        "UPDATE library_prompt SET used_count = used_count + 1, last_used_at = ? "
        "WHERE user_id = ? AND text = ?"
    )

    def act() -> None:
        number, moment = next(numbers), str(datetime.now(UTC))[:26]
        words = prompt(number % PROMPTS)
        bare.execute("BEGIN IMMEDIATE")
        bare.execute(
            add,
            ("pending", 0, "", "", moment, "", key(number).hex, words, "Padcrate synth", "1", 4.0,
             "", "{}", moment, owner),
        )  # fmt: skip
        bare.execute(again, (moment, owner, words))
        bare.execute("COMMIT")

    return act


def synced(folder: Path) -> Callable[[], None]:
    """Return what appends as much as a commit to a file and has it on the disk."""
    file = os.open(folder / "synced", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def act() -> None:
        os.write(file, bytes(COMMIT_BYTES))
        os.fsync(file)

    return act


def measure(folder: Path, size: int, calls: int) -> Table:
    """Fill the database and time all acts."""
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    from library.access import local_user
    from library.models import Generation, Prompt

    call_command("migrate", verbosity=0, skip_checks=True)
    owner, other = local_user(), User.objects.create(username="other")
    template = Generation(
        user=owner, model_name="Padcrate synth", model_version="1", duration=4.0, sample_rate=48_000
    )
    start = time.perf_counter()
    insert(template, rows(owner.pk, other.pk, size))
    Prompt.objects.bulk_create(
        Prompt(user=owner, text=prompt(number), used_count=1 + number * 7919 % 997)
        for number in range(PROMPTS)
    )
    print(f"Rows written in {time.perf_counter() - start:.0f} s", flush=True)
    known = settings.DATABASES["default"]
    file = str(known["NAME"])
    title = f"{size:,} generations".replace(",", " ")
    table = Table(
        title, ("what", "p50 ms", "p95 ms", "bare p50", "bare p95", "ratio", "added ms", "limits")
    )
    with closing(sqlite3.connect(file, isolation_level=None)) as bare:
        bare.executescript(known["OPTIONS"]["init_command"])
        for act in acts(bare, owner, size):
            add(table, act, calls, synced(folder))
    connection.close()
    return table


def add(table: Table, act: Act, calls: int, sync: Callable[[], Any]) -> None:
    """Time one act in turns with its bare statements, and with a bare sync where it commits."""
    ways = [act.ours, act.bare, sync] if act.commits else [act.ours, act.bare]
    for warm in ways * 2:
        warm()
    times: list[list[tuple[float, float]]] = [[] for _ in ways]
    for turn in range(calls):
        for place in range(len(ways))[:: 1 if turn % 2 else -1]:
            times[place].append(milliseconds(ways[place]))
    walls, busy = ([[pair[place] for pair in pairs] for pairs in times] for place in (0, 1))
    ours, bare, *_ = map(statistics.median, walls)
    spent, bare_spent, *_ = map(statistics.median, busy)
    if act.limit is None:
        holds = (bare_spent if act.commits else bare) < BARE_MS and spent - bare_spent < ADDED_MS
        limits = f"bare {BARE_MS:.0f}{' CPU' * act.commits}, added {ADDED_MS:.0f}"
    else:
        holds, limits = ours < act.limit, f"p50 {act.limit:.0f}"
    table.add(
        act.name, f"{ours:.3f}", f"{late(walls[0]):.3f}", f"{bare:.3f}", f"{late(walls[1]):.3f}",
        f"{ours / bare:.1f}", f"{spent - bare_spent:.3f}", limits, holds=holds,
    )  # fmt: skip
    if act.commits:
        table.notes.append(
            f"A bare write of {COMMIT_BYTES} bytes with its sync: p50 "
            f"{statistics.median(walls[2]):.3f} ms; the bare insert without the disk "
            f"{bare_spent:.3f} ms of the processor."
        )


def main() -> int:
    """Measure; 1 when a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=200)
    options = parser.parse_args()
    with data_folder(None) as folder:
        os.environ["PADCRATE_DATA"] = str(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "sp404site.settings"
        os.environ.pop("PADCRATE_DATABASE_URL", None)
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        import django

        django.setup()
        table = measure(folder, options.rows, options.calls)
    print(f"\n{table}")
    for name in table.missed:
        print(f"Missed: {name}")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
