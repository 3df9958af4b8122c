"""Forked children: every job is answered once, whatever happens to those who do them."""

import errno
import os
import signal
import time
from contextlib import closing

import psutil
import pytest

from library.audio import children, crew
from library.audio.crew import CHUNK, CRASHED, NONE, Child, Crew, Lost, Slot
from tests.until import until


class Killed(list):
    """Notes for which jobs it is called."""

    def __call__(self, number, pid):
        self.append((number, pid))


def crew_of(work, *, size=2, limit_seconds=30):
    return Crew(work, size=size, limit_seconds=limit_seconds, killed=Killed())


def in_chunks(count):
    numbers = list(range(count))
    return [numbers[at : at + CHUNK] for at in range(0, count, CHUNK)]


def nobody_is_left():
    return not psutil.Process().children()


def square(number):
    return number * number


def die_at(*places):
    def work(number):
        if number in places:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    return work


@pytest.mark.parametrize("size", [1, 2, 5])
def test_every_job_is_done_once(size):
    results = list(crew_of(square, size=size).run(in_chunks(50)))
    assert sorted(results) == [(number, number * number) for number in range(50)]
    assert nobody_is_left()


def test_no_jobs_need_no_children():
    one = crew_of(square)
    assert list(one.run([])) == []


def test_there_are_never_more_children_than_portions():
    workers = {pid for _, pid in crew_of(lambda _: os.getpid(), size=8).run([[0, 1, 2, 3]])}
    assert len(workers) == 1
    assert os.getpid() not in workers


def test_long_reports_arrive_whole():
    results = dict(crew_of(lambda number: bytes([number]) * 300_000).run(in_chunks(10)))
    assert results == {number: bytes([number]) * 300_000 for number in range(10)}


def test_a_crash_costs_one_job():
    one = crew_of(die_at(1, 7))
    results = dict(one.run(in_chunks(12)))
    assert {number for number, result in results.items() if result == Lost(CRASHED)} == {1, 7}
    assert all(results[number] == number for number in set(range(12)) - {1, 7})
    assert sorted(number for number, _ in one.killed) == [1, 7]
    assert nobody_is_left()


def test_all_may_crash():
    results = dict(crew_of(die_at(*range(6))).run(in_chunks(6)))
    assert results == dict.fromkeys(range(6), Lost(CRASHED))


def test_an_exception_is_a_crash_too():
    assert dict(crew_of(lambda number: 1 / number).run([[1, 0]])) == {1: 1.0, 0: Lost(CRASHED)}


def test_what_takes_too_long_is_killed_and_told_of():
    def work(number):
        if number == 2:
            time.sleep(600)
        return number

    one = crew_of(work, limit_seconds=0.5)
    results = dict(one.run(in_chunks(8)))
    assert results.pop(2) == Lost("it takes longer than 0.5 s")
    assert results == {number: number for number in range(8) if number != 2}
    assert [number for number, _ in one.killed] == [2]


def test_the_limit_is_for_one_job_not_for_the_whole_run():
    def work(number):
        time.sleep(0.2)
        return number

    assert len(dict(crew_of(work, size=1, limit_seconds=1).run(in_chunks(12)))) == 12


def test_a_time_in_which_nobody_looked_does_not_count():
    def work(number):
        time.sleep(1.5 * number)
        return number

    with closing(crew_of(work, limit_seconds=1).run([[0], [1]])) as results:
        assert next(results) == (0, 0)
        time.sleep(1.2)
        assert list(results) == [(1, 1)]


def test_a_time_in_which_all_are_stopped_does_not_count():
    begun, begin = os.pipe()

    def work(number):
        os.write(begin, b".")
        for _ in range(6):  # a stopped sleep goes on by the clock
            time.sleep(0.1)
        return number

    run = os.fork()
    if not run:
        os.setpgid(0, 0)
        os._exit(dict(crew_of(work, limit_seconds=2).run([[7]])) != {7: 7})
    assert os.read(begun, 1)
    time.sleep(0.2)
    os.killpg(run, signal.SIGSTOP)
    time.sleep(2.5)
    os.killpg(run, signal.SIGCONT)
    assert os.waitpid(run, 0)[1] == 0
    os.close(begun)
    os.close(begin)


def test_a_child_that_dies_without_a_job_costs_nothing(monkeypatch, tmp_path):
    dead = tmp_path / "dead"

    def die_once(_bytes):
        if not dead.exists():
            dead.touch()
            os._exit(3)

    monkeypatch.setattr(children, "bound", die_once)
    one = crew_of(square, size=1)
    assert dict(one.run(in_chunks(6))) == {number: number * number for number in range(6)}
    assert one.killed == []


def test_children_that_all_die_at_once_end_the_run(monkeypatch):
    monkeypatch.setattr(children, "bound", lambda _bytes: os._exit(3))
    with pytest.raises(ChildProcessError, match="die at once"):
        list(crew_of(square).run(in_chunks(6)))
    assert nobody_is_left()


def test_closing_early_kills_and_clears_up():
    def work(number):
        if number:
            time.sleep(600)
        return number

    one = crew_of(work)
    with closing(one.run([[0], [1]])) as results:
        assert next(results) == (0, 0)
        until(lambda: any(child.slot.number == 1 for child in one.children.values()))
    assert [number for number, _ in one.killed] == [1]
    assert nobody_is_left()


def test_with_no_more_processes_to_be_had_fewer_do(monkeypatch):
    fork, forks = os.fork, []

    def scarce():
        if forks:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        forks.append(1)
        return fork()

    monkeypatch.setattr(os, "fork", scarce)
    before = psutil.Process().num_fds()
    one = crew_of(square, size=4)
    assert len(dict(one.run(in_chunks(20)))) == 20
    assert one.size == 1
    assert psutil.Process().num_fds() == before


def test_without_any_process_the_run_fails(monkeypatch):
    def none_left():
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", none_left)
    with pytest.raises(BlockingIOError):
        list(crew_of(square).run([[1]]))


def test_nothing_stays_open():
    before = psutil.Process().num_fds()
    for _ in range(3):
        list(crew_of(die_at(3), size=3).run(in_chunks(20)))
    assert psutil.Process().num_fds() == before


def test_children_do_not_act_on_the_terminals_keys():
    def handlers():
        return [signal.getsignal(number) for number in crew.ENDING]

    result = dict(crew_of(lambda _: handlers()).run([[0]]))[0]
    assert result == [signal.SIG_IGN] * 3


def test_a_portion_for_a_dead_child_waits_for_its_burial():
    take, orders = os.pipe()
    reports, give = os.pipe()
    child = Child(orders, reports, Slot())
    os.close(take)
    child.give([1, 2])
    assert child.held == [1, 2]
    for end in (orders, reports, give):
        os.close(end)
    child.slot.close()


def test_whoever_looks_while_a_job_is_begun_sees_no_late_one():
    slot = Slot()
    child = os.fork()
    if not child:
        while True:
            slot.begin(7)
    try:
        seen = [(slot.is_late(60, time.monotonic_ns()), slot.number) for _ in range(20_000)]
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert {late for late, _ in seen} == {False}
    assert {number for _, number in seen} <= {7, NONE}
    slot.close()
