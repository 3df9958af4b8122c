"""What goes wrong in somebody's engine is told as its fault, in words, without paths."""

import errno

import numpy as np
import pytest
from django.db import OperationalError

from library import engine_faults, generate, labour
from library.jobs import State
from tests.models_of_sound import Obedient, sine

pytestmark = pytest.mark.django_db


class Timeout(SystemExit):
    """As the queue's time limit."""


@pytest.fixture(autouse=True)
def models(settings, monkeypatch):
    """Let the settings name one model; it is not made yet."""
    settings.GENERATION_ENGINES = ["tests.models_of_sound.Obedient"]
    monkeypatch.setattr(generate, "_made", {})


@pytest.fixture
def made(user, monkeypatch):
    """Return a function that lets a worker work with a model, and returns the row."""

    def make(act):
        monkeypatch.setattr(Obedient, "generate", lambda *_asked: act())
        asked = generate.ask(user, "kick", duration=0.5)
        labour.work_at("generations", "here:1")
        asked.refresh_from_db()
        return asked

    return make


def raising(fault):
    def act():
        raise fault

    return act


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (OSError("cannot reach host"), "cannot reach host."),
        (ConnectionError("cannot reach https://host.example/v1."),
         "cannot reach https://host.example/v1."),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "/srv/secret/x"),
         "No such file or directory."),
        (OSError(), "OSError."),
        (ValueError("no model in '/srv/my data/x' and /srv/y\nmore"),
         "ValueError: no model in … and …."),
        (ValueError(r"file:///srv/x C:\data ~/y either/or"), "ValueError: … … … either/or."),
        (ValueError("x" * 300), f"ValueError: {'x' * 199}…."),
        (KeyError(), "KeyError."),
        (SystemExit(3), "SystemExit: 3."),
    ],
)  # fmt: skip
def test_a_fault_of_an_engine_ends_with_its_sentence(made, fault, sentence, caplog):
    row = made(raising(fault))
    assert (row.state, row.error) == (State.FAILED, f"Obedient failed: {sentence}")
    assert "Obedient failed" in caplog.text
    assert "Traceback" in caplog.text


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (OSError(errno.ENOSPC, "x"), "Not enough disk space."),
        (OSError(errno.EDQUOT, "x"), "Not enough disk space."),
        (OperationalError("x"), labour.NOT_NOW),
    ],
)
def test_a_fault_of_the_machine_lets_it_wait(made, fault, error):
    row = made(raising(fault))
    assert (row.state, row.attempts, row.error) == (State.WAITING, 0, error)


def test_the_time_limit_of_the_queue_is_no_fault_of_an_engine():
    with pytest.raises(Timeout), engine_faults.told("Obedient"):
        raise Timeout


def test_our_own_disk_is_not_the_engines_fault(made, monkeypatch):
    monkeypatch.setattr("library.audio.write_audio", lambda *_about: raising(OSError("disk"))())
    row = made(lambda: (sine(0.5), 44_100))
    assert (row.state, row.error) == (State.WAITING, labour.NOT_NOW)


@pytest.mark.parametrize(
    ("handed_back", "reason"),
    [
        (None, "it is nothing, not a sound and its rate"),
        ((sine(0.1), 44_100, "more"), "it is a tuple of 3, not a sound and its rate"),
        (np.zeros((2, 9)), "it is of the type ndarray, not a sound and its rate"),
        ((sine(0.1), 0), ""),
        ((sine(0.1), "x"), "'x' is no rate in hertz"),
        ((sine(0.1), None), "None is no rate in hertz"),
        ((None, 44_100), ""),
        (("tone", 44_100), ""),
    ],
)
def test_what_is_no_sound_is_told_so(made, handed_back, reason):
    row = made(lambda: handed_back)
    assert row.state == State.FAILED
    assert row.error.startswith(f"Obedient made no sound that can be used: {reason}")


def test_too_little_memory_to_write_it(made, monkeypatch):
    monkeypatch.setattr("library.audio.write_audio", lambda *_about: raising(MemoryError())())
    assert made(lambda: (sine(0.5), 44_100)).error.startswith("Obedient needs more memory")


def test_an_engine_that_cannot_be_made(made, monkeypatch):
    def init(_self):
        raise RuntimeError("no GPU")

    monkeypatch.setattr(Obedient, "__init__", init)
    assert made(dict).error == "Obedient failed: RuntimeError: no GPU."


def test_a_seed_that_can_only_be_read(made, monkeypatch):
    monkeypatch.setattr(Obedient, "seed", property(lambda _self: 3), raising=False)
    assert made(dict).error.startswith("Obedient failed: AttributeError: ")
