"""One worker process: takes a message, does it, acknowledges it, and shares nothing with others.

It speaks django-q2's language (broker, packages, results, signals), so its tasks and schedules run
here as they do in `qcluster`, but a SIGKILL at any moment harms no other process.
"""

import logging
import os
import pydoc
import signal
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone
from django_q.brokers import Broker, get_broker
from django_q.conf import Conf
from django_q.exceptions import TimeoutException
from django_q.monitor import save_cached, save_task
from django_q.signals import post_execute, post_execute_in_worker, post_spawn, pre_execute
from django_q.signing import BadSignature, SignedPackage
from django_q.timeout import TimeoutHandler
from django_q.worker import rss_check

from library import labour, pulse, tasks
from library.pulse import Pulse

log = logging.getLogger(__name__)

BROKER_PAUSE = 2.0  # seconds after an error of the broker


def loop(shared: Pulse) -> None:
    """Run messages until asked to stop by SIGTERM, or until it is time for a fresh process.

    shared: where the parent sees that this process lives, and what it is at.
    """
    begin(shared)
    broker = get_broker()
    post_spawn.send(sender="django_q", proc_name=str(os.getpid()))
    count = 0
    while not tasks.stopping.is_set():
        shared.touch()
        for receipt, package in _take(broker):
            shared.touch()
            count += 1
            in_time = run_message(broker, receipt, package)
            if not in_time or count >= Conf.RECYCLE or rss_check():
                return


def begin(shared: Pulse) -> None:
    """Show the parent what this process is at from now on, and end by its SIGTERM."""
    pulse.mine = shared
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to pass on


def _stop(_signal: int, _frame: FrameType | None) -> None:
    tasks.stopping.set()


def _take(broker: Broker) -> list[tuple[Any, str]]:
    """Return the next messages with their receipts; none after a short wait."""
    try:
        return broker.dequeue() or []
    except Exception:  # whatever the broker's driver raises, it may be back in a moment
        log.exception("The queue does not answer")
        connections.close_all()
        time.sleep(BROKER_PAUSE)
        return []


def run_message(broker: Broker, receipt: Any, package: str) -> bool:
    """Run one message and acknowledge it; False when it ran into its time limit."""
    try:
        task = SignedPackage.loads(package)
    except (BadSignature, TypeError, AttributeError, ImportError) as reason:
        log.warning("A message that cannot be read is dropped: %s", reason)
        broker.fail(receipt)
        return True
    task.update(cluster=Conf.CLUSTER_NAME, ack_id=receipt)
    close_old_connections()
    in_time = _execute(task)
    _settle(broker, task)
    return in_time


def _execute(task: dict[str, Any]) -> bool:
    """Call the task's function and put what came of it into the task; False when out of time."""
    limit = task.pop("timeout", Conf.TIMEOUT) or -1
    in_time, function = True, None
    try:
        function = _find(task["func"])
        pre_execute.send(sender="django_q", func=function, task=task)
        with TimeoutHandler(limit):
            task.update(result=function(*task["args"], **task["kwargs"]), success=True)
    except (Exception, SystemExit) as fault:  # django-q2's time limit is a SystemExit
        in_time = not isinstance(fault, TimeoutException)
        task.update(result=f"{fault} : {traceback.format_exc()}", success=False)
        log.exception("The task %s failed", task["name"])
        blameless = isinstance(fault, OperationalError | InterfaceError)  # the database is away
        labour.free(tasks.worker_name(), blameless=blameless)
        pulse.mine.rest()
    task["stopped"] = timezone.now()
    post_execute_in_worker.send(sender="django_q", func=function, task=task)
    return in_time


def _find(name: Any) -> Callable[..., Any]:
    """Return the function that a message names by its path, or carries."""
    function: Callable[..., Any] | None = name if callable(name) else pydoc.locate(name)  # type: ignore[assignment]
    if function is None:
        raise LookupError(f"There is no function {name}.")
    return function


def _settle(broker: Broker, task: dict[str, Any]) -> None:
    """Save the result where it is wanted, and take the message off the queue."""
    save = save_cached if task.get("cached") else save_task
    save(task, broker)
    receipt = task.pop("ack_id")
    if receipt and (task["success"] or task.get("ack_failure")):
        broker.acknowledge(receipt)
    post_execute.send(sender="django_q", task=task)
