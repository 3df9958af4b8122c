"""What a worker shows its parent: whole figures, also while they are written."""

import os
import signal

import pytest

from library import pulse
from library.pulse import Pulse


@pytest.fixture
def busy():
    """A pulse whose owner shows a sign of life and a new job as fast as it can."""
    pulse = Pulse()
    pulse.begin((1, 1))
    child = os.fork()
    if not child:
        while True:
            pulse.touch()
            pulse.begin((1, 1))
    yield pulse
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    pulse.close()


def test_whoever_looks_while_it_is_written_sees_a_living_worker(busy):
    assert max(busy.age for _ in range(200_000)) < 30


def test_no_job_seems_to_take_long_when_it_begins(busy):
    assert max(busy.busy for _ in range(200_000)) < 30


def test_rest_and_work():
    pulse = Pulse()
    assert (pulse.at, pulse.busy) == (None, 0.0)
    pulse.begin((3, 9))
    assert pulse.at == (3, 9)
    assert pulse.busy > 0
    pulse.rest()
    assert (pulse.at, pulse.busy) == (None, 0.0)


def test_a_step_begins_the_time_anew_but_makes_no_job():
    shown = Pulse()
    shown.step()
    assert shown.at is None
    shown.begin((3, 9))
    shown._figures[pulse.SINCE] -= 100 * 10**9
    shown._figures[pulse.ALIVE] -= 100 * 10**9
    assert shown.busy > 99
    shown.step()
    assert (shown.at, shown.busy < 60, shown.age < 60) == ((3, 9), True, True)
