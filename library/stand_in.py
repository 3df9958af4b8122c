"""A worker of a command's own, for where no pool is alive.

Forked, bounded, watched and freed like those of a pool: what hangs or kills its worker ends neither
the command nor what others wait for.
"""

from collections.abc import Callable
from typing import Self

from library import tasks, worker
from library.models import WorkerBeat
from library.pool import GRACE_SECONDS, TICK_SECONDS, WATCH_SECONDS, Chore, Pool
from library.pulse import Pulse

PATIENCE = 0.1  # seconds between two looks for work


class StandIn(Pool):
    """One child that works beside a command, and ends with it.

    work: does the next jobs for a worker of that name and returns how many; called in the child.
    The command calls `look` again and again. No sign of life is written: this is no pool that
    others may wait for.
    """

    def __init__(self, work: Callable[[str], int]) -> None:
        super().__init__(1)
        self.work = work
        self.chores = [
            Chore(self.free_lost, TICK_SECONDS),
            Chore(self.kill_stuck, WATCH_SECONDS),
        ]

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, fault: type[BaseException] | None, *_about: object) -> None:
        """End the child; at once where the command was broken off."""
        if self.children or self.lost:
            self.stop(0.0 if fault else GRACE_SECONDS)

    def fill(self) -> None:
        """Fork the child where it is lacking and no pool is alive."""
        if not self.children and not WorkerBeat.any_alive():
            super().fill()

    def work_in_child(self, pulse: Pulse) -> None:
        """Work until the command ends it."""
        worker.begin(pulse)
        while not tasks.stopping.is_set():
            pulse.touch()
            if not self.work(tasks.worker_name()):
                tasks.stopping.wait(PATIENCE)
