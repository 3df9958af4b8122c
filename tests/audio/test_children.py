"""What binds a forked child: limits, and its parent's life."""

import os
import resource
import signal
import sys
import time

import pytest

from library.audio import children
from library.audio.crew import Crew


def in_a_child(work):
    """What `work` returns in a forked child, or Lost."""
    crew = Crew(lambda _number: work(), size=1, limit_seconds=30, killed=lambda *_: None)
    return dict(crew.run([[0]]))[0]


def test_a_child_writes_no_core_file_and_is_bounded():
    def limits():
        children.bound(1 << 30)
        return resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(resource.RLIMIT_AS)[0]

    core, address_bytes = in_a_child(limits)
    assert core == (0, 0)
    assert address_bytes == 1 << 30


def test_a_lower_bound_stays():
    def limits():
        children.bound(1 << 29)
        children.bound(1 << 30)
        return resource.getrlimit(resource.RLIMIT_AS)[0]

    assert in_a_child(limits) == 1 << 29


def test_without_a_bound_there_are_still_no_core_files():
    def limits():
        before = resource.getrlimit(resource.RLIMIT_AS)
        children.bound()
        return resource.getrlimit(resource.RLIMIT_CORE), resource.getrlimit(
            resource.RLIMIT_AS
        ) == before

    assert in_a_child(limits) == ((0, 0), True)


def test_what_asks_for_too_much_gets_a_memory_error():
    def greed():
        children.bound(1 << 29)
        try:
            return len(bytearray(1 << 30))
        except MemoryError:
            return "refused"

    assert in_a_child(greed) == "refused"


def test_whoever_has_lost_its_parent_leaves_at_once():
    child = os.fork()
    if not child:
        try:
            children.die_with(os.getpid())  # which is not its parent
        finally:
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's death")
def test_a_child_dies_with_its_parent():
    take, give = os.pipe()
    parent = os.fork()
    if not parent:
        try:
            if not os.fork():
                children.die_with(os.getppid())
                os.write(give, b"ready")
                time.sleep(60)
            time.sleep(60)
        finally:
            os._exit(9)
    os.close(give)
    assert os.read(take, 5) == b"ready"
    os.kill(parent, signal.SIGKILL)
    os.waitpid(parent, 0)
    assert os.read(take, 1) == b""  # nobody is left to write
    os.close(take)


def test_elsewhere_nothing_is_asked_of_the_kernel(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(children.ctypes, "CDLL", None)
    children.signal_when_parent_dies(signal.SIGKILL)
    children.keep_memory()
