"""Time the workers: a library analysed and exported by real `manage.py worker` processes.

    python benchmarks/workers.py [--shots 400] [--processes 1 2 3]

Two sets: one-shots, where what is done around the sound weighs most, and the 300 files of the
conversion benchmark with ten minutes at 96 kHz. The yardstick is a bare loop in this process over
the same files in the same run: `convert` for an export; `listen.facts` with its rendition, then
`judge`, for an analysis. Both are given as processor time, since wall times depend on what else the
machine does; `times` is the ratio, 1.0 if rows and safety cost nothing. The highest resident memory
of any worker is read from the kernel (VmHWM). Ends with status 1 when a worker needs more than
300 MB.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the product

import numpy as np
import psutil
import soundfile

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import corpus  # noqa: E402 - found by the line above

KINDS = (  # rate in Hz, channels, container, width
    (44_100, 1, "WAV", "PCM_16"),
    (44_100, 2, "WAV", "PCM_24"),
    (48_000, 2, "WAV", "PCM_16"),
    (96_000, 2, "FLAC", "PCM_24"),
    (44_100, 2, "FLAC", "PCM_16"),
)
LONGEST_WAIT = 600  # seconds for one round
MOST_MEMORY = 300  # MB of a worker


@dataclass(frozen=True)
class Spent:
    """What a piece of work took: wall and processor time (s), highest memory of a worker (MB)."""

    wall: float
    cpu: float
    memory: float = 0.0


def one_shots(folder: Path, count: int) -> list[Path]:
    """Write sounds of 0.1 to 0.6 s: decaying noise with a tone, the same always."""
    dice = np.random.default_rng(404)
    paths = []
    for number in range(count):
        rate, channels, container, subtype = KINDS[number % len(KINDS)]
        seconds = dice.uniform(0.1, 0.6)
        moment = np.arange(int(seconds * rate)) / rate
        tone = np.sin(2 * np.pi * dice.uniform(60, 2000) * moment)
        sound = tone[:, None] + dice.normal(0, 0.3, (moment.size, channels))
        sound *= 0.4 * np.exp(-3 * moment / seconds)[:, None]
        path = folder / f"sound{number:05}.{container.lower()}"
        soundfile.write(path, sound.clip(-1, 1), rate, format=container, subtype=subtype)
        paths.append(path)
    return paths


def bare(paths: list[Path], folder: Path, *, listening: bool) -> Spent:
    """Do the same in a loop without rows, processes and safety; the better of two runs."""
    from library.audio import convert, listen
    from library.audio.hearing.hear import warm_up
    from library.audio.hearing.judge import judge

    if listening:
        warm_up()
    runs = []
    for _ in range(2):
        start, cpu = time.perf_counter(), time.process_time()
        for path in paths:
            if listening:
                facts = listen.facts(path, folder / "bare.wav")
                if facts.signal is not None:
                    judge(facts.signal, path, path.name, "")
            else:
                convert.convert(path, folder / "bare.wav")
        runs.append(Spent(time.perf_counter() - start, time.process_time() - cpu))
    return min(runs, key=lambda spent: spent.cpu)


def peak(process: int) -> float:
    """Return the most memory that a process ever had resident (MB)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


class Workers:
    """A pool as `manage.py worker` makes it, on the data of this benchmark."""

    def __init__(self, count: int) -> None:
        self.process = psutil.Popen(
            [sys.executable, "manage.py", "worker", "--workers", str(count)],
            cwd=ROOT,
            env={**os.environ, "PADCRATE_WORKERS": str(count), "PADCRATE_LOG_LEVEL": "WARNING"},
        )

    def cpu(self) -> float:
        """Return the processor time of the pool and its workers, dead ones included (s)."""
        own = self.process.cpu_times()
        total = own.user + own.system + own.children_user + own.children_system
        for child in self.process.children():
            spent = child.cpu_times()
            total += spent.user + spent.system
        return float(total)

    def memory(self) -> float:
        """Return the highest resident memory that any living worker ever had (MB)."""
        return max((peak(child.pid) for child in self.process.children()), default=0.0)

    def spend(self, ask: Callable[[], object], is_done: Callable[[], bool]) -> Spent:
        """Ask for work, wait for its end, and return what it took."""
        start, cpu = time.perf_counter(), self.cpu()
        ask()
        while not is_done():
            if time.perf_counter() > start + LONGEST_WAIT:
                raise SystemExit("The workers do not come to an end.")
            time.sleep(0.02)
        return Spent(time.perf_counter() - start, self.cpu() - cpu, self.memory())

    def stop(self) -> None:
        """Let them end."""
        self.process.terminate()
        self.process.wait(30)


@contextmanager
def workers(count: int) -> Iterator[Workers]:
    """Run a pool for a while."""
    pool = Workers(count)
    try:
        yield pool
    finally:
        pool.stop()


def take_in(paths: list[Path]) -> Spent:
    """Add all files to the empty library of the local user, as an import does."""
    from library import ingest
    from library.access import local_user
    from library.ingest import Label
    from library.models import Sample

    forget()
    Sample.objects.all().delete()
    start, cpu = time.perf_counter(), time.process_time()
    for path in paths:
        ingest.add_sample(owner=local_user(), file=path, label=Label(path.name))
    return Spent(time.perf_counter() - start, time.process_time() - cpu)


def forget() -> None:
    """Bring rows and files back to where they were before any worker had run."""
    from django.conf import settings

    from exports.models import Export, Render
    from library.jobs import State
    from library.models import Analysis

    Export.objects.all().delete()
    Render.objects.all().delete()
    Analysis.objects.update(state=State.WAITING, attempts=0, lease_until=None)
    for folder in ("renders", "previews"):
        shutil.rmtree(settings.MEDIA_ROOT / folder, ignore_errors=True)


def ask_for_one() -> None:
    """Queue a single analysis."""
    from library import tasks
    from library.jobs import State
    from library.models import Analysis

    first = Analysis.objects.order_by("pk").values_list("pk", flat=True)[:1]
    Analysis.objects.filter(pk__in=list(first)).update(state=State.PENDING)
    tasks.wake()


def ask_for_analyses() -> None:
    """Queue all analyses."""
    from django.conf import settings

    from library import tasks
    from library.jobs import State
    from library.models import Analysis

    Analysis.objects.exclude(state=State.COMPLETED).update(state=State.PENDING)
    tasks.wake(settings.WORKERS)


def ask_for_export() -> None:
    """Ask for everything as WAV."""
    from exports import build
    from exports.options import Options
    from exports.plan import plan
    from exports.sources import from_ids
    from library.access import local_user
    from library.models import Sample

    ids = Sample.objects.values_list("pk", flat=True)
    build.create(local_user(), plan(from_ids(local_user(), list(ids)), Options()))


def is_anything_open() -> bool:
    """Tell whether a worker still has something to do."""
    from exports.models import Export
    from library.jobs import State
    from library.models import Analysis

    running = Analysis.objects.filter(state__in=[State.PENDING, State.PROCESSING])
    return running.exists() or Export.objects.alive().exists()


def check(count: int) -> None:
    """Stop when a job failed: the figures would mean nothing."""
    from exports.models import ExportItem
    from library.jobs import State
    from library.models import Analysis

    for rows in (Analysis.objects, ExportItem.objects):
        done = rows.filter(state=State.COMPLETED).count()
        if done != count:
            raise SystemExit(f"{rows.model.__name__}: {done} of {count} were done.")


def show(what: str, count: int, spent: Spent, yardstick: Spent | None = None) -> None:
    """Print one line of the table."""
    times = f"{spent.cpu / yardstick.cpu:5.2f}" if yardstick else "     "
    memory = f"{spent.memory:5.0f} MB" if spent.memory else ""
    print(
        f"{what:28}{count / spent.wall:8.1f} sounds/s {1000 * spent.cpu / count:8.2f} ms cpu each"
        f"  times {times}  {memory}",
        flush=True,
    )


def measure(name: str, paths: list[Path], folder: Path, processes: list[int]) -> float:
    """Print the table of one set and return the most memory that a worker needed (MB)."""
    from django.conf import settings

    count, memory = len(paths), 0.0
    print(f"\n{name}: {count} sounds, {os.cpu_count()} cores")
    show("taken in", count, take_in(paths))
    heard = bare(paths, folder, listening=True)
    converted = bare(paths, folder, listening=False)
    show("bare loop: heard, preview", count, heard)
    show("bare loop: convert", count, converted)
    for number in processes:
        settings.WORKERS = number
        forget()
        with workers(number) as pool:
            start = pool.spend(ask_for_one, lambda: not is_anything_open())
            print(f"{number} worker(s): first sound done {start.wall:.2f} s after the start")
            show("  analyses", count, pool.spend(ask_for_analyses, _is_idle), heard)
            export = pool.spend(ask_for_export, _is_idle)
            show("  export", count, export, converted)
            memory = max(memory, export.memory)
        check(count)
    return memory


def _is_idle() -> bool:
    return not is_anything_open()


def main() -> int:
    """Make the sounds and measure; 1 when a worker needed too much memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shots", type=int, default=400)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2, 3])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="padcrate-bench-") as name:
        folder = Path(name)
        (folder / "shots").mkdir()
        os.environ["PADCRATE_DATA"] = str(folder / "data")
        os.environ["PADCRATE_LOG_LEVEL"] = "WARNING"
        os.environ["DJANGO_SETTINGS_MODULE"] = "sp404site.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, skip_checks=True)
        files = [path for path in sorted(corpus.corpus().rglob("*.*")) if path.is_file()]
        sets = {
            "One-shots": one_shots(folder / "shots", options.shots),
            "Conversion corpus and a long file": [*files, corpus.long_file()],
        }
        memory = max(
            measure(name, paths, folder, options.processes) for name, paths in sets.items()
        )
    print(f"\nA worker needs {memory:.0f} MB at most; the limit is {MOST_MEMORY} MB.")
    return int(memory > MOST_MEMORY)


if __name__ == "__main__":
    sys.exit(main())
