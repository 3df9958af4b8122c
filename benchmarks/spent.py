"""What a command costs: wall and processor time, memory, and how busy the machine was besides.

Processor time is that of the whole tree of processes, which `wait4` gives. Memory is read from
/proc while the command runs, never from `ru_maxrss`, which counts the parent before `exec`.
"""

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

CORES = len(os.sched_getaffinity(0))
LOOK = 0.01
"""Seconds between two looks at the memory."""
MEGABYTE = 1e6


@dataclass(frozen=True)
class Errand:
    """A command line and what it reads from its standard input."""

    command: Sequence[str | Path]
    stdin: bytes = b""
    environment: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spent:
    """Seconds of wall and processor time, its exit status; others: share of the machine, 0..1."""

    wall: float
    cpu: float
    status: int
    others: float


@dataclass
class Memory:
    """Peaks in bytes: of one process (VmHWM), and of the whole tree (sum of PSS)."""

    process: int = 0
    tree: int = 0


def _busy() -> float:
    """Seconds that all cores have worked since the machine started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _, _, irq, softirq, steal = map(int, fields)
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def start(errand: Errand) -> subprocess.Popen[bytes]:
    """Start it, with its input in a file: no pipe to wait for."""
    # Modules compiled anew at each start would count as ours.
    environment = {key: os.environ[key] for key in os.environ if key != "PYTHONDONTWRITEBYTECODE"}
    with Path(os.devnull).open("wb") as nowhere:
        feed = os.memfd_create("stdin")
        os.write(feed, errand.stdin)
        os.lseek(feed, 0, os.SEEK_SET)
        try:
            return subprocess.Popen(
                list(map(str, errand.command)),
                stdin=feed,
                stdout=nowhere,
                stderr=nowhere,
                env=environment | errand.environment,
            )
        finally:
            os.close(feed)


def _ended(process: subprocess.Popen[bytes], begun: float, busy: float) -> Spent:
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return Spent(wall, cpu, process.returncode, max(0.0, _busy() - busy - cpu) / (wall * CORES))


def spend(errand: Errand) -> Spent:
    """Run a command to its end."""
    busy, begun = _busy(), time.perf_counter()
    return _ended(start(errand), begun, busy)


def _number(path: str, key: str) -> int:
    """Bytes of a line of /proc that is given in kB; 0 when the process has gone."""
    try:
        text = Path(path).read_text()
    except OSError:
        return 0
    _, _, rest = text.partition(f"{key}:")
    return int(rest.split()[0]) * 1024 if rest else 0


def _look(pid: int, memory: Memory, done: threading.Event) -> None:
    """Keep the highest figures of a process and all below it."""
    root = psutil.Process(pid)
    while not done.wait(LOOK):
        try:
            tree = [pid, *(child.pid for child in root.children(recursive=True))]
        except psutil.Error:
            return
        peaks = [_number(f"/proc/{each}/status", "VmHWM") for each in tree]
        shares = [_number(f"/proc/{each}/smaps_rollup", "Pss") for each in tree]
        memory.process = max(memory.process, *peaks)
        memory.tree = max(memory.tree, sum(shares))


def watch(errand: Errand) -> tuple[Spent, Memory]:
    """Run a command and look at its memory all the time; that costs, so its wall time is none."""
    memory, done = Memory(), threading.Event()
    busy, begun = _busy(), time.perf_counter()
    process = start(errand)
    looking = threading.Thread(target=_look, args=(process.pid, memory, done))
    looking.start()
    spent = _ended(process, begun, busy)
    done.set()
    looking.join()
    return spent, memory
