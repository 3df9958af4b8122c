"""What the queue runs: one task that wakes a worker, which then asks the rows what to do."""

import logging
import os
import socket
import time
from threading import Event

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

from library import labour
from library.copies import pairs

log = logging.getLogger(__name__)
stopping = Event()  # set in a worker that was asked to end: it takes no further job


def worker_name() -> str:
    """Return this process's name, as it stands in the rows it holds.

    That of a worker begins with its pool's.
    """
    begin = labour.crew.prefix if labour.crew else f"{socket.gethostname()[:60]}:"
    return f"{begin}{os.getpid()}"


def work() -> int:
    """Do ready jobs, the most urgent first, for one slice of time; return how many were done."""
    until = time.monotonic() + settings.SLICE_SECONDS
    done = 0
    while not stopping.is_set() and (count := labour.work_once(worker_name())):
        done += count
        if time.monotonic() >= until:
            wake()
            break
    return done


def wake(messages: int = 1) -> None:
    """Wake up to that many workers once the rows are committed.

    Errors are only logged: the rows stand, and the reaper wakes a worker for them later.
    """
    transaction.on_commit(lambda: _enqueue(messages), robust=True)


def compare(user: int) -> None:
    """Look for copies among a person's sounds for one slice of time."""
    person = User.objects.filter(pk=user).first()
    if person is not None and not pairs.compare(person, settings.SLICE_SECONDS):
        ask_to_compare(user)


def ask_to_compare(user: int) -> None:
    """Let a worker look for copies once the rows are committed."""
    transaction.on_commit(lambda: async_task(compare, user, broker=get_broker()), robust=True)


def _enqueue(messages: int) -> None:
    broker = get_broker()
    missing = min(messages, settings.WORKERS) - broker.queue_size()
    for _ in range(missing):
        async_task(work, broker=broker)
