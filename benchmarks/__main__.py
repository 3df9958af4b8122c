"""Run every benchmark, one after the other, each in a process of its own."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BENCHMARKS = (
    "convert",
    "write_audio",
    "workers",
    "library_page",
    "kit_page",
    "history",
    "generations",
)


def main() -> int:
    """Run them all; 1 when one of them missed a limit."""
    missed = False
    for name in BENCHMARKS:
        print(f"\n── {name.replace('_', ' ')}", flush=True)
        command = [sys.executable, FOLDER / f"{name}.py"]
        missed = subprocess.run(command, check=False, cwd=FOLDER.parent).returncode != 0 or missed
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
