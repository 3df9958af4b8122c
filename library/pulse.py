"""What a worker shows its parent in shared memory: that it lives, and at which job since when.

The parent reads it when the worker hangs or is dead; a row of the database would cost a commit
for each job.
"""

import mmap
import time

ALIVE, SINCE, KIND, HIGH, LOW, FIGURES = range(6)
"""Places in the memory: last sign of life, begin of the job (0: none), its kind, its row in two
halves.

Times are nanoseconds of the monotonic clock. Each figure is stored in one piece: `struct` clears a
place before it writes there, and a parent that looks just then would kill a worker as silent.
"""

At = tuple[int, int]  # place of the job's kind among the sources, primary key (a UUID as a number)

HALF = 2**64


class Pulse:
    """Memory that a worker and its parent share."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 8 * FIGURES)
        self._figures = memoryview(self._memory).cast("Q")
        self.touch()

    def touch(self) -> None:
        """Say that this process is alive."""
        self._figures[ALIVE] = time.monotonic_ns()

    def begin(self, at: At) -> None:
        """Say which job is in work from now on."""
        self.rest()  # a reader in between sees no mixture of two jobs
        self._figures[KIND], row = at
        self._figures[HIGH], self._figures[LOW] = divmod(row, HALF)
        self._figures[SINCE] = time.monotonic_ns()

    def step(self) -> None:
        """Say that a job of many parts has come to its next one: its time begins anew."""
        if self._figures[SINCE]:
            self._figures[SINCE] = time.monotonic_ns()
        self.touch()

    def rest(self) -> None:
        """Say that no job is in work."""
        self._figures[SINCE] = 0

    @property
    def age(self) -> float:
        """Return the seconds since the last sign of life."""
        return _seconds_since(self._figures[ALIVE])

    @property
    def at(self) -> At | None:
        """Return the job in work."""
        if not self._figures[SINCE]:
            return None
        return self._figures[KIND], self._figures[HIGH] * HALF + self._figures[LOW]

    @property
    def busy(self) -> float:
        """Return the seconds since the job in work began; a suspended machine does not count."""
        since = self._figures[SINCE]
        return _seconds_since(since) if since else 0.0

    def close(self) -> None:
        """Give the memory back."""
        self._figures.release()
        self._memory.close()


def _seconds_since(moment: int) -> float:
    return (time.monotonic_ns() - moment) / 1e9


mine = Pulse()
"""This process's own; a worker puts the one that its parent made in this place."""
