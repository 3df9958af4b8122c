"""What a running instance takes of the machine, and how quickly its pages come meanwhile."""

import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from tests.e2e.instance import Instance
from tests.soak.person import Person


def processes(instance: Instance, word: str) -> list[psutil.Process]:
    """Return a service's processes, the leader first; `word` is in its command line."""
    supervisor = psutil.Process(instance.process.pid)
    for leader in supervisor.children():
        try:
            if any(word in part for part in leader.cmdline()):
                return [leader, *leader.children(recursive=True)]
        except psutil.Error:  # it ended just now
            continue
    return []


def own_memory(pid: int) -> int:
    """Return the bytes that a process shares with no file (RssAnon); 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    told = next((line for line in lines if line.startswith("RssAnon:")), "RssAnon: 0 kB")
    return int(told.split()[1]) * 1024


class Watch:
    """Does something again and again in a thread until its block is left."""

    def __init__(self, act: Callable[[], None], pause: float) -> None:
        self.act, self.pause = act, pause
        self.done = threading.Event()
        self.fault: BaseException | None = None
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            while not self.done.wait(self.pause):
                self.act()
        except BaseException as fault:  # noqa: BLE001 - told by the thread that waits
            self.fault = fault

    def __enter__(self) -> "Watch":
        """Begin."""
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End, and tell what went wrong."""
        self.done.set()
        self.thread.join()
        if self.fault is not None:
            raise self.fault


class Memory:
    """The own memory of each process of an instance, measured now and then."""

    def __init__(self, instance: Instance) -> None:
        self.members = {
            f"{name} {number}": process.pid
            for name, word in (("web", "gunicorn"), ("worker", "worker"))
            for number, process in enumerate(processes(instance, word))
        }
        self.seen: dict[str, list[int]] = {name: [] for name in self.members}

    def measure(self) -> None:
        """Look at each once."""
        for name, pid in self.members.items():
            if size := own_memory(pid):
                self.seen[name].append(size)

    def growth(self) -> dict[str, int]:
        """Return by how much the end was above the beginning: highest of each quarter, bytes."""
        return {
            name: max(sizes[-len(sizes) // 4 :]) - max(sizes[: len(sizes) // 4 + 1])
            for name, sizes in self.seen.items()
            if sizes
        }

    def __str__(self) -> str:
        """Say it in MB."""
        growth = self.growth()
        return ", ".join(
            f"{name}: {max(sizes) / 1e6:.0f} MB at most ({growth[name] / 1e6:+.1f})"
            for name, sizes in self.seen.items()
            if sizes
        )


class Pages:
    """How long pages take, asked for in turn."""

    def __init__(self, person: Person, paths: list[str]) -> None:
        self.person, self.paths = person, paths
        self.seconds: dict[str, list[float]] = {path: [] for path in paths}
        self.turn = 0

    def ask(self) -> None:
        """Ask for the next one."""
        path = self.paths[self.turn % len(self.paths)]
        self.turn += 1
        begun = time.perf_counter()
        answer = self.person.get(path)
        self.seconds[path].append(time.perf_counter() - begun)
        assert answer.status == 200, f"{path}: {answer.status}"

    def __str__(self) -> str:
        """Say it in milliseconds."""
        together = [one for each in self.seconds.values() for one in each]
        return f"all pages {spread(together)}; " + "; ".join(
            f"{path} {spread(each)}" for path, each in self.seconds.items()
        )


def spread(seconds: list[float]) -> str:
    """Return number, median, p95 and highest."""
    if len(seconds) < 2:
        return f"{len(seconds)} measured"
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    middle, most = statistics.median(seconds), max(seconds)
    figures = f"median {middle * 1e3:.0f}, p95 {p95 * 1e3:.0f}, most {most * 1e3:.0f} ms"
    return f"{figures} of {len(seconds)}"
