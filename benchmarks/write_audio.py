"""Time writing arrays as sound files, and reading the facts of those: milliseconds and ratios.

    python benchmarks/write_audio.py [--rounds N] [--rate HZ]

Sounds of 16 s; processor time, one BLAS thread as in the product. Beside each stands what people
write by hand, in turns with ours: `soundfile.write` alone; the same after a gain to a mean level
(RMS, held down by the highest sample), which is no loudness; `soundfile.info`; reading, peak and
RMS with NumPy. Ends with status 1 when one of our medians misses its limit.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

for library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402 - it must find one thread
import soundfile  # noqa: E402

from benchmarks.table import Table  # noqa: E402
from library.audio import read_metadata, write_audio, write_audio_batch  # noqa: E402

SECONDS = 16
FILES = 10
LIMITS = {"mono": 50, "stereo": 60}
"""Milliseconds for writing without a loudness."""

NAIVE_RMS = 10 ** (-16 / 20)
NAIVE_PEAK = 10 ** (-1 / 20)


@dataclass(frozen=True)
class Trial:
    """One thing to time: ours, what people do by hand, the limit in ms."""

    name: str
    limit: float
    ours: Callable[[], object]
    naive: Callable[[], object]
    plain: Callable[[], object] | None = None


def music(rate: int, channels: int) -> np.ndarray:
    """Return hits over noise, float32, frames x channels."""
    moments = np.arange(SECONDS * rate) / rate
    hits = np.sin(2 * np.pi * 220 * moments) * np.exp(-4 * (moments % 0.5))
    noise = np.random.default_rng(404).normal(0, 0.05, (moments.size, channels))
    return (0.5 * hits[:, None] + noise).astype(np.float32)


def by_hand(samples: np.ndarray, path: Path, rate: int) -> None:
    """Bring the mean level to -16 dBFS, the highest sample to -1 dBFS at most, and write."""
    rms, peak = np.sqrt(np.mean(samples**2)), np.abs(samples).max()
    soundfile.write(path, samples * min(NAIVE_RMS / rms, NAIVE_PEAK / peak), rate, "PCM_16")


def looked_at(path: Path) -> tuple[float, float]:
    """Return peak and RMS of a file."""
    samples, _ = soundfile.read(path, dtype="float32")
    return float(np.abs(samples).max()), float(np.sqrt(np.mean(samples**2)))


def writing(samples: np.ndarray, name: str, folder: Path, rate: int) -> list[Trial]:
    """Return what is to be done with one sound."""
    path = folder / "out.wav"

    def plain() -> None:
        soundfile.write(path, samples, rate, "PCM_16")

    return [
        Trial(
            f"write, {name}, level kept",
            LIMITS[name],
            lambda: write_audio(samples, path, rate, normalize=False),
            plain,
            plain,
        ),
        Trial(
            f"write, {name}, −16 LUFS",
            150,
            lambda: write_audio(samples, path, rate),
            lambda: by_hand(samples, path, rate),
            plain,
        ),
    ]


def several(samples: np.ndarray, folder: Path, rate: int) -> Trial:
    """Return the same for many files."""
    paths = [folder / f"{number}.wav" for number in range(FILES)]

    def all_by_hand() -> None:
        for path in paths:
            by_hand(samples, path, rate)

    def plain() -> None:
        for path in paths:
            soundfile.write(path, samples, rate, "PCM_16")

    return Trial(
        f"write {FILES} stereo files, −16 LUFS",
        1500,
        lambda: write_audio_batch([samples] * FILES, paths, rate),
        all_by_hand,
        plain,
    )


def facts(samples: np.ndarray, name: str, folder: Path, rate: int) -> list[Trial]:
    """Write a sound and return what is to be found out about its file."""
    path, _ = write_audio(samples, folder / f"{name}.wav", rate)
    return [
        Trial(
            f"facts, {name}, basic",
            5,
            lambda: read_metadata(path, bpm=False, stats=False),
            lambda: soundfile.info(path),
        ),
        Trial(
            f"facts, {name}, with statistics",
            15,
            lambda: read_metadata(path, bpm=False),
            lambda: looked_at(path),
        ),
    ]


def trials(folder: Path, rate: int) -> list[Trial]:
    """Make the sounds and return all that is to be done with them."""
    mono, stereo = music(rate, 1), music(rate, 2)
    return [
        *writing(mono, "mono", folder, rate),
        *writing(stereo, "stereo", folder, rate),
        several(stereo, folder, rate),
        *facts(mono, "mono", folder, rate),
        *facts(stereo, "stereo", folder, rate),
    ]


def milliseconds(act: Callable[[], object]) -> float:
    """Return the processor time of one call: on a free core the clock shows the same.

    But for the wait until the disk has a file, some ms, which writing by hand does not do.
    """
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1000


def timed(trial: Trial, rounds: int) -> dict[str, float]:
    """Return the medians of all, taken in turns after one that warms up."""
    acts = {"ours": trial.ours, "naive": trial.naive, "plain": trial.plain}
    times: dict[str, list[float]] = {name: [] for name in acts}
    for turn in range(rounds + 1):
        for name, act in acts.items():
            if act is not None:
                spent = milliseconds(act)
                if turn:
                    times[name].append(spent)
    return {name: statistics.median(spent) for name, spent in times.items() if spent}


def main() -> int:
    """Print the table; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--rate", type=int, default=48_000)
    options = parser.parse_args()
    table = Table(
        f"Arrays: {SECONDS} s at {options.rate / 1000:g} kHz, processor time",
        ("", "Padcrate, ms", "limit, ms", "by hand, ms", "× by hand", "× soundfile.write"),
    )
    with tempfile.TemporaryDirectory(prefix="arrays-") as name:
        for trial in trials(Path(name), options.rate):
            spent = timed(trial, options.rounds)
            ours = spent["ours"]
            table.add(
                trial.name,
                f"{ours:.2f}",
                f"{trial.limit:g}",
                f"{spent['naive']:.2f}",
                f"{ours / spent['naive']:.1f}",
                f"{ours / spent['plain']:.1f}" if "plain" in spent else "–",
                holds=ours < trial.limit,
            )
    print(table)
    for missed in table.missed:
        print(f"MISSED  {missed}")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
