"""How much processor time hearing costs, with decoding and all else that the command does."""

from collections.abc import Sequence
from pathlib import Path

import soundfile

from benchmarks.analysis.ours import analysed
from benchmarks.analysis.recorded import CACHE, Truth, neutral
from benchmarks.analysis.sets import generated
from benchmarks.analysis.verdict import Verdict

LOOP_SECONDS = (4.0, 16.0)
AGAIN = 20


def _each(paths: Sequence[Path]) -> float:
    """Return seconds of processor time a file, without what starting costs."""
    _, once = analysed(paths[:1], "--no-hints", "--jobs", "1")
    _, all_ = analysed(paths, "--no-hints", "--jobs", "1")
    return (all_ - once) / (len(paths) - 1)


def speed(known: Sequence[Truth]) -> Verdict:
    """Time one-shots and loops of 4 to 16 s."""
    paths = neutral(list(known), CACHE / "neutral")
    pairs = list(zip(known, paths, strict=True))
    shots = [path for truth, path in pairs if not truth.is_loop]
    low, high = LOOP_SECONDS
    loops = [path for truth, path in pairs if truth.is_loop and low <= _seconds(path) <= high]
    longest = min((truth.path for truth in generated()), key=lambda p: abs(_seconds(p) - high))
    shot, loop, sixteen = _each(shots), _each(loops), _each([longest] * AGAIN)
    return Verdict(
        ours={"speed": (1 / shot, 1000 * loop)},
        sizes={"speed": len(shots)},
        notes=[
            (
                f"A one-shot takes {1000 * shot:.0f} ms of one core on the mean, "
                f"a loop of {_seconds(longest):.1f} s {1000 * sixteen:.0f} ms (to reach: 500)."
            )
        ],
    )


def _seconds(path: Path) -> float:
    info = soundfile.info(path)
    return float(info.frames / info.samplerate)
