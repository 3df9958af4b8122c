"""Make the models anew, the same bytes each time: `python -m benchmarks.analysis train [TASK…]`."""

import hashlib
from argparse import ArgumentParser, Namespace
from importlib import import_module
from pathlib import Path

from threadpoolctl import threadpool_limits

from library.audio.hearing.model import FOLDER

TRAINERS = {
    name: f"benchmarks.analysis.train_{name}"
    for name in ("onsets", "tempo", "kind", "key", "class")
}
"""Modules by task, in the order in which they need each other; each has `train`, which says what
it learnt from and with which figures."""

THREADS = 2
"""Of the linear algebra, whatever the machine has: another number adds in another order, which
moves the last digits of weights."""


def digests(folder: Path = FOLDER) -> dict[str, str]:
    """Return the digest of each model."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted(folder.iterdir())
        if path.suffix in {".npz", ".json"}
    }


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command line."""
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"of {', '.join(TRAINERS)}")


def run(options: Namespace) -> int:
    """Train; tells of each model whether it came out as it was."""
    before = digests()
    with threadpool_limits(limits=THREADS, user_api="blas"):
        for task in options.tasks or TRAINERS:
            print(import_module(TRAINERS[task]).train())
    for name, digest in digests().items():
        print(f"{name} {digest} {'as before' if before.get(name) == digest else 'changed'}")
    return 0
