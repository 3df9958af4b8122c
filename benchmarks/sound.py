"""The sound of the files that each converter writes, by the measurements of our own tests."""

from pathlib import Path

from benchmarks import peers
from benchmarks.table import Table
from tests.targets import TARGETS, CannotDo, Target, Through

BESIDE = {
    "sox": peers.convert_sox,
    "ffmpeg": peers.convert_ffmpeg,
    "librosa recipe": peers.convert_naive,
}
NOTE = (
    "✗: beyond the limit. Rounding without dither measures lower in THD+N and gives it back as "
    "distortion of what is soft; the alias rows of the librosa recipe show that too, not its "
    "resampler, which is ours. ffmpeg brings to a loudness by changing the gain within the sound."
)


def _cell(target: Target, through: Through) -> tuple[str, bool]:
    """Measure; the figure, marked where it misses the limit, or why there is none."""
    try:
        figure = target.measure(through)
    except CannotDo as error:
        return str(error), False
    holds = target.holds(figure)
    text = f"{figure:.{target.digits}f}"
    return text if holds else f"{text} ✗", holds


def table(folder: Path, programs: tuple[str, ...]) -> Table:
    """Put each converter that is here through each measurement."""
    beside = {name: to for name, to in BESIDE.items() if " " in name or name in programs}
    found = Table("Sound", ("what is measured", "unit", "limit", "Padcrate", *beside))
    ours = Through(folder, peers.convert_ours)
    for target in TARGETS:
        mine, holds = _cell(target, ours)
        theirs = [_cell(target, Through(folder, convert))[0] for convert in beside.values()]
        found.add(target.name, target.unit, target.limit, mine, *theirs, holds=holds)
    found.notes.append(NOTE)
    return found
