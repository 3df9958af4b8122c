"""Time the pages of a long history: 100 000 exports of 5 000 000 files, most of one person.

    python benchmarks/history.py [--exports N] [--items N] [--data FOLDER] [--calls N]

Prints p50 and p95 of whole answers, the processor time of the median (what remains on a machine
that is busy with other things), and how many questions each asks. A row misses when its p95 is
over its limit or, on SQLite, when the plan of one of its questions reads a whole table of exports.
`--data FOLDER` keeps the rows for the next time.
"""

import argparse
import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from library_page import data_folder
from many_exports import History, seed
from table import Table

PAGE_MS = 100  # p95 of a page
LAMP_MS = 10  # it is part of every page, and asked for every two seconds
ADMIN_MS = 500  # its years are read off every date
LARGE = ("exports_export", "exports_exportitem", "exports_render")
WHOLE = re.compile(r"SCAN (\w+)")
Watched = list[tuple[str, Any]]


@contextmanager
def watch() -> Any:
    """Give the questions that are asked meanwhile, with their parameters."""
    from django.db import connection

    asked: Watched = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def scans(asked: Watched, *, show: bool) -> list[str]:
    """Return the large tables that are read whole; SQLite only."""
    from django.db import connection

    found = []
    if connection.vendor != "sqlite":
        return []
    for sql, params in asked:
        if not sql.startswith("SELECT"):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            plan = [str(row[-1]) for row in cursor.fetchall()]
        if show:
            print(sql, *plan, sep="\n    ")
        names = {alias: table for table, alias in re.findall(r'"(\w+)" (U\d|T\d)\b', sql)}
        at = [match[1] for line in plan if (match := WHOLE.match(line))]
        found += [name for name in (names.get(name, name) for name in at) if name in LARGE]
    return found


def milliseconds(act: Callable[[], Any], calls: int) -> tuple[float, float, float]:
    """Return p50 and p95 of so many calls, and the processor's share of p50."""
    act()
    walls, busy = [], []
    for _ in range(calls):
        wall, spent = time.perf_counter(), time.process_time()
        act()
        walls.append((time.perf_counter() - wall) * 1000)
        busy.append((time.process_time() - spent) * 1000)
    return statistics.median(walls), statistics.quantiles(walls, n=20)[-1], statistics.median(busy)


class Bench:
    """The table, filled line by line."""

    def __init__(self, title: str, calls: int, *, show: bool) -> None:
        self.table = Table(
            title, ("what", "p50 ms", "p95 ms", "CPU ms", "limit ms", "questions", "plan")
        )
        self.calls = calls
        self.show = show

    def add(
        self, label: str, act: Callable[[], Any], limit: int = PAGE_MS, *, may_scan: bool = False
    ) -> None:
        """Time one thing."""
        with watch() as asked:
            if self.show:
                print(f"\n── {label}")
            act()
        whole = scans(asked, show=self.show)
        median, late, busy = milliseconds(act, self.calls)
        plan = f"reads all of {', '.join(whole)}" if whole else "indexes"
        self.table.add(
            label, f"{median:.1f}", f"{late:.1f}", f"{busy:.1f}", str(limit), str(len(asked)), plan,
            holds=late < limit and (may_scan or not whole),
        )  # fmt: skip
        print(
            f"{label:40} {median:8.1f} {late:8.1f} {busy:8.1f}  {len(asked):3}  {plan}", flush=True
        )


def pages(bench: Bench, owner: Any, other: Any, size: History) -> None:
    """Time what people and programs look at."""
    from django.test import Client
    from django.urls import reverse

    from exports import usage
    from exports.context import lamp_of
    from exports.models import ExportItem

    browser, stranger = Client(), Client()
    browser.force_login(owner)
    stranger.force_login(other)

    def page(address: str, by: Client = browser) -> Callable[[], Any]:
        def get() -> None:
            answer = by.get(address)
            if answer.status_code != 200:  # noqa: PLR2004
                raise SystemExit(f"{address}: {answer.status_code}")

        return get

    last = size.exports // 20 - size.exports // 1000
    listed, failed = reverse("exports:list"), reverse("exports:failed")
    many = "since=2021-06-01&until=2029-01-01"
    for label, address in {
        "history, first page": listed,
        "history, second page": f"{listed}?page=2",
        "history, late page": f"{listed}?page={last}",
        "history, one kind": f"{listed}?kind=kit",
        "history, with errors": f"{listed}?state=partial",
        "history, a state nobody has": f"{listed}?state=waiting",
        "history, kind and state": f"{listed}?kind=kit&state=completed",
        "history, a day": f"{listed}?since=2021-02-01&until=2021-02-01",
        "history, years": f"{listed}?{many}",
        "history, kind, state, years": f"{listed}?kind=kit&state=completed&{many}",
        "history, of one sound": f"{listed}?sample=17",
        "failed conversions": failed,
        "failed conversions, late page": f"{failed}?page=400",
        "a sound's page": reverse("library:sample", args=[17]),
        "a job's page": reverse("exports:job", args=[size.exports - 1]),
        "API, history": "/api/v1/sp404/exports",
        "API, history, late page of 100": f"/api/v1/sp404/exports?limit=100&page={last // 5}",
        "API, history, kind": "/api/v1/sp404/exports?export_type=kit",
        "API, history, state": "/api/v1/sp404/exports?state=partial",
        "API, history, days": "/api/v1/sp404/exports?since=2021-02-01&until=2021-02-01",
        "API, history, of one sound": "/api/v1/sp404/exports?sample_id=17",
        "form": f"{reverse('exports:new')}?ids=17",
    }.items():
        bench.add(label, page(address))
    bench.add("another person's history", page(listed, stranger))
    bench.add("another person's failed", page(failed, stranger))
    bench.add("job lamp", lambda: lamp_of(owner), LAMP_MS)
    work = ExportItem.objects.of_open_exports
    bench.add("worker looks for files", lambda: work().claim("bench"), LAMP_MS)
    bench.add("storage of a person", lambda: usage.in_use(owner), 1000, may_scan=True)


def admin(bench: Bench, owner: Any, size: History) -> None:
    """Time the admin."""
    from django.test import Client
    from django.urls import reverse

    boss = Client()
    boss.force_login(owner)
    exports = reverse("admin:exports_export_changelist")
    items = reverse("admin:exports_exportitem_changelist")
    renders = reverse("admin:exports_render_changelist")
    for label, address in {
        "admin, exports": exports,
        "admin, exports, state": f"{exports}?state__exact=partial",
        "admin, exports, word": f"{exports}?q=Crate+77",
        "admin, exports, digest": f"{exports}?q={'0' * 64}",
        "admin, one export": reverse("admin:exports_export_change", args=[size.exports - 1]),
        "admin, failed conversions": items,
        "admin, all files": f"{items}?state=all",
        "admin, files of one export": f"{items}?state=all&export__id__exact=77",
        "admin, converted files": renders,
    }.items():
        bench.add(label, lambda address=address: boss.get(address), ADMIN_MS, may_scan=True)


def measure(size: History, calls: int, *, show: bool) -> Table:
    """Fill the database where it is empty, and time."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    from exports.models import Export
    from library.access import local_user

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    owner = local_user()
    other, _ = User.objects.get_or_create(username="other")
    if not Export.objects.exists():
        start = time.perf_counter()
        seed(owner, other, size)
        print(f"Rows written in {time.perf_counter() - start:.0f} s", flush=True)
    connection.close()
    title = f"{size.exports:,} exports, {size.items:,} files".replace(",", " ")
    bench = Bench(title, calls, show=show)
    pages(bench, owner, other, size)
    admin(bench, owner, size)
    return bench.table


def main() -> int:
    """Measure; 1 when a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exports", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=5_000_000)
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--plans", action="store_true", help="print every question and its plan")
    options = parser.parse_args()
    with data_folder(options.data) as folder:
        os.environ["PADCRATE_DATA"] = str(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "sp404site.settings"
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        import django
        from django.conf import settings

        django.setup()
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        size = History(options.exports, options.items)
        table = measure(size, options.calls, show=options.plans)
    print(f"\n{table}")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
