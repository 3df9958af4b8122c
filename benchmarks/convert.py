"""Measure conversion: its sound against theory, its speed and memory against what people use today.

    python benchmarks/convert.py [--quick] [--only sound|speed|memory] [--real FOLDER] [--json FILE]
                                   [--quote PAGE ...]

Sox, ffmpeg and the librosa recipe run in the same run, in turns, so that ratios hold where seconds
do not. The first time a corpus is synthesised (corpus.py); it stays in `.cache`. Prints tables in
Markdown and puts them into a page (docs/sound.md) if told to. Ends with status 1 when one of
Padcrate's figures misses its limit.
"""

import argparse
import json
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import corpus, memory, peers, quote, short, sound, speed  # noqa: E402 - found by the line above
from benchmarks.spent import CORES  # noqa: E402
from benchmarks.table import Table  # noqa: E402

REAL = ROOT.parent / "shared" / "data" / "audio"
SECTIONS = ("sound", "speed", "memory")


def processor() -> str:
    """Name the processor."""
    cpuinfo = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in cpuinfo if line.startswith("model name")]
    return names[0] if names else platform.machine()


def heading(programs: tuple[str, ...]) -> str:
    """Say when, where and with what."""
    missing = [name for name in peers.PACKAGES if name not in programs]
    left_out = f"\nLeft out, not installed: {', '.join(missing)}." if missing else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {CORES} cores ({processor()}), "
        f"Python {platform.python_version()}, {peers.versions(programs)}.{left_out}"
    )


def tables(options: argparse.Namespace, programs: tuple[str, ...]) -> list[Table]:
    """Measure what is asked for."""
    wanted = [options.only] if options.only else SECTIONS
    found = []
    with tempfile.TemporaryDirectory(prefix="convert-", dir=corpus.CACHE) as name:
        folder = Path(name)
        if "sound" in wanted:
            found.append(shown(sound.table(folder, programs)))
        if "speed" in wanted:
            rounds = 1 if options.quick else options.rounds
            found += map(shown, speed.tables(folder, programs, rounds, options.real))
        if "memory" in wanted:
            found.append(shown(memory.table(folder, programs)))
    return found


def shown(table: Table) -> Table:
    """Print a table as soon as it is there."""
    print(f"\n{table}\n", flush=True)
    return table


def main() -> int:
    """Print everything; 1 when a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round of everything")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--only", choices=SECTIONS)
    parser.add_argument("--real", type=Path, default=REAL, help="a folder of real sounds")
    parser.add_argument("--json", type=Path, help="write all figures there")
    parser.add_argument("--quote", type=Path, nargs="+", help="put the tables into these pages")
    options = parser.parse_args()
    corpus.CACHE.mkdir(parents=True, exist_ok=True)
    programs = tuple(name for name in peers.PACKAGES if peers.installed(name))
    print(heading(programs), flush=True)
    found = tables(options, programs)
    if options.json:
        report = {"about": heading(programs), "tables": [table.as_dict() for table in found]}
        options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False))
    chosen = short.table(found)
    for page in options.quote or ():
        quote.quote(page, heading(programs), [*found, *([chosen] if chosen else [])])
    missed = [f"{table.title}: {name}" for table in found for name in table.missed]
    for name in missed:
        print(f"MISSED  {name}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
