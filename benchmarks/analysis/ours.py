"""What Padcrate hears in files, by the command that people use; kept while the code is the same."""

import hashlib
import json
import os
import resource
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.analysis.recorded import CACHE, ROOT, Truth, neutral

Answer = dict[str, Any]
"""One line of `manage.py analyse --json`."""


@cache
def code_digest() -> str:
    """Return a name for the state of all that hears; asked once, it holds to the end."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "library" / "audio").rglob("*")):
        if path.suffix in {".py", ".npz", ".json"} and "synth" not in path.parts:
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def analysed(paths: Sequence[Path], *options: str) -> tuple[list[Answer], float]:
    """Run `manage.py analyse --json`; return its lines and the processor time in s."""
    listed = "\n".join(map(str, paths)) + "\n"
    asked = hashlib.sha256((listed + " ".join(options)).encode()).hexdigest()[:12]
    kept = CACHE / "ours" / f"{code_digest()}-{asked}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        answers, seconds = _run(listed, options)
        kept.write_text(json.dumps({"answers": answers, "seconds": seconds}))
    found = json.loads(kept.read_text())
    return found["answers"], found["seconds"]


def _run(listed: str, options: Sequence[str]) -> tuple[list[Answer], float]:
    from_file = CACHE / f"list-{os.getpid()}.txt"
    from_file.write_text(listed)
    command = [sys.executable, ROOT / "manage.py", "analyse", "--json", *options]
    environment = os.environ | {
        "PADCRATE_DATA": str(CACHE / "data"),
        "OPENBLAS_NUM_THREADS": "1",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [*map(str, command), "--from-file", str(from_file)],
        check=False,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    from_file.unlink()
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    if not answers:
        raise RuntimeError(f"manage.py analyse said nothing and ended with {done.returncode}")
    return answers, spent


def heard(known: list[Truth]) -> list[Answer]:
    """Return what is heard in sounds under neutral names, by the audio alone."""
    return analysed(neutral(known, CACHE / "neutral"), "--no-hints")[0]


def heard_with_hints(known: list[Truth]) -> list[Answer]:
    """Return what is made of sounds under their own names."""
    return analysed([truth.path for truth in known])[0]
