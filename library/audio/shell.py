"""What the commands share that run without Django: words for options, signals, ways to end.

Numpy and the decoders are imported when it is known that there is something to do.
"""

import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from library.audio.gather import in_words, shown

OK, FAILED, WRONG_USAGE = 0, 1, 2
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
MOST_JOBS = 256
BEHIND_DASHES = ".//"  # before a name behind `--`: `Path` takes it off, nobody types it
WIDTH = 96  # of the help; asking the terminal takes 4 ms of every start


class WrongUsage(Exception):  # noqa: N818 - reads as what it is
    """The command cannot be carried out as it was given; the message is a sentence."""


class Interrupted(BaseException):
    """Somebody asked the command to end; `number` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def path(text: str) -> Path:
    """Return the path; nothing, as an unset variable of a shell leaves it, is not this folder."""
    if not text:
        raise ArgumentTypeError("it is empty")
    return Path(text)


def as_given(text: str) -> str:
    """Return a path as it was typed, doubled slashes and all; of nothing it tells as `path`."""
    path(text)
    return text.removeprefix(BEHIND_DASHES) if text.startswith(f"{BEHIND_DASHES}-") else text


def number(low: float, high: float, *, off: bool = False) -> Callable[[str], float | None]:
    """Return a reader of numbers from `low` to `high`; `off` allows that word, for none."""

    def read(text: str) -> float | None:
        if off and text == "off":
            return None
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            also = ", or off" if off else ""
            raise ArgumentTypeError(f"{text!r} is no number from {low:g} to {high:g}{also}")
        return value

    return read


def jobs(text: str) -> int:
    """Return a number of processes."""
    if not text.isdecimal() or not 1 <= int(text) <= MOST_JOBS:
        raise ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_JOBS}")
    return int(text)


def parser(name: str, description: str, epilog: str) -> ArgumentParser:
    """Return a parser for `manage.py name`."""
    return ArgumentParser(
        f"manage.py {name}",
        description=description,
        epilog=epilog,
        formatter_class=partial(RawDescriptionHelpFormatter, width=WIDTH),
    )


def without_dashes(arguments: list[str]) -> list[str]:
    """Write names behind a `--` so that none looks like an option: argparse forgets where it was.

    `Path` takes BEHIND_DASHES off again, and so does `as_given`.
    """
    if "--" not in arguments:
        return arguments
    at = arguments.index("--")
    names = (f"{BEHIND_DASHES}{one}" if one.startswith("-") else one for one in arguments[at + 1 :])
    return [*arguments[:at], *names]


def leave(main: Callable[[list[str]], int], arguments: list[str]) -> NoReturn:
    """Run a command and end the process: taking numpy apart would take another 20 ms."""
    _open_closed_streams()
    status = main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _open_closed_streams() -> None:
    """Lead closed streams nowhere, else the next file that is opened is taken for one of them."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, "w" if number else "r"))


def run(work: Callable[[Namespace], int], options: Namespace, noun: str) -> int:
    """Carry out what was parsed; return the exit status. All that can go wrong is told in words.

    noun: what has to stop when the machine is at fault, `conversion`.
    """
    try:
        with _interruptible():
            return work(options)
    except WrongUsage as reason:
        return complain(str(reason), WRONG_USAGE)
    except (Interrupted, KeyboardInterrupt) as signalled:
        return 128 + getattr(signalled, "number", signal.SIGINT)
    except BrokenPipeError:  # whoever read the output has gone: nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        return complain(f"The {noun} had to stop: {in_words(error)}.", FAILED)


def complain(sentence: str, status: int) -> int:
    """Say what is wrong; return the status."""
    print(shown(sentence), file=sys.stderr)  # noqa: T201 - a command speaks
    return status


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C and its like raise Interrupted, once; what was ignored before stays so."""
    before: dict[int, Any] = {}

    def end(number: int, _frame: FrameType | None) -> NoReturn:
        for other in before:
            signal.signal(other, signal.SIG_IGN)  # the end is not to be interrupted
        raise Interrupted(number)

    for ending in ENDING:
        if signal.getsignal(ending) is not signal.SIG_IGN:
            before[ending] = signal.signal(ending, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold back what may end the process until the block is through: for imports.

    A compiled module that is interrupted in its start forgets the signal, or crashes.
    """
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
