"""Convert many files at once: what to begin with, in what portions, and what became of each."""

import errno
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from library.audio.containers import remove_abandoned, remove_unfinished
from library.audio.convert import Result, convert
from library.audio.crew import CHUNK, Crew, Lost
from library.audio.errors import AudioError
from library.audio.gather import in_words
from library.audio.recipe import Recipe

LIMIT_SECONDS = 60.0
"""What one file may take; an hour of sound takes a few seconds."""

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})

BASE_COST = 0.4
COSTS = {".flac": 14, ".m4a": 60, ".mp4": 60, ".mp3": 60, ".ogg": 90, ".oga": 90, ".opus": 90}
PCM_COST = 4
"""Milliseconds that a file takes, and one of its megabytes more: only their order matters."""

SMALL_COST = 5.0
"""Files that take less than this go out several at once: a message costs about 0.1 ms."""


@dataclass(frozen=True)
class Job:
    """One file to convert."""

    source: Path
    target: Path
    size_bytes: int

    @property
    def cost(self) -> float:
        """About how long it takes, in milliseconds."""
        megabytes = self.size_bytes / 1e6
        return BASE_COST + megabytes * COSTS.get(self.source.suffix.lower(), PCM_COST)


@dataclass(frozen=True)
class Outcome:
    """What became of a job: a result, or an error as a phrase. is_full: of the disk."""

    result: Result | None = None
    error: str = ""
    is_full: bool = False


def portions(jobs: Sequence[Job]) -> list[list[int]]:
    """Return the jobs' numbers, largest first: large ones alone, small ones several at once."""
    order = sorted(range(len(jobs)), key=lambda number: (-jobs[number].cost, number))
    large = sum(job.cost >= SMALL_COST for job in jobs)
    alone = [[number] for number in order[:large]]
    return alone + [order[at : at + CHUNK] for at in range(large, len(order), CHUNK)]


def run(
    jobs: Sequence[Job], recipe: Recipe, *, size: int, limit_seconds: float = LIMIT_SECONDS
) -> Generator[tuple[int, Outcome], None, None]:
    """Convert with up to `size` processes; yield each job's number and outcome as they come.

    Close the iterator to stop: nothing unfinished is left. Raises OSError when the machine has no
    process to give.
    """
    for folder in {job.target.parent for job in jobs}:
        with suppress(OSError):  # what cannot be read now is not written to either
            remove_abandoned(folder)
    crew = Crew(
        partial(_convert, jobs, recipe),
        size=size,
        limit_seconds=limit_seconds,
        killed=partial(_clear_up, jobs),
    )
    with closing(crew.run(portions(jobs))) as results:
        for number, outcome in results:
            yield number, Outcome(error=outcome.reason) if isinstance(outcome, Lost) else outcome


def _convert(jobs: Sequence[Job], recipe: Recipe, number: int) -> Outcome:
    """Convert one file in a child. Whatever goes wrong goes wrong with this file alone."""
    job = jobs[number]
    try:
        return Outcome(convert(job.source, job.target, recipe))
    except AudioError as error:
        return Outcome(error=str(error))
    except MemoryError:
        return Outcome(error="it takes too much memory")
    except OSError as error:
        return Outcome(error=_told(error, job), is_full=error.errno in DISK_FULL)
    except Exception as error:  # noqa: BLE001 - one file never stops a batch
        return Outcome(error=f"the converter failed ({error!r})")


def _told(error: OSError, job: Job) -> str:
    """Say what the system says, and of the target where that is at fault: it has another name."""
    if error.filename is None or str(error.filename) == str(job.source):
        return in_words(error)
    return f"{job.target} cannot be written: {in_words(error)}"


def _clear_up(jobs: Sequence[Job], number: int, process: int) -> None:
    with suppress(OSError):  # the disk may be gone as well
        remove_unfinished(jobs[number].target, process)
