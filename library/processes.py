"""What the operating system does for us when a process dies: signals and limits of children."""

import ctypes
import os
import resource
import signal
import sys

PARENT = "PADCRATE_PARENT"  # the supervisor's process id, for those it starts
PR_SET_PDEATHSIG = 1  # linux/prctl.h
WORKER_BYTES = 4 * 2**30  # address space of a worker: a hostile file ends in MemoryError


def signal_when_parent_dies(number: int) -> None:
    """Ask the kernel to send this process a signal when its parent dies; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def die_with(parent: int) -> None:
    """Ask to be killed when the parent dies; leave at once if it has already."""
    signal_when_parent_dies(signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def die_with_supervisor() -> None:
    """Do so where a supervisor started this process."""
    if parent := os.environ.get(PARENT):
        die_with(int(parent))


def bound_worker() -> None:
    """Limit what a decoder can take of the machine: no core files, bounded address space."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > WORKER_BYTES:
        resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES, hard))


def kill_group(leader: int, number: int) -> None:
    """Send a signal to all processes of a group; nothing when none is left."""
    try:
        os.killpg(leader, number)
    except ProcessLookupError:
        return
