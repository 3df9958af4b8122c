"""What a worker shows its parent in shared memory: that it lives, and at which job since when.

The parent reads it when the worker hangs or is dead; a row of the database would cost a commit
for each job.
"""

import mmap
import struct
import time

LAYOUT = struct.Struct("ddqq")  # last sign of life, begin of the job (0: none), kind, row

At = tuple[int, int]  # place of the job's kind among the sources, primary key


class Pulse:
    """Memory that a worker and its parent share; all times are of the monotonic clock."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, LAYOUT.size)
        self.touch()

    def touch(self) -> None:
        """Say that this process is alive."""
        struct.pack_into("d", self._memory, 0, time.monotonic())

    def begin(self, at: At) -> None:
        """Say which job is in work from now on."""
        self.rest()  # a reader in between sees no mixture of two jobs
        struct.pack_into("qq", self._memory, 16, *at)
        struct.pack_into("d", self._memory, 8, time.monotonic())

    def rest(self) -> None:
        """Say that no job is in work."""
        struct.pack_into("d", self._memory, 8, 0.0)

    @property
    def age(self) -> float:
        """Return the seconds since the last sign of life."""
        return time.monotonic() - self._read()[0]

    @property
    def at(self) -> At | None:
        """Return the job in work."""
        _, since, kind, row = self._read()
        return (kind, row) if since else None

    @property
    def busy(self) -> float:
        """Return the seconds since the job in work began; a suspended machine does not count."""
        since = self._read()[1]
        return time.monotonic() - since if since else 0.0

    def _read(self) -> tuple[float, float, int, int]:
        found: tuple[float, float, int, int] = LAYOUT.unpack_from(self._memory)
        return found

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()


mine = Pulse()
"""This process's own; a worker puts the one that its parent made in this place."""
