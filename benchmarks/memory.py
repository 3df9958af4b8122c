"""How much memory conversion takes: the largest process (VmHWM) and all together (PSS)."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks import corpus, peers
from benchmarks.peers import Set
from benchmarks.spent import CORES, MEGABYTE, Errand, watch
from benchmarks.table import Table

WITHOUT_AV, WITH_AV, TREE = 64, 90, 120
"""Limits in MB: of a worker that never needed PyAV, of one that did, of two workers' tree."""
MP4 = {"aac", "alac"}


def table(folder: Path, programs: Sequence[str]) -> Table:
    """Watch each errand once."""
    everything = sorted(corpus.corpus().iterdir())
    without = Set("", [path for path in everything if path.name not in MP4])
    whole, target = Set("", everything), folder / "out"
    long = Set("", [corpus.long_file()])
    one = folder / "long.wav"
    jobs = ("--jobs", str(CORES))
    loud = peers.LEVELLED
    rows: list[tuple[str, Errand, int, int]] = [
        ("corpus without M4A", peers.ours(without, target, *jobs), WITHOUT_AV, TREE),
        ("corpus", peers.ours(whole, target, *jobs), WITH_AV, TREE),
        ("corpus to −16 LUFS", peers.ours(whole, target, *jobs, *loud), WITH_AV, 0),
        ("the same without M4A", peers.ours(without, target, *jobs, *loud), WITHOUT_AV, TREE),
        ("10 min at 96 kHz", peers.ours(long, target, "--jobs", "1"), WITHOUT_AV, 0),
        ("10 min to −16 LUFS", peers.ours(long, target, "--jobs", "1", *loud), WITHOUT_AV, 0),
    ]
    pair = [(long.files[0], one)]
    if "sox" in programs:
        rows.append(("10 min, sox", peers.through_xargs("sox", peers.sox_line, pair), 0, 0))
    if "ffmpeg" in programs:
        rows.append(
            ("10 min, ffmpeg", peers.through_xargs("ffmpeg", peers.ffmpeg_line, pair), 0, 0)
        )
    rows.append(("10 min, librosa recipe", peers.naive(pair), 0, 0))
    found = Table("Memory", ("what", "largest process, MB", "all together, MB", "cpu s"))
    for name, errand, process_limit, tree_limit in rows:
        target.mkdir(exist_ok=True)
        spent, memory = watch(errand)
        process, held = _megabytes(memory.process, process_limit)
        tree, together = _megabytes(memory.tree, tree_limit if CORES == 2 else 0)  # noqa: PLR2004 - its limit is for two
        found.add(name, process, tree, f"{spent.cpu:.2f}", holds=held and together)
        shutil.rmtree(target)
    return found


def _megabytes(size: int, limit: int) -> tuple[str, bool]:
    holds = not limit or size <= limit * MEGABYTE
    bound = f" (≤ {limit})" if limit else ""
    return f"{size / MEGABYTE:.0f}{bound}{'' if holds else ' ✗'}", holds
