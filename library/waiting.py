"""Calls that wait for their job: a few at a time, and none of them holds the database."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from library.problems import not_found

LONGEST = 30  # seconds
FIRST_LOOK, SLOWEST_LOOK = 0.05, 0.5  # seconds between looks: often at first, then less
WAIT = re.compile(r'(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=[;,]|$)', re.ASCII | re.IGNORECASE)


class _Waiters:
    """How many calls of this process wait just now; each of them keeps a thread from pages."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._count = 0

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Yield whether there is room for one more."""
        with self._lock:
            has_room = self._count < settings.API_WAITERS
            self._count += has_room
        try:
            yield has_room
        finally:
            with self._lock:
                self._count -= has_room


waiters = _Waiters()


def preferred_wait(request: HttpRequest) -> int | None:
    """Return the seconds of `Prefer: wait=N` (RFC 7240), 30 at most; None when not asked for."""
    found = WAIT.search(request.headers.get("Prefer", ""))
    return min(int(found[1]), LONGEST) if found else None


def until(
    request: HttpRequest, response: HttpResponse, job: Model, is_done: Callable[[], bool]
) -> bool:
    """Wait as long as the caller prefers; tell whether the job is at its end by then.

    The row of `job` is read again before each question; raises Problem, a 404, when it was deleted
    meanwhile. Where too many wait already, the caller is
    told at once how far it is, and asks again.
    """
    response["Vary"] = "Prefer"
    seconds = preferred_wait(request)
    if seconds is None:
        return False
    with waiters.place() as has_room:
        done = _done_within(seconds if has_room else 0, job, is_done)
    if has_room or done:
        response["Preference-Applied"] = f"wait={seconds}"
    return done


def _done_within(seconds: float, job: Model, is_done: Callable[[], bool]) -> bool:
    ends, pause = time.monotonic() + seconds, FIRST_LOOK
    while not is_done() and (left := ends - time.monotonic()) > 0:
        let_go()
        time.sleep(min(pause, left))
        pause = min(2 * pause, SLOWEST_LOOK)
        try:
            job.refresh_from_db()
        except ObjectDoesNotExist as gone:
            raise not_found(str(job._meta.verbose_name).capitalize(), job.pk) from gone
    return is_done()


def let_go() -> None:
    """Give the connection back while nothing is asked; a test's transaction is left alone."""
    if not connection.in_atomic_block:
        connection.close()
