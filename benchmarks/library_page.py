"""Time the library page at 10 000 and 100 000 samples: the list, the facets, the whole page.

    python benchmarks/library_page.py [SAMPLES ...]

Prints milliseconds over 60 calls each. The limits are for the whole page: p95 under 100 ms at
10 000 samples and under 250 ms at 100 000. `--data FOLDER` keeps the seeded data for the next time.
"""

import argparse
import gzip
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CALLS = 60
QUERIES = {
    "first page": "",
    "one word, 3 letters": "q=snr",
    "two words": "q=snr+pap",
    "tempo or none, key fits, 2 classes": "lo=84&hi=98&nobpm=1&key=8A&fit=1&cls=break&cls=bass",
    "tag and genre": "tag=dusty&genre=Dub",
    "by name": "sort=name",
    "by tempo": "sort=bpm",
    "by length, one class": "sort=length&cls=kick",
    "typed tempo, a loop, no tag": "q=bpm:90-100+is:loop+-tag:dusty",
    "typed tempo and its octaves": "q=bpm:92&oct=1",
    "typed key with fits": "q=key:8A%2B",
    "typed folder": "q=folder:fog",
    "guesses": "q=is:guess",
    "favourites": "fav=1",
    "loops in a key": "kind=loop&key=8A",
    "not on a pad": "q=is:unused",
    "nothing matches": "q=nosuchword&cls=kick",
}


def milliseconds(act: Callable[[], object]) -> tuple[float, float]:
    """Return p50 and p95 of so many calls."""
    act()
    times = []
    for _ in range(CALLS):
        start = time.perf_counter()
        act()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def show(what: str, label: str, times: tuple[float, float], note: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:8} {label:36} p50 {times[0]:7.1f}   p95 {times[1]:7.1f} ms  {note}")


def measure(count: int) -> None:
    """Seed up to `count` samples and print the table."""
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from library.access import local_user
    from library.facets import facets
    from library.listing import page
    from library.query import Query
    from library.seed import seed

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    user = local_user()
    for _ in seed(user, count):
        pass
    connection.close()
    print(f"\n{count:,} samples".replace(",", " "))
    for label, text in QUERIES.items():
        query = Query.from_string(text)
        show("list", label, milliseconds(lambda query=query: page(user, query)))
        show("facets", label, milliseconds(lambda query=query: facets(user, query)))
    following = Query.from_string(page(user, Query()).next)
    show("list", "next page", milliseconds(lambda: page(user, following)))
    browser = Client(headers={"accept-encoding": "gzip"})
    browser.force_login(user)
    try:
        address = reverse("library:list")
    except NoReverseMatch:
        return
    for label, text in QUERIES.items():
        answer = browser.get(f"{address}?{text}")
        size = len(gzip.compress(answer.content))
        times = milliseconds(lambda text=text: browser.get(f"{address}?{text}"))
        show("page", label, times, f"{size / 1000:.1f} kB gz, {answer.status_code}")


@contextmanager
def data_folder(kept: Path | None) -> Iterator[Path]:
    """Yield the folder for the data; a temporary one is gone afterwards."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    folder = Path(tempfile.mkdtemp(prefix="padcrate-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with data_folder(options.data) as folder:
        os.environ["PADCRATE_DATA"] = str(folder)
        os.environ["DJANGO_SETTINGS_MODULE"] = "sp404site.settings"
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
        import django
        from django.conf import settings

        django.setup()
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
        for count in sorted(options.samples):
            measure(count)


if __name__ == "__main__":
    main()
