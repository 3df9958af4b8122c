"""A process that stays and does one management command of an instance after the other.

As a process of its own each command would load Django anew, which takes longer than what it does.
"""

import io
import json
import os
import select
import subprocess
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from django.core.management import execute_from_command_line

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds for one command


class Clerk:
    """The end that asks: one line of JSON there, one line back."""

    def __init__(self, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.clerk"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )

    def do(self, words: tuple[str, ...]) -> str:
        """Return what a command prints; CalledProcessError when it fails."""
        asked, answers = self.process.stdin, self.process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(json.dumps(words).encode() + b"\n")
        asked.flush()
        if not select.select([answers], [], [], PATIENCE)[0]:
            self.process.kill()
            raise subprocess.TimeoutExpired(words, PATIENCE)
        code, printed, complained = json.loads(answers.readline() or '[1, "", "it ended"]')
        if code:
            raise subprocess.CalledProcessError(code, [*words, complained], printed, complained)
        return printed

    def end(self) -> None:
        """Let it go home."""
        self.process.communicate(timeout=30)


def answer(words: list[str]) -> tuple[int, str, str]:
    """Do a command; return its exit status and what it printed and complained of."""
    printed, complained = io.StringIO(), io.StringIO()
    code = 0
    with redirect_stdout(printed), redirect_stderr(complained):
        try:
            execute_from_command_line(["manage.py", *words])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        except Exception:  # noqa: BLE001  told to the one who asked
            traceback.print_exc()
            code = 1
    return code, printed.getvalue(), complained.getvalue()


def main() -> None:
    """Answer until nobody asks any more; what commands start may print, but not in between."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
