"""Keep what C libraries print off the process's standard error."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2


class _Hush:
    """Counts who wants silence: the first redirects the descriptor, the last gives it back."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.wanted = 0
        self.kept = -1

    def enter(self) -> None:
        with self.lock:
            if self.wanted == 0:
                self.kept = os.dup(STDERR)
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, STDERR)
                os.close(nowhere)
            self.wanted += 1

    def leave(self) -> None:
        with self.lock:
            self.wanted -= 1
            if self.wanted == 0:
                os.dup2(self.kept, STDERR)
                os.close(self.kept)


_hush = _Hush()


@contextmanager
def stderr_muted() -> Iterator[None]:
    """Send descriptor 2 to nowhere: libmpg123 prints a line for every odd byte."""
    _hush.enter()
    try:
        yield
    finally:
        _hush.leave()
