"""`manage.py convert`: files and folders in, what the sampler loads out. No library, no Django.

Numpy and the decoders are imported when it is known that there is something to do.
"""

import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from library.audio.gather import Harvest, gather, in_words, shown, targets

HELP = "Converts sounds and folders of them to 48 kHz and 16 bits, without touching the library."
MORE = """\
Folders keep their structure below DST; a name that is taken gets __2, __3 and so on. A file of an
earlier run is replaced in one step, a source never. Exit status: 0, or 1 when a file failed, or 2
when nothing was tried because the command makes no sense.
"""

OK, FAILED, WRONG_USAGE = 0, 1, 2
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EXTENSIONS = {"wav": ".wav", "aiff": ".aiff"}
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
MOST_JOBS = 256
WIDTH = 96  # of the help; asking the terminal takes 4 ms of every start
LOUDNESS = (-60.0, 0.0)
PEAK = (-20.0, 0.0)


class WrongUsage(Exception):  # noqa: N818 - reads as what it is
    """The command cannot be carried out as it was given; the message is a sentence."""


class Interrupted(BaseException):
    """Somebody asked the command to end; `number` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def add_arguments(parser: ArgumentParser) -> None:
    """Describe the command line to a parser."""
    add = parser.add_argument
    add("sources", nargs="+", type=_path, metavar="SRC", help="a sound, or a folder of sounds")
    add("target", type=_path, metavar="DST", help="the folder to write to; it is made if need be")
    add("--format", choices=list(EXTENSIONS), default="wav", help="what to write (wav)")
    add("--lufs", type=_number(*LOUDNESS, off=True), default=None, metavar="LUFS|off",
        help="bring each sound to this loudness, e.g. -16 (off)")  # fmt: skip
    add("--peak", type=_number(*PEAK), default=-1.0, metavar="DBTP",
        help="true peak that --lufs may not exceed (-1)")  # fmt: skip
    add("--mono", action="store_true", help="fold stereo down to mono")
    add("--trim", action="store_true", help="cut silence off both ends")
    add("--pad-short", action="store_true", help="add silence to sounds shorter than 100 ms")
    add("--overs", choices=["guard", "clip"], default="guard",
        help="peaks over full scale: lower the whole sound, or clip them (guard)")  # fmt: skip
    add("--quality", choices=["hq", "vhq"], default="hq", help="of the resampler (hq)")
    add("--layout", choices=["keep", "flat"], default="keep",
        help="keep the folders, or write all files into one (keep)")  # fmt: skip
    add("--jobs", type=_jobs, default=None, metavar="N",
        help="how many files to convert at once (one per processor)")  # fmt: skip
    add("--time-limit", type=_number(0.01, 86_400), default=60.0, metavar="SECONDS",
        help="what one file may take before it counts as failed (60)")  # fmt: skip
    add("--json", action="store_true", help="a line of JSON for each file when it is done")


def _path(text: str) -> Path:
    """Return the path; nothing, as an unset variable of a shell leaves it, is not this folder."""
    if not text:
        raise ArgumentTypeError("it is empty")
    return Path(text)


def _number(low: float, high: float, *, off: bool = False) -> Callable[[str], float | None]:
    """Return a reader of numbers from `low` to `high`; `off` allows that word, for none."""

    def read(text: str) -> float | None:
        if off and text == "off":
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            also = ", or off" if off else ""
            raise ArgumentTypeError(f"{text!r} is no number from {low:g} to {high:g}{also}")
        return number

    return read


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_JOBS:
        raise ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_JOBS}")
    return int(text)


def main(arguments: list[str]) -> int:
    """Run the command with what stands behind its name; return the exit status."""
    parser = ArgumentParser(
        "manage.py convert",
        description=HELP,
        epilog=MORE,
        formatter_class=partial(RawDescriptionHelpFormatter, width=WIDTH),
    )
    add_arguments(parser)
    return run(parser.parse_intermixed_args(_without_dashes(arguments)))


def _without_dashes(arguments: list[str]) -> list[str]:
    """Write names behind a `--` so that none looks like an option: argparse forgets where it was.

    `Path` takes the `./` off again.
    """
    if "--" not in arguments:
        return arguments
    at = arguments.index("--")
    names = (f"./{one}" if one.startswith("-") else one for one in arguments[at + 1 :])
    return [*arguments[:at], *names]


def main_and_leave(arguments: list[str]) -> NoReturn:
    """Run the command and end the process: taking numpy apart would take another 20 ms."""
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


def run(options: Namespace) -> int:
    """Carry out what was parsed; return the exit status. All that can go wrong is told in words."""
    try:
        with _interruptible():
            return _convert(options)
    except WrongUsage as reason:
        return _complain(str(reason), WRONG_USAGE)
    except (Interrupted, KeyboardInterrupt) as signalled:
        return 128 + getattr(signalled, "number", signal.SIGINT)
    except BrokenPipeError:  # whoever read the output has gone: nothing more can be said
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        return _complain(f"The conversion had to stop: {in_words(error)}.", FAILED)


def _complain(sentence: str, status: int) -> int:
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


def _convert(options: Namespace) -> int:
    _check(options.sources, options.target)
    harvest = gather(options.sources, options.target, is_flat=options.layout == "flat")
    paths = targets(harvest, options.target, EXTENSIONS[options.format])
    with _folders(options.target, paths):
        return _work(options, harvest, paths)


def _check(sources: list[Path], target: Path) -> None:
    """Raise WrongUsage for what no part of the work could begin with."""
    for source in sources:
        if not os.path.exists(source):  # noqa: PTH110 - Path raises where a folder is closed
            raise WrongUsage(f"{source} does not exist.")
        if source.is_dir() and target.is_dir() and source.samefile(target):
            raise WrongUsage(f"{target} is the source itself: name another folder to write to.")
    if target.exists() and not target.is_dir():
        raise WrongUsage(f"{target} is a file: name a folder to write to.")
    if target.suffix.lower() in {".wav", ".aif", ".aiff"} and not target.exists():
        raise WrongUsage(f"{target} looks like a file: name a folder to write to.")


@contextmanager
def _folders(target: Path, paths: list[Path]) -> Iterator[None]:
    """Make the folders that are needed; take away those that got nothing."""
    made: list[Path] = []
    try:
        _make(target, made)
    except OSError as error:
        raise WrongUsage(f"{target} cannot be made: {in_words(error)}.") from error
    if not os.access(target, os.W_OK | os.X_OK):
        raise WrongUsage(f"{target} cannot be written to.")
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
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))  # counts before numpy is imported
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
    size = options.jobs or _processors()
    work = batch.run(jobs, _recipe(options), size=size, limit_seconds=options.time_limit)
    try:
        with closing(work):
            for number, outcome in work:
                if outcome.is_full:
                    report.end(stopped="the disk is full")
                    return _complain("The disk is full: nothing more was tried.", FAILED)
                report.done(jobs[number], outcome)
    except Interrupted:
        report.end(stopped="interrupted")
        raise
    return report.end()


def _processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
