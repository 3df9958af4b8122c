"""The sets that are measured: recorded, generated with a seed of their own, and placed hits."""

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.analysis import sounds
from benchmarks.analysis.generator.rendered import rendered as rendered_loops
from benchmarks.analysis.midi import available
from benchmarks.analysis.placed import RATE, placed
from benchmarks.analysis.recorded import CACHE, Truth, recorded, truths

HERE = Path(__file__).parent
LOOPS, HITS, CHORDS, DRUMMING, RENDERED = 300, 240, 120, 80, 160
"""Sounds of the generated set."""


@dataclass(frozen=True)
class Struck:
    """A file whose onsets (s) are known."""

    path: Path
    digest: str
    onsets: NDArray[np.float64]


def code_digest() -> str:
    """Return a name for what the generator says: equal code, equal sounds."""
    digest = hashlib.sha256(f"{LOOPS} {HITS} {CHORDS} {DRUMMING}".encode())
    for path in [*sorted((HERE / "generator").glob("*.py")), HERE / "placed.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _kept(name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once for each state of the generator."""
    folder = CACHE / f"{name}-{code_digest()}"
    if not folder.exists():
        partial = CACHE / f"{name}-{os.getpid()}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        make(partial)
        partial.rename(folder)
    return folder


def _make(folder: Path) -> None:
    seed = sounds.TESTING
    families = (sounds.loops(seed, LOOPS), sounds.hits(seed, HITS), sounds.chords(seed, CHORDS))
    sounds.write((made for family in families for made in family), folder)


def generated() -> list[Truth]:
    """Return generated loops, hits and chords that nothing was trained on."""
    return truths(_kept("generated", _make) / "manifest.csv")


def rendered() -> list[Truth]:
    """Return loops of recorded instruments; none where no soundfont is installed."""
    if not available():
        return []
    made = rendered_loops(sounds.TESTING, RENDERED)
    folder = _kept("rendered", lambda folder: sounds.write(made, folder) and None)
    return truths(folder / "manifest.csv")


def _struck(folder: Path) -> list[Struck]:
    found = []
    for line in (folder / "onsets.csv").read_text().splitlines():
        name, *times = line.split(",")
        path = folder / "audio" / name
        found.append(Struck(path, digest_of(path), np.array(times, float)))
    return found


def digest_of(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def drumming() -> list[Struck]:
    """Return synthesised drum passages with their onsets."""
    made = sounds.drumming(sounds.TESTING, DRUMMING)
    return _struck(_kept("drumming", lambda folder: sounds.write(made, folder) and None))


def _place(folder: Path) -> None:
    (folder / "audio").mkdir()
    with (folder / "onsets.csv").open("w") as onsets:
        for number, passage in enumerate(placed(recorded(), sounds.TESTING)):
            path = folder / "audio" / f"placed_{number:02d}.flac"
            soundfile.write(path, passage.samples, RATE, subtype="PCM_16")
            times = ",".join(f"{second:.6f}" for second in passage.onsets)
            onsets.write(f"{path.name},{times}\n")


def placed_hits() -> list[Struck]:
    """Return recorded hits placed at known times; none where the recorded set is not there."""
    return _struck(_kept("placed", _place)) if recorded() else []
