"""Time a kit of 160 pads: acts on the server, the page in a browser, a press to its voice.

    python benchmarks/kit_page.py [--calls N] [--data FOLDER] [--no-browser]

Acts are whole answers to htmx: p50, p95, the processor time of the median and the questions that
were asked. Limits: p95 under 40 ms for assign, move and a setting, the page open within a second
with its pads drawn, 5 ms from a press to the start of its voice in our code. The browser is the
one of the journeys; without one, or with `--no-browser`, its rows are left out.
"""

import argparse
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import cycle
from pathlib import Path
from typing import Any

from history import watch
from library_page import data_folder
from table import Table

ROOT = Path(__file__).resolve().parent.parent
ACT_MS, OPEN_MS, PRESS_MS = 40, 1000, 5
WARM = 3  # calls that do not count: the first ones compile templates
OPENINGS = 7
PRESSES = 60
HTMX = {"HX-Request": "true"}


def timed(act: Callable[[], object], calls: int) -> tuple[list[float], float]:
    """Return the milliseconds of each call and the processor time of the median."""
    for _ in range(WARM):
        act()
    walls, work = [], []
    for _ in range(calls):
        begun, spent = time.perf_counter(), time.process_time()
        act()
        walls.append((time.perf_counter() - begun) * 1000)
        work.append((time.process_time() - spent) * 1000)
    return walls, statistics.median(work)


def cells(walls: list[float]) -> tuple[str, str]:
    """Return p50 and p95 as text."""
    return f"{statistics.median(walls):.1f}", f"{p95(walls):.1f}"


def p95(walls: list[float]) -> float:
    """Return the value that 95 of 100 stay under."""
    return statistics.quantiles(walls, n=20, method="inclusive")[-1]


def full_kit() -> tuple[Any, list[int]]:
    """Return a kit of 160 pads, of which some are set, and the ids of its sounds."""
    from django.core.management import call_command

    from kits.hardware.pads import ALL
    from kits.models import Kit, Pad
    from library.access import local_user
    from library.models import Sample
    from library.seed import seed

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    user = local_user()
    for _ in seed(user, len(ALL)):
        pass
    samples = list(Sample.objects.filter(owner=user).order_by("pk")[: len(ALL)])
    kit = Kit.objects.create(owner=user, name="All pads")
    pads: dict[Any, Pad | None] = {}
    for number, (at, sample) in enumerate(zip(ALL, samples, strict=True)):
        pads[at] = pad = Pad.holding(sample)
        pad.level, pad.pan = 127 - number % 30, number % 20 - 10
        pad.mute_group = "ABCD"[number % 4] if number % 3 else ""
    kit.change("filled", pads)
    return kit, [sample.pk for sample in samples]


def acts(kit: Any, ids: list[int]) -> Iterator[tuple[str, float, Callable[[], Any]]]:
    """Yield each act on the server: its name, its limit in ms, and what does it once."""
    from django.test import Client
    from django.urls import reverse

    browser = Client()
    browser.force_login(kit.owner)
    sounds, levels, ways = cycle(ids), cycle(range(20, 120)), cycle([("A1", "A2"), ("A1", "C7")])

    def post(name: str, *more: str, **values: object) -> Any:
        kit.refresh_from_db()
        sent = {"v": kit.version, "view": "stage", "bank": "A", **values}
        url = reverse(f"kits:{name}", args=[kit.pk, *more])
        answer = browser.post(url, sent, headers=HTMX)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{name} was answered with {answer.status_code}")
        return answer

    def move() -> Any:
        source, target = next(ways)
        return post("move", **{"from": source, "to": target, "copy": "0"})

    yield "assign a sound", ACT_MS, lambda: post("assign", pad="A1", ids=next(sounds), mode="one")
    yield "move, two pads swap", ACT_MS, move
    yield "set a pad", ACT_MS, lambda: post("pad", "A5", level=next(levels))
    also = [f"A{number}" for number in range(2, 17)]
    yield "set sixteen pads", ACT_MS, lambda: post("pad", "A1", also=also, level=next(levels))
    yield "undo", ACT_MS, lambda: post("undo")
    pad = reverse("kits:pad", args=[kit.pk, "A5"])
    yield "inspector", ACT_MS, lambda: browser.get(pad, headers=HTMX)
    page = reverse("kits:builder", args=[kit.pk])
    yield "another bank", ACT_MS, lambda: browser.get(f"{page}?bank=B", headers=HTMX)
    yield "whole page", 2 * ACT_MS, lambda: browser.get(page)


def on_the_server(kit: Any, ids: list[int], calls: int) -> Table:
    """Time the acts."""
    table = Table(
        "A kit of 160 pads, on the server", ("act", "p50 ms", "p95 ms", "cpu ms", "asked", "limit")
    )
    for name, limit, act in acts(kit, ids):
        walls, work = timed(act, calls)
        with watch() as asked:
            act()
        holds = p95(walls) < limit
        table.add(name, *cells(walls), f"{work:.1f}", str(len(asked)), f"{limit} ms", holds=holds)
    return table


def in_a_browser(folder: Path, pk: int) -> Table | None:
    """Open the page and press its pads; None without a browser."""
    from playwright.sync_api import sync_playwright

    from tests.e2e.conftest import NAMES
    from tests.e2e.instance import running

    path = os.environ.get("PADCRATE_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        return None
    table = Table("The same in a browser", ("what", "p50 ms", "p95 ms", "limit"))
    flags = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with running(folder) as instance, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=flags)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(instance.link)
        opened = [opening(page, f"{instance.url}/kits/{pk}/?probe=1") for _ in range(OPENINGS)][1:]
        table.add("open, pads drawn", *cells(opened), f"{OPEN_MS} ms", holds=p95(opened) < OPEN_MS)
        pressed = presses(page)
        table.add(
            "press to start, our code", *cells(pressed), f"{PRESS_MS} ms",
            holds=p95(pressed) < PRESS_MS,
        )  # fmt: skip
        decoded = page.evaluate(
            "performance.getEntriesByType('resource')"
            ".filter(({ name }) => name.endsWith('/audio')).length"
        )
        table.notes.append(
            f"{decoded} of 160 sounds were fetched: the open bank and its neighbours."
        )
        browser.close()
    return table


def opening(page: Any, url: str) -> float:
    """Return the ms from asking for the page until its pads are drawn and its scripts run."""
    page.goto(url)
    page.wait_for_function("() => window.padEngine")
    return float(page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(Math.max("
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,"
        "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd)))))"
    ))  # fmt: skip


def presses(page: Any) -> list[float]:
    """Return the ms from each key event to the start of its voice."""
    page.wait_for_function("() => !document.querySelector('#stage .pad.decoding')")
    found = []
    for key, _ in zip(cycle("1234qwerasdfzxcv"), range(PRESSES), strict=False):
        page.keyboard.press(key)
        found.append(float(page.evaluate("window.padEngine.engine.took")))
    return found[len(found) // 10 :]


def main() -> int:
    """Print the tables; 1 when a limit was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=60)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    with data_folder(options.data) as folder:
        os.environ["PADCRATE_DATA"] = str(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "sp404site.settings"
        sys.path.insert(0, str(ROOT))
        import django
        from django.conf import settings
        from django.db import connection

        django.setup()
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        kit, ids = full_kit()
        tables = [on_the_server(kit, ids, options.calls)]
        connection.close()
        seen = None if options.no_browser else in_a_browser(folder, kit.pk)
        tables += [seen] if seen else []
    for table in tables:
        print(f"\n{table}")
    missed = [name for table in tables for name in table.missed]
    if missed:
        print(f"\nMissed: {', '.join(missed)}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
