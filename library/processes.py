"""What the operating system does for us when a process dies: signals and limits of children."""

import os
import sys

from django.conf import settings

from library.audio import children

PARENT = "PADCRATE_PARENT"  # the supervisor's process id, for those it starts


def die_with_supervisor() -> None:
    """Do so where a supervisor started this process."""
    if parent := os.environ.get(PARENT):
        children.die_with(int(parent))


def bound_worker() -> None:
    """Limit what a decoder takes of the machine, and let it keep the memory that it works in."""
    children.bound(settings.WORKER_MB * 2**20)
    children.keep_memory()


def draw_anew() -> None:
    """Give a forked child chances of its own: global generators would repeat its siblings'.

    Python's own does so by itself; those that are not loaded yet begin by chance.
    """
    if random := sys.modules.get("numpy.random"):
        random.seed()
    if torch := sys.modules.get("torch"):
        torch.seed()


def kill_group(leader: int, number: int) -> None:
    """Send a signal to all processes of a group; nothing when none is left."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return
