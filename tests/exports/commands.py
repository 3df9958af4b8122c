"""Running a management command in a test as the shell would."""

import io
import json
from dataclasses import dataclass

from django.core.management import CommandError, call_command


@dataclass
class Outcome:
    """What a command printed, and its exit status."""

    out: str
    err: str
    status: int

    @property
    def json(self):
        """The summary of `--json`; one for each export."""
        found = [json.loads(line) for line in self.out.splitlines()]
        return found[0] if len(found) == 1 else found


def run(*words: object) -> Outcome:
    """Run a command with these arguments."""
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command(*(str(word) for word in words), stdout=out, stderr=err)
    except CommandError as fault:
        status = fault.returncode
        err.write(f"{fault}\n")
    except SystemExit as end:
        status = end.code
    return Outcome(out.getvalue(), err.getvalue(), status)
