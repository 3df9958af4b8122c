"""Forked children that work through numbered jobs: a crash costs the one job it happened in.

The children know the jobs from before the fork, so numbers go out and results come back. What a
child is at, and since when, stands in memory that it shares with the parent. The parent alone
decides: it kills a child that takes too long (no signal interrupts C code from inside), and it
gives what a dead child had not reported to the next one.
"""

import gc
import mmap
import os
import pickle
import select
import signal
import struct
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, NoReturn, TypeVar

from library.audio import children

CHUNK = 4
"""The most jobs that go out in one message."""

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What a terminal or a person sends to end the whole run."""

NONE = -1
ORDER = struct.Struct(f"={CHUNK}i")
LENGTH = struct.Struct("=I")
READ = 1 << 16

CHILD_BYTES = 2 << 30
"""Address space of a child: ten times what any sound takes."""

TICK_SECONDS = 1.0
MOST_IDLE_DEATHS = 10
"""So many children may die without a job in hand before that counts as a fault of the machine."""

CRASHED = "the decoder crashed"

T = TypeVar("T")


@dataclass(frozen=True)
class Lost:
    """What comes of a job whose child died: the reason, as a phrase."""

    reason: str


class Pause(NamedTuple):
    """A time in which all were stopped, or nobody looked: its end and its length in ns."""

    end: int
    length: int


class Slot:
    """Shared with one child: the number of the job that it is at, and since when.

    Each figure is stored in one piece. `struct` clears a place before it writes there, and the
    parent would see a job that began when the machine did.
    """

    SINCE, NUMBER, FIGURES = 0, 1, 2

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8 * self.FIGURES)
        self._figures = memoryview(self._memory).cast("q")
        self.begin(NONE)

    def begin(self, number: int) -> None:
        """Say that a job is begun; NONE for none."""
        self._figures[self.NUMBER] = NONE  # a reader in between sees no mixture of two jobs
        self._figures[self.SINCE] = time.monotonic_ns()
        self._figures[self.NUMBER] = number

    @property
    def number(self) -> int:
        """The job in hand, or NONE."""
        return self._figures[self.NUMBER]

    def is_late(self, seconds: float, now: int, pauses: Iterable[Pause] = ()) -> bool:
        """Tell whether the job in hand takes longer than that, pauses not counted; now in ns."""
        if self.number == NONE:
            return False
        since = self._figures[self.SINCE]
        slept = sum(pause.length for pause in pauses if pause.end > since)
        return now - since - slept > seconds * 1e9

    def close(self) -> None:
        """Give the memory back."""
        self._figures.release()
        self._memory.close()


@dataclass
class Child:
    """One forked process, seen from its parent."""

    orders: int
    reports: int
    slot: Slot
    pid: int = 0
    held: list[int] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    is_late: bool = False

    def give(self, numbers: Sequence[int]) -> None:
        """Hand out at most CHUNK jobs."""
        self.held = list(numbers)
        padding = [NONE] * (CHUNK - len(numbers))
        try:
            os.write(self.orders, ORDER.pack(*numbers, *padding))
        except BrokenPipeError:  # it died just now: its silence will say so
            return

    def hear(self, data: bytes) -> Iterator[tuple[int, Any]]:
        """Take in what came from it; yield the results that are complete."""
        self.heard += data
        while len(self.heard) >= LENGTH.size:
            end = LENGTH.size + LENGTH.unpack_from(self.heard)[0]
            if len(self.heard) < end:
                return
            for number, result in pickle.loads(self.heard[LENGTH.size : end]):  # noqa: S301 - ours
                self.held.remove(number)
                yield number, result
            del self.heard[:end]

    def bury(self) -> int:
        """Wait for its end and give back what it took; return what it was at."""
        os.close(self.orders)
        os.close(self.reports)
        os.waitpid(self.pid, 0)
        number = self.slot.number
        self.slot.close()
        return number


class Crew(Generic[T]):
    """At most `size` children that call `work` with the numbers they are given.

    limit_seconds: what one job may take. killed is called with a job's number and the child's
    process id for every job that was cut off in the middle, to clear up after it.
    """

    def __init__(
        self,
        work: Callable[[int], T],
        *,
        size: int,
        limit_seconds: float,
        killed: Callable[[int, int], object],
    ) -> None:
        self.work = work
        self.size = size
        self.limit_seconds = limit_seconds
        self.killed = killed
        self.queue: deque[Sequence[int]] = deque()
        self.children: dict[int, Child] = {}
        self.poll = select.poll()
        self.idle_deaths = 0
        self.tick = min(TICK_SECONDS, limit_seconds / 4)
        self.looked = 0
        self.pauses: list[Pause] = []

    def run(self, chunks: Iterable[Sequence[int]]) -> Generator[tuple[int, T | Lost], None, None]:
        """Yield each job's number with its result, or with Lost, as they come.

        chunks: numbers in the order in which to begin them, at most CHUNK at once. When the
        iterator is closed early, no child is left. Raises OSError when no child can be started.
        """
        self.queue.extend(chunks)
        self.looked = time.monotonic_ns()
        gc.freeze()  # else the children's garbage collector copies every page it looks at
        try:
            while self.queue or any(child.held for child in self.children.values()):
                self._employ()
                yield from self._listen()
            self._dismiss()
        finally:
            self._kill_all()
            gc.unfreeze()

    def _employ(self) -> None:
        """Give every idle child something to do; fork while there is more."""
        for child in self.children.values():
            if self.queue and not child.held:
                child.give(self.queue.popleft())
        while self.queue and len(self.children) < self.size:
            try:
                child = self._fork()
            except OSError:  # no more processes: fewer do
                if not self.children:
                    raise
                self.size = len(self.children)
                return
            child.give(self.queue.popleft())

    def _fork(self) -> Child:
        """Start one child. No signal's handler may run until it is in the list of those to end."""
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        (take, orders), (reports, give), parent = os.pipe(), os.pipe(), os.getpid()
        child = Child(orders, reports, Slot())
        try:
            child.pid = os.fork()
            if not child.pid:
                self._serve(child, parent, take, give)
            self.children[reports] = child
            self.poll.register(reports, select.POLLIN)
        except OSError:
            os.close(orders)
            os.close(reports)
            child.slot.close()
            raise
        finally:
            os.close(take)
            os.close(give)
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        return child

    def _serve(self, child: Child, parent: int, orders: int, reports: int) -> NoReturn:
        """Be a child until the parent has no more orders."""
        code = 1
        try:
            children.die_with(parent)
            children.bound(CHILD_BYTES)
            children.keep_memory()
            for number in ENDING:  # they are the parent's to act on
                signal.signal(number, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
            for other in (child, *self.children.values()):  # a pipe ends when nobody can write
                os.close(other.orders)
                os.close(other.reports)
            while order := os.read(orders, ORDER.size):
                report = self._work(order, child.slot)
                os.writev(reports, [LENGTH.pack(len(report)), report])
            code = 0
        finally:
            os._exit(code)

    def _work(self, order: bytes, slot: Slot) -> bytes:
        """Do what an order says, and put the results into words."""
        results = []
        for number in ORDER.unpack(order):
            if number != NONE:
                slot.begin(number)
                results.append((number, self.work(number)))
        slot.begin(NONE)
        return pickle.dumps(results, pickle.HIGHEST_PROTOCOL)

    def _listen(self) -> Iterator[tuple[int, T | Lost]]:
        """Wait for reports and deaths, and end what takes too long."""
        for descriptor, _event in self.poll.poll(1000 * self.tick):
            child = self.children[descriptor]
            if data := os.read(descriptor, READ):
                yield from child.hear(data)
            else:
                yield from self._lose(child)
        self._notice_pause()
        for child in self.children.values():
            if child.slot.is_late(self.limit_seconds, self.looked, self.pauses):
                child.is_late = True
                os.kill(child.pid, signal.SIGKILL)

    def _notice_pause(self) -> None:
        """Look at the clock. Where that was long ago, all of us were stopped, as by Ctrl-Z."""
        now = time.monotonic_ns()
        length = now - self.looked - round(self.tick * 1e9)
        if length > self.tick * 1e9:
            self.pauses.append(Pause(now, length))
        self.looked = now

    def _lose(self, child: Child) -> Iterator[tuple[int, T | Lost]]:
        """Take a dead child off: the job it was at is lost, the rest is for others."""
        number = self._remove(child)
        if number in child.held:
            child.held.remove(number)
            limit = f"it takes longer than {self.limit_seconds:g} s"
            yield number, Lost(limit if child.is_late else CRASHED)
        else:
            self.idle_deaths += 1
            if self.idle_deaths > MOST_IDLE_DEATHS:
                raise ChildProcessError("the processes that should do the work die at once")
        if child.held:
            self.queue.appendleft(child.held)

    def _remove(self, child: Child) -> int:
        """Forget a child that is dead or dying; return what it was at."""
        self.poll.unregister(child.reports)
        del self.children[child.reports]
        number = child.bury()
        if number != NONE:
            self.killed(number, child.pid)
        return number

    def _dismiss(self) -> None:
        """Let the children end by themselves: they have nothing in hand."""
        for child in list(self.children.values()):
            self._remove(child)

    def _kill_all(self) -> None:
        """End the children whatever they are at."""
        for child in self.children.values():
            os.kill(child.pid, signal.SIGKILL)
        self._dismiss()
