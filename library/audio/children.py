"""What a forked child is bound by: it meets hostile files, and must not outlive its parent."""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

PR_SET_PDEATHSIG = 1  # linux/prctl.h
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # malloc.h


def signal_when_parent_dies(number: int) -> None:
    """Ask the kernel to send this process a signal when its parent dies; Linux only."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def die_with(parent: int) -> None:
    """Ask to be killed when the parent dies; leave at once if it has already."""
    signal_when_parent_dies(signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def keep_memory() -> None:
    """Keep what is freed for the next block instead of giving it back; where glibc is the library.

    Asking the kernel for the same pages again and again is a twentieth of a conversion.
    """
    if sys.platform == "linux" and (tune := getattr(ctypes.CDLL(None), "mallopt", None)):
        tune(M_TRIM_THRESHOLD, 256 << 20)
        tune(M_MMAP_THRESHOLD, 32 << 20)


def bound(address_bytes: int = 0) -> None:
    """Write no core files, and let what asks for more address space end in MemoryError.

    A limit that is lower already stays; a system that refuses this one goes without. 0: no limit.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not address_bytes:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > address_bytes:
        with suppress(ValueError):  # macOS knows the limit but takes none
            resource.setrlimit(resource.RLIMIT_AS, (address_bytes, hard))
