"""Judge what is heard, train the models it is heard with, write generated sounds as files.

`python -m benchmarks.analysis measure | train | generate`
"""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from benchmarks.analysis import measure, sounds, train


def _generate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="where the files and manifest.csv go")
    parser.add_argument("--seed", type=int, default=sounds.TRAINING)
    for family, count in (("loops", 500), ("hits", 240), ("chords", 480), ("drumming", 80)):
        parser.add_argument(f"--{family}", type=int, default=count, metavar="COUNT")


def _generate(options: Namespace) -> int:
    families = (sounds.loops, sounds.hits, sounds.chords, sounds.drumming)
    made = (
        one
        for family in families
        for one in family(options.seed, getattr(options, family.__name__))
    )
    print(sounds.write(made, options.folder))
    return 0


COMMANDS = {
    "measure": (measure.add_arguments, measure.run),
    "train": (train.add_arguments, train.run),
    "generate": (_generate_arguments, _generate),
}


def main() -> int:
    """Run a command."""
    parser = ArgumentParser(prog="python -m benchmarks.analysis", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, (add_arguments, _) in COMMANDS.items():
        add_arguments(commands.add_parser(name))
    options = parser.parse_args()
    return COMMANDS[options.command][1](options)


if __name__ == "__main__":
    sys.exit(main())
