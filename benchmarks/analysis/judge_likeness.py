"""Similar sounds and altered copies, by our 64 numbers and by the mean of librosa's MFCC."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from benchmarks.analysis import librosa_recipe
from benchmarks.analysis.altered import ALTERATIONS, altered
from benchmarks.analysis.generator.made import TESTING, chance
from benchmarks.analysis.marks import found_again, share_alike, standard
from benchmarks.analysis.recorded import CACHE, Truth
from benchmarks.analysis.sets import digest_of
from benchmarks.analysis.verdict import Verdict

Values = NDArray[np.float64]

OF_EACH = 36
"""Sounds that each alteration is tried on."""
LONGEST_BYTES = 2_000_000


@dataclass(frozen=True)
class Copy:
    """An altered copy of one of the recorded sounds, by its number."""

    path: Path
    digest: str
    owner: int
    way: str


def copies(known: Sequence[Truth]) -> list[Copy]:
    """Make altered copies once; the same each time."""
    code = digest_of(Path(__file__).with_name("altered.py"))[:8]
    folder = CACHE / f"altered-{code}-{OF_EACH}"
    if not folder.exists():
        partial = CACHE / f"altered-{os.getpid()}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        _make(known, partial)
        partial.rename(folder)
    found = []
    for path in sorted(folder.glob("*.wav")):
        owner, way, _ = path.stem.split("_")
        found.append(Copy(path, digest_of(path), int(owner), list(ALTERATIONS)[int(way)]))
    return found


def _make(known: Sequence[Truth], folder: Path) -> None:
    short = [n for n, truth in enumerate(known) if truth.path.stat().st_size < LONGEST_BYTES]
    for number, way in enumerate(ALTERATIONS):
        random = chance(TESTING, f"altered {way}", 0)
        for owner in random.choice(short, OF_EACH, replace=False):
            samples, rate = altered(known[owner].path, way, random)
            path = folder / f"{owner:04d}_{number:02d}_.wav"
            soundfile.write(path, np.clip(samples, -1, 1), rate, subtype="PCM_16")


def descriptors(paths: Sequence[Path]) -> Values:
    """Return our 64 numbers of each file."""
    from library.audio.hearing.descriptor import descriptor
    from library.audio.hearing.signal import read

    rows = []
    for path in paths:
        signal = read(path)
        rows.append(np.zeros(64) if signal is None else descriptor(signal))
    return np.array(rows, float)


def mfcc(files: Sequence[Truth | Copy]) -> Values:
    """Return the means of librosa's MFCC of each file."""
    return np.array([librosa_recipe.ask("mfcc", one.digest, one.path) for one in files])


def similar(known: Sequence[Truth], ours: Values, theirs: Values | None = None) -> Verdict:
    """Judge whether what is near is of the same class; ours, theirs: numbers of all sounds."""
    shots = [n for n, truth in enumerate(known) if truth.sound_class and not truth.is_loop]
    classes = [known[n].sound_class for n in shots]
    sources = [known[n].source for n in shots]
    verdict = Verdict(
        ours={"similar": (share_alike(ours[shots], classes, sources),)},
        sizes={"similar": len(shots)},
    )
    if theirs is not None:
        verdict.librosa["similar"] = (share_alike(standard(theirs[shots]), classes, sources),)
    return verdict


def found(known: Sequence[Truth], ours: Values, theirs: Values | None = None) -> Verdict:
    """Judge whether an altered copy's original is near; ours, theirs: numbers of all originals."""
    made = copies(known)
    owners = [copy.owner for copy in made]
    rows = descriptors([copy.path for copy in made])
    ways = []
    for way in ALTERATIONS:
        here = [n for n, copy in enumerate(made) if copy.way == way]
        first, five = found_again(rows[here], ours, [owners[n] for n in here])
        ways.append(f"{way} {first:.2f} / {five:.2f}")
    verdict = Verdict(
        ours={"altered": found_again(rows, ours, owners)},
        sizes={"altered": len(made)},
        notes=[f"Copies found, first / among five: {'; '.join(ways)}."],
    )
    if theirs is not None:
        other = found_again(standard(mfcc(made), theirs), standard(theirs), owners)
        verdict.librosa["altered"] = other
    return verdict
