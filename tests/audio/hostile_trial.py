"""Put every file of a folder through the chain in one process, within bounds; run by a test.

python -m tests.audio.hostile_trial (convert|probe|validate) OUT <PATHS: prints a line of JSON for
each path that it reads from its standard input, then one about itself.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import soundfile

from library.audio.convert import convert
from library.audio.headers import probe
from library.audio.validate import validate_sample

ADDRESS_SPACE = 1_500 << 20
CPU_SECONDS = 120


def converted(path: Path, out: Path) -> dict[str, Any]:
    """What became of a file that was converted."""
    result = convert(path, out / f"{path.name}.wav")
    return asdict(result)


def probed(path: Path, out: Path) -> dict[str, Any]:
    """What its header says; nothing may be decoded for that."""
    soundfile.SoundFile.read = _never
    return asdict(probe(path))


def _never(*args: object, **options: object) -> None:
    raise AssertionError("decoded")


def validated(path: Path, out: Path) -> dict[str, Any]:
    """What is said of it before anybody converts it."""
    return asdict(validate_sample(path))


ACTS: dict[str, Callable[[Path, Path], dict[str, Any]]] = {
    "convert": converted,
    "probe": probed,
    "validate": validated,
}


def status(field: str) -> int:
    """A line of /proc/self/status, in kB."""
    return int(Path("/proc/self/status").read_text().split(f"{field}:")[1].split()[0])


def descriptors() -> int:
    """How many files are open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def tried(act: Callable[[Path, Path], dict[str, Any]], path: Path, out: Path) -> dict[str, Any]:
    """One line of the report: what came back, or the exception's family and words."""
    began, files = time.process_time(), descriptors()
    line: dict[str, Any] = {"file": path.name}
    try:
        line["result"] = act(path, out)
    except Exception as error:  # noqa: BLE001 - any exception is what the test is about
        line["error"] = [kind.__name__ for kind in type(error).__mro__]
        line["says"] = str(error)
    line["left_open"] = descriptors() - files
    line["cpu"] = round(time.process_time() - began, 3)
    line["peak_kb"] = status("VmHWM")
    return line


def main() -> None:
    """Try them all."""
    act, out = ACTS[sys.argv[1]], Path(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    for name in sys.stdin.read().splitlines():
        sys.stdout.write(json.dumps(tried(act, Path(name), out)) + "\n")
        sys.stdout.flush()
    loaded = [name for name in ("av", "django", "librosa", "scipy") if name in sys.modules]
    about = {"peak_kb": status("VmHWM"), "descriptors": descriptors(), "loaded": loaded}
    sys.stdout.write(json.dumps(about) + "\n")


if __name__ == "__main__":
    main()
