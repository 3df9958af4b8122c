"""`manage.py convert`: files and folders in, what the sampler loads out. No library, no Django.

Numpy and the decoders are imported when it is known that there is something to do.
"""

import os
import stat
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from library.audio import shell
from library.audio.gather import Harvest, found_at, gather, in_words, targets

HELP = "Converts sounds and folders of them to 48 kHz and 16 bits, without touching the library."
MORE = """\
Folders keep their structure below DST; a name that is taken gets __2, __3 and so on. Files of an
earlier run are replaced, each in one step, and nothing else is. Exit status: 0, or 1 when a file
failed, or 2 when nothing was tried because the command makes no sense, or 128 and the number of the
signal that stopped it (130 after Ctrl-C).
"""

EXTENSIONS = {"wav": ".wav", "aiff": ".aiff"}
LOUDNESS = (-60.0, 0.0)
PEAK = (-20.0, 0.0)


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command line to a parser."""
    add = parser.add_argument
    add("sources", nargs="+", type=shell.path, metavar="SRC", help="a sound, or a folder of sounds")
    add("target", type=shell.path, metavar="DST",
        help="the folder to write to; it is made if need be")  # fmt: skip
    add("--format", choices=list(EXTENSIONS), default="wav", help="what to write (wav)")
    add("--lufs", type=shell.number(*LOUDNESS, off=True), default=None, metavar="LUFS|off",
        help="bring each sound to this loudness, e.g. -16 (off)")  # fmt: skip
    add("--peak", type=shell.number(*PEAK), default=-1.0, metavar="DBTP",
        help="true peak that --lufs may not exceed (-1)")  # fmt: skip
    add("--mono", action="store_true", help="fold stereo down to mono")
    add("--trim", action="store_true", help="cut silence off both ends")
    add("--pad-short", action="store_true", help="add silence to sounds shorter than 100 ms")
    add("--overs", choices=["guard", "clip"], default="guard",
        help="peaks over full scale: lower the whole sound, or clip them (guard)")  # fmt: skip
    add("--quality", choices=["hq", "vhq"], default="hq", help="of the resampler (hq)")
    add("--layout", choices=["keep", "flat"], default="keep",
        help="keep the folders, or write all files into one (keep)")  # fmt: skip
    add("--jobs", type=shell.jobs, default=None, metavar="N",
        help="how many files to convert at once (one per processor)")  # fmt: skip
    add("--time-limit", type=shell.number(0.01, 86_400), default=60.0, metavar="SECONDS",
        help="what one file may take before it counts as failed (60)")  # fmt: skip
    add("--json", action="store_true", help="a line of JSON for each file when it is done")


def main(arguments: list[str]) -> int:
    """Run the command with what stands behind its name; return the exit status."""
    parser = shell.parser("convert", HELP, MORE)
    add_arguments(parser)
    return run(parser.parse_intermixed_args(shell.without_dashes(arguments)))


def run(options: Namespace) -> int:
    """Carry out what was parsed; return the exit status. All that can go wrong is told in words."""
    return shell.run(_convert, options, "conversion")


def _convert(options: Namespace) -> int:
    _check(options.sources, options.target)
    harvest = gather(options.sources, options.target, is_flat=options.layout == "flat")
    paths = targets(harvest, options.target, EXTENSIONS[options.format])
    with _folders(options.target, paths):
        return _work(options, harvest, paths)


def _check(sources: list[Path], target: Path) -> None:
    """Raise WrongUsage for what no part of the work could begin with."""
    found = found_at(target)
    is_folder = found is not None and stat.S_ISDIR(found.st_mode)
    for source in sources:
        _check_source(source)
        if source.is_dir() and is_folder and source.samefile(target):
            raise shell.WrongUsage(
                f"{target} is the source itself: name another folder to write to."
            )
    if found and not is_folder:
        raise shell.WrongUsage(f"{target} is a file: name a folder to write to.")
    if target.suffix.lower() in {".wav", ".aif", ".aiff"} and not found:
        raise shell.WrongUsage(f"{target} looks like a file: name a folder to write to.")


def _check_source(source: Path) -> None:
    try:
        source.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise shell.WrongUsage(f"{source} does not exist.") from error
    except OSError as error:
        raise shell.WrongUsage(f"{source} cannot be read: {in_words(error)}.") from error


@contextmanager
def _folders(target: Path, paths: list[Path]) -> Iterator[None]:
    """Make the folders that are needed; take away those that got nothing."""
    made: list[Path] = []
    try:
        _make(target, made)
    except OSError as error:
        raise shell.WrongUsage(f"{target} cannot be made: {in_words(error)}.") from error
    if not os.access(target, os.W_OK | os.X_OK):
        raise shell.WrongUsage(f"{target} cannot be written to.")
    try:
        for folder in sorted({path.parent for path in paths}):
            try:
                _make(folder, made)
            except OSError:  # each file that should go there says so
                continue
        yield
    finally:
        for folder in reversed(made):
            try:
                folder.rmdir()
            except OSError:  # it holds something
                continue


def _make(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it; note the new ones."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for one in reversed(missing):
        one.mkdir()
        made.append(one)


def _work(options: Namespace, harvest: Harvest, paths: list[Path]) -> int:
    """Convert and report; return the exit status."""
    os.environ.update(dict.fromkeys(shell.ONE_THREAD, "1"))  # counts before numpy is imported
    with shell.uninterrupted():
        from library.audio import batch
        from library.audio.report import Report

    jobs = [
        batch.Job(source.path, path, source.size_bytes)
        for source, path in zip(harvest.sources, paths, strict=True)
    ]
    total = len(jobs) + len(harvest.failed)
    report = Report(total, harvest.skipped, as_json=options.json)
    for path, reason in harvest.failed:
        report.fail(path, reason)
    size = options.jobs or shell.processors()
    work = batch.run(jobs, _recipe(options), size=size, limit_seconds=options.time_limit)
    try:
        with closing(work):
            for number, outcome in work:
                if outcome.is_full:
                    report.end(stopped="the disk is full")
                    return shell.complain("The disk is full: nothing more was tried.", shell.FAILED)
                report.done(jobs[number], outcome)
    except shell.Interrupted:
        report.end(stopped="interrupted")
        raise
    return report.end()


def _recipe(options: Namespace) -> Any:
    from library.audio.recipe import Recipe

    return Recipe(
        format=options.format,
        channels="mono" if options.mono else "keep",
        pad_short=options.pad_short,
        overs=options.overs,
        loudness_lufs=options.lufs,
        peak_dbtp=options.peak,
        trim=options.trim,
        quality=options.quality.upper(),
    )
