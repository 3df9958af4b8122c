"""Generated sounds as files, with a manifest of the columns of the recorded set."""

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path

import soundfile

from benchmarks.analysis.generator.made import Made

COLUMNS = (
    "path", "sha256", "source", "licence", "bpm", "beats", "key", "class", "kind", "note"
)  # fmt: skip
TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")


def key_name(key: tuple[int, bool]) -> str:
    """Spell a key as `F# major`."""
    return f"{TONICS[key[0]]} {'minor' if key[1] else 'major'}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def row(made: Made, path: Path, folder: Path) -> dict[str, str]:
    """Return the manifest's row of a file."""
    return {
        "path": path.relative_to(folder).as_posix(),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "source": "generated",
        "licence": "CC0-1.0",
        "bpm": _number(made.bpm),
        "beats": _number(made.beats),
        "key": key_name(made.key) if made.key else "",
        "class": made.sound_class,
        "kind": made.kind,
        "note": ";".join(made.notes),
    }


def write(sounds: Iterable[Made], folder: Path) -> Path:
    """Write FLAC files and `manifest.csv`; returns the manifest. Onsets go into `onsets.csv`."""
    (folder / "audio").mkdir(parents=True, exist_ok=True)
    manifest = folder / "manifest.csv"
    with manifest.open("w", newline="") as rows, (folder / "onsets.csv").open("w") as onsets:
        table = csv.DictWriter(rows, COLUMNS, lineterminator="\n")
        table.writeheader()
        for made in sounds:
            path = folder / "audio" / f"{made.name}.flac"
            soundfile.write(path, made.samples, made.rate, subtype="PCM_16")
            table.writerow(row(made, path, folder))
            if made.onsets is not None:
                times = ",".join(f"{second:.6f}" for second in made.onsets)
                onsets.write(f"{path.name},{times}\n")
    return manifest
