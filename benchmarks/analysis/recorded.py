"""Recorded sounds and what is known of them, by a manifest; and the same under neutral names."""

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import soundfile

from benchmarks.analysis.marks import Key, key_of

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache" / "analysis"
DEV = ROOT.parent / "shared" / "data"
"""Sounds that are not part of the project; whoever has none measures on generated ones alone."""

REWRITTEN = {".wav": "WAV", ".flac": "FLAC", ".aiff": "AIFF"}
"""Written anew, sample by sample the same, so that nothing but sound is in them."""


@dataclass(frozen=True)
class Truth:
    """One file and what is known of it; '' or None where nothing is."""

    path: Path
    digest: str
    source: str
    bpm: float | None
    key: Key | None
    sound_class: str
    kind: str
    notes: frozenset[str]

    @property
    def is_loop(self) -> bool:
        """Whether it is played round and round."""
        return self.kind == "loop"


def truths(manifest: Path) -> list[Truth]:
    """Read a manifest; paths are relative to its folder."""
    with manifest.open(newline="") as lines:
        return [
            Truth(
                path=manifest.parent / row["path"],
                digest=row["sha256"],
                source=row["source"],
                bpm=float(row["bpm"]) if row["bpm"] else None,
                key=key_of(row["key"]),
                sound_class=row["class"],
                kind=row["kind"],
                notes=frozenset(filter(None, row["note"].split(";"))),
            )
            for row in csv.DictReader(lines)
        ]


def recorded() -> list[Truth]:
    """Return the recorded set, empty where it is not there."""
    manifest = DEV / "manifest.csv"
    return truths(manifest) if manifest.exists() else []


def neutral(known: list[Truth], folder: Path) -> list[Path]:
    """Put every sound into a folder under a number, without the chunks that say more than sound."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for truth in known:
        kind = truth.path.suffix.lower()
        path = folder / f"{truth.digest[:16]}{kind}"
        if not path.exists():
            bare = path.with_suffix(".partial")
            if kind in REWRITTEN:
                _rewrite(truth.path, bare, REWRITTEN[kind])
            else:  # what would lose by being written anew
                shutil.copyfile(truth.path, bare)
            bare.replace(path)
        found.append(path)
    return found


def _rewrite(source: Path, target: Path, form: str) -> None:
    with soundfile.SoundFile(source) as file:
        samples = file.read(dtype="int32" if file.subtype.startswith("PCM") else "float32")
        soundfile.write(target, samples, file.samplerate, file.subtype, format=form)
