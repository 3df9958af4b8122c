"""Jobs for tests of the workers: what an analysis does is told by its sample's title.

`sleep 2` takes two seconds, `die` kills its worker, `fail` raises JobError; anything else is done
at once. Each errand that is done adds a line to the file named by ERRANDS.
"""

import os
import signal
import time
from pathlib import Path
from typing import Any

from library import jobs, labour
from library.models import Analysis


def register() -> None:
    """Put the errands in the place of the product's own kinds of jobs."""
    labour.SOURCES[:] = [labour.Source(1, "errand", rows=Analysis.objects.select_related, act=run)]


def run(job: Any) -> dict[str, Any]:
    """Do what the title says."""
    word, *rest = job.sample.title.split()
    if word == "sleep":
        time.sleep(float(rest[0]))
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "fail":
        raise jobs.JobError("Kick 7 is silent.")
    note(job.pk)
    return {"version": 1}


def note(what: object) -> None:
    """Add a line to the list of what was done; one write, so lines never mix."""
    with Path(os.environ["ERRANDS"]).open("a") as file:
        file.write(f"{what}\n")


def break_off() -> None:
    """Fail as a task, not as a job."""
    raise ValueError("broken")


def dawdle() -> None:
    """Take longer than any time limit in a test."""
    time.sleep(30)
