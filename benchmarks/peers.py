"""Who converts: Padcrate, and what people use today, each as a command line.

A peer gets the rate, the width and nothing else: its defaults are what people hear. What is not
installed is installed where apt and the right to use it are there, and otherwise left out by name.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import soundfile

from benchmarks import corpus
from benchmarks.spent import CORES, Errand
from library.audio import shell
from tests.targets import CannotDo

ROOT = Path(__file__).resolve().parent.parent
HERE = ROOT / "benchmarks"
PACKAGES = {"sox": ("sox", "libsox-fmt-mp3"), "ffmpeg": ("ffmpeg",)}
SOX_PLUGIN = "mp3"
KINDS = {".wav", ".aiff", ".aif", ".flac", ".mp3", ".ogg", ".m4a"}
ONE_THREAD = dict.fromkeys(shell.ONE_THREAD, "1")
"""What we set for ourselves: idle threads of BLAS wait actively, and nobody needs them here."""
LEVELLED = ("--lufs", "-16")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

Pairs = Iterable[tuple[Path, Path]]


@dataclass(frozen=True)
class Set:
    """Sounds to convert: whole folders, or single files."""

    name: str
    folders: Sequence[Path]

    @property
    def files(self) -> list[Path]:
        """All sounds below the folders."""
        found = (path for each in self.folders for path in sorted(each.rglob("*")) or [each])
        return [path for path in found if path.suffix.lower() in KINDS]

    def pairs(self, target: Path) -> list[tuple[Path, Path]]:
        """Each sound with the file it becomes, numbered in one folder."""
        return [(path, target / f"{number:04d}.wav") for number, path in enumerate(self.files)]


# ── Ours ────────────────────────────────────────────────────────────────────


def ours(sounds: Set, target: Path, *options: str) -> Errand:
    """`manage.py convert` of a set."""
    command = [sys.executable, ROOT / "manage.py", "convert", *sounds.folders, target, *options]
    return Errand(command, environment={"PADCRATE_DATA": str(corpus.CACHE / "data")})


def convert_ours(source: Path, target: Path, lufs: float | None) -> None:
    """One file, in this process."""
    from library.audio.convert import convert
    from library.audio.recipe import Recipe

    convert(source, target, Recipe(loudness_lufs=lufs))


# ── Peers that are programs ─────────────────────────────────────────────────


def sox_line(source: Path, target: Path) -> list[str]:
    """Arguments of sox: its own resampler, its own dither."""
    return ["-V1", str(source), "-r", "48000", "-b", "16", str(target)]


def ffmpeg_line(source: Path, target: Path, *filters: str) -> list[str]:
    """Arguments of ffmpeg: its own resampler, no dither."""
    start = ["-nostdin", "-v", "error", "-y", "-i", str(source), *filters]
    return [*start, "-ar", "48000", "-c:a", "pcm_s16le", str(target)]


def through_xargs(
    program: str, line: Callable[..., list[str]], pairs: Pairs, jobs: int = 1
) -> Errand:
    """One process of a program per file, so many at a time."""
    lines = [line(source, target) for source, target in pairs]
    feed = "".join(f"{word}\0" for words in lines for word in words)
    command = ["xargs", "-0", "-n", str(len(lines[0])), "-P", str(jobs), program]
    return Errand(command, feed.encode())


def convert_sox(source: Path, target: Path, lufs: float | None) -> None:
    """One file; sox has no loudness by BS.1770."""
    if lufs is not None:
        raise CannotDo("no such option")
    subprocess.run(["sox", *sox_line(source, target)], check=False, **QUIET)


def convert_ffmpeg(source: Path, target: Path, lufs: float | None) -> None:
    """One file; loudness by its filter in one pass."""
    filters = () if lufs is None else ("-af", f"loudnorm=I={lufs:g}:TP=-1")
    subprocess.run(["ffmpeg", *ffmpeg_line(source, target, *filters)], check=False, **QUIET)


# ── Peers in Python ─────────────────────────────────────────────────────────


def naive(pairs: Pairs) -> Errand:
    """The librosa recipe, all files in one process."""
    feed = "".join(f"{source}\t{target}\n" for source, target in pairs)
    return Errand([sys.executable, HERE / "naive.py"], feed.encode(), ONE_THREAD)


def convert_naive(source: Path, target: Path, lufs: float | None) -> None:
    """One file, in this process."""
    from benchmarks.naive import convert

    if lufs is not None:
        raise CannotDo("no such option")
    with warnings.catch_warnings(), contextlib.suppress(Exception):  # no file says the same
        warnings.simplefilter("ignore")
        convert(str(source), str(target))


def floor(pairs: Pairs) -> Errand:
    """Reading, bare soxr and writing, all files in one process."""
    lines = []
    for source, target in pairs:
        rate, channels, frames = shape(source)
        lines.append(f"{source}\t{target}\t{rate}\t{channels}\t{frames}\n")
    return Errand([sys.executable, HERE / "floor.py"], "".join(lines).encode(), ONE_THREAD)


def shape(path: Path) -> tuple[int, int, int]:
    """Rate, channels and frames of a sound."""
    if path.suffix != ".m4a":
        info = soundfile.info(path)
        return info.samplerate, info.channels, info.frames
    plan = next(plan for plan in corpus.plans() if plan.path.parts[-2:] == path.parts[-2:])
    return plan.rate, plan.channels, round(plan.seconds * plan.rate)


# ── Which of them are here ──────────────────────────────────────────────────


def _install(packages: Sequence[str]) -> None:
    """Ask apt quietly, as root or by sudo without a password."""
    apt = shutil.which("apt-get")
    right = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if apt is None or (right and shutil.which("sudo") is None):
        return
    install = [*right, apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(install, check=False, **QUIET).returncode:
        subprocess.run([*right, apt, "update", "-qq"], check=False, **QUIET)
        subprocess.run(install, check=False, **QUIET)


def installed(program: str) -> bool:
    """Tell whether a program is here, after having tried to get it."""
    here = shutil.which(program) is not None
    if not here or (program == "sox" and SOX_PLUGIN not in _said("sox", "--help")):
        _install(PACKAGES[program])
    return shutil.which(program) is not None


def _said(*command: str) -> str:
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout


def versions(programs: Iterable[str]) -> str:
    """Name programs and packages that take part, with their versions."""
    from importlib.metadata import version

    found = [_said("sox", "--version").split()[-1:], _said("ffmpeg", "-version").split()[2:3]]
    named = [
        f"{program} {words[0].lstrip('v')}"
        for program, words in zip(("sox", "ffmpeg"), found, strict=True)
        if program in programs
    ]
    named += [f"{name} {version(name)}" for name in ("librosa", "soxr", "numpy", "soundfile", "av")]
    return ", ".join([*named, f"libsndfile {soundfile.__libsndfile_version__}"])


def jobs_name() -> str:
    """How the parallel ffmpeg is called."""
    return f"ffmpeg, xargs -P{CORES}"
