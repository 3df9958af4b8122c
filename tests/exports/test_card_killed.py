"""A run killed at any moment: no file is half, nothing foreign changes, the next one finishes."""

import os
import random
import signal
import sys
import time

import pytest

from exports.card.write import Card
from tests.exports.cards import file, holdings, put

FOREIGN = {"IMPORT/a.wav": b"somebody's", "IMPORT/Bank/B.WAV": b"x" * 90_000, "notes.txt": b""}
OLD = [file("IMPORT/c.wav", b"old c", "c"), file("d.wav", b"old d" * 9_000, "d")]
NEW = [
    file("IMPORT/a.wav", b"new a", "a"),
    file("IMPORT/bank/b.wav", b"new b" * 40_000, "b"),
    file("IMPORT/c.wav", b"new c" * 30_000, "c"),
    file("d.wav", b"new d", "d"),
    file("deep/er/e.wav", b"new e" * 200_000, "e"),
]
DONE = {
    "IMPORT/a_2.wav": b"new a",
    "IMPORT/Bank/b_2.wav": b"new b" * 40_000,
    "IMPORT/c.wav": b"new c" * 30_000,
    "d.wav": b"new d",
    "deep/er/e.wav": b"new e" * 200_000,
}
ACTS = {"open", "os.rename", "os.remove", "os.mkdir"}


def prepare(folder):
    for path, data in FOREIGN.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    put(folder, *OLD)


def check(folder):
    """Nothing foreign changed, and what has a final name is whole: an old one of ours or a new."""
    there = holdings(folder)
    whole = {**{old.path: [old.open().read()] for old in OLD}}
    for path, data in DONE.items():
        whole.setdefault(path, []).append(data)
    for path, data in there.items():
        if path in FOREIGN:
            assert data == FOREIGN[path]
        elif not path.endswith(".part"):
            assert data in whole[path], path
    assert FOREIGN.keys() <= there.keys()
    assert {old.path for old in OLD} <= there.keys()


def finish(folder):
    result = put(folder, *NEW)
    assert result.left_out == []
    assert holdings(folder) == FOREIGN | DONE


def in_child(act):
    """Run in a process of its own; return the signal that ended it, 0 for none."""
    child = os.fork()
    if not child:
        try:
            act()
            os._exit(0)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_before(folder, moment):
    """Write, and die of SIGKILL just before that act on the file system; False when it ended."""

    def run():
        acts = 0

        def hook(event, _arguments):
            nonlocal acts
            acts += event in ACTS
            if acts > moment and event in ACTS:
                os.kill(os.getpid(), signal.SIGKILL)

        with Card.opened(folder) as card:
            steps = list(card.steps(NEW))
            sys.addaudithook(hook)
            card.write(steps, lambda _size: None)

    ended = in_child(run)
    assert ended in {0, -signal.SIGKILL}
    return ended != 0


@pytest.mark.parametrize("moment", [0, 3, 5, 8, 13, 21, 27, 34, 42, 55, 68, 80])
def test_killed_between_two_acts(tmp_path, moment):
    prepare(tmp_path)
    killed_before(tmp_path, moment)
    check(tmp_path)
    finish(tmp_path)


def test_killed_again_and_again(tmp_path):
    prepare(tmp_path)
    moment = 5
    while killed_before(tmp_path, moment):
        check(tmp_path)
        moment += 5
    assert moment > 30
    assert holdings(tmp_path) == FOREIGN | DONE


@pytest.mark.soak
def test_killed_before_every_act(tmp_path):
    moment = 0
    while True:
        card = tmp_path / str(moment)
        card.mkdir()
        prepare(card)
        ended = not killed_before(card, moment)
        check(card)
        finish(card)
        if ended:
            break
        moment += 1
    assert moment > 60


def storm(folder, kills, seed):
    """Kill runs at random moments; return how many died before their end."""
    dice = random.Random(seed)
    died = 0
    for _ in range(kills):
        child = os.fork()
        if not child:
            try:
                put(folder, *NEW)
                os._exit(0)
            finally:
                os._exit(1)
        time.sleep(dice.uniform(0, 0.05))
        os.kill(child, signal.SIGKILL)
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert ended in {0, -signal.SIGKILL}
        died += ended != 0
        check(folder)
    return died


def test_killed_at_random_moments(tmp_path):
    prepare(tmp_path)
    assert storm(tmp_path, 6, seed=404) >= 1
    finish(tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_killed_at_twenty_random_moments(tmp_path, seed):
    prepare(tmp_path)
    storm(tmp_path, 20, seed)
    finish(tmp_path)
