"""`manage.py analyse`: what files and folders of sounds tell. No library, no Django.

Numpy and the decoders are imported when it is known that there is something to do.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from library.audio import shell
from library.audio.gather import gather, in_words

HELP = "Listens to sounds and folders of them, without touching the library."
MORE = """\
Tells tempo, key, class, onsets and levels of each, in the order they were given. A file that cannot
be read gets a line with its error. Exit status: 0, or 1 when a file failed, or 2 when nothing was
tried because the command makes no sense.
"""

STANDARD_INPUT = "-"
SHELVES = 2
"""How many folders above a file may say what is in it."""


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command line to a parser."""
    add = parser.add_argument
    add(
        "paths",
        nargs="*",
        type=shell.as_given,
        metavar="PATH",
        help="a sound, or a folder of sounds",
    )
    add("--from-file", type=shell.path, metavar="LIST",
        help="a file with one path a line, or - for standard input")  # fmt: skip
    add("--no-hints", action="store_true",
        help="go by the sound alone, not by names and embedded data")  # fmt: skip
    add("--json", action="store_true", help="a line of JSON for each file")
    add("--jobs", type=shell.jobs, default=None, metavar="N",
        help="how many files to listen to at once (one per processor)")  # fmt: skip
    add("--time-limit", type=shell.number(0.01, 86_400), default=60.0, metavar="SECONDS",
        help="what one file may take before it counts as failed (60)")  # fmt: skip


def main(arguments: list[str]) -> int:
    """Run the command with what stands behind its name; return the exit status."""
    parser = shell.parser("analyse", HELP, MORE)
    add_arguments(parser)
    return run(parser.parse_intermixed_args(shell.without_dashes(arguments)))


def run(options: Namespace) -> int:
    """Carry out what was parsed; return the exit status. All that can go wrong is told in words."""
    return shell.run(_analyse, options, "analysis")


def _analyse(options: Namespace) -> int:
    paths = [*options.paths, *_listed(options.from_file)]
    if not paths:
        raise shell.WrongUsage("Name sounds or folders, or a list of them with --from-file.")
    os.environ.update(dict.fromkeys(shell.ONE_THREAD, "1"))  # counts before numpy is imported
    with shell.uninterrupted():
        from library.audio.account import accounts
        from library.audio.telling import Telling

    asked = [one for path in paths for one in _asked(path)]
    telling = Telling(as_json=options.json)
    work = accounts(
        asked,
        with_hints=not options.no_hints,
        size=options.jobs or shell.processors(),
        limit_seconds=options.time_limit,
    )
    with closing(work):
        for account in work:
            telling.tell(account)
    return telling.end()


def _listed(source: Path | None) -> Iterator[str]:
    """Yield the paths of a list; what is no text in it is taken as file systems write it."""
    if source is None:
        return
    try:
        raw = sys.stdin.buffer.read() if str(source) == STANDARD_INPUT else source.read_bytes()
    except OSError as error:
        raise shell.WrongUsage(f"{source} cannot be read: {in_words(error)}.") from error
    for line in raw.splitlines():
        if line.strip():
            yield os.fsdecode(line)


def _asked(given: str) -> Iterator[Any]:
    """Yield a file as it is, or the sounds in a folder."""
    from library.audio.account import Asked

    path = Path(given)
    if not os.path.isdir(path):  # noqa: PTH112 - Path raises where a folder is closed
        yield Asked(path, _size(path), _shelf(path.absolute().parent), given=given)
        return
    harvest = gather([path])
    for folder, reason in harvest.failed:
        yield Asked(folder, error=reason, given=given if folder == path else "")
    for source in harvest.sources:
        yield Asked(source.path, source.size_bytes, _shelf(source.path.absolute().parent))


def _shelf(folder: Path) -> str:
    """Return the names of the nearest folders, which may tell what lies in them."""
    return "/".join(folder.parts[1:][-SHELVES:])


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:  # whoever opens it will say what is wrong
        return 0
