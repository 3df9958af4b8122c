"""Start a process that puts files through the chain, and read what it says of them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HANGS_AFTER = 300


@dataclass
class Trial:
    """What one process made of all files: a line for each, and one about itself."""

    lines: list
    about: dict
    out: Path

    def named(self):
        """The lines by the files' names without the ending."""
        return {Path(line["file"]).stem: line for line in self.lines}


def tried(act: str, paths: list[Path], out: Path) -> Trial:
    """Put all files through one process, which must neither hang, die nor print."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.audio.hostile_trial", act, str(out)],
        input="\n".join(map(str, paths)),
        text=True, capture_output=True, timeout=HANGS_AFTER, check=False,
    )  # fmt: skip
    *lines, about = map(json.loads, ended.stdout.splitlines())
    assert (ended.returncode, ended.stderr, len(lines)) == (0, "", len(paths)), lines[-1:]
    return Trial(lines, about, out)
