"""Matched loudness in words: what a plan can tell of it, and what came of it.

A sound is brought to its loudness by one gain, without a limiter. Most single hits reach the
ceiling of their peaks first and stay quieter.
"""

from collections.abc import Iterable
from typing import Protocol

from exports.models import Export
from library.audio.level_match import AIM_LOWER_DB
from library.audio.loudness import MOST_BOOST_DB
from library.audio.recipe import Recipe
from library.audio.units import signed
from library.jobs import State
from library.models import Sample

HELD = "limited by peak"  # how a written file says so
FOLD_DB = 3.0  # what folding to mono takes from a loudness: one channel is summed, not two


class Levelling(Protocol):
    """What `outlook` reads of a planned item."""

    @property
    def sample(self) -> Sample | None: ...
    @property
    def recipe(self) -> Recipe: ...


def outlook(items: Iterable[Levelling]) -> list[str]:
    """Return a line that says how many sounds their peaks will hold down, as far as is known."""
    held = [item.recipe for item in items if item.sample and is_held(item.sample, item.recipe)]
    if not held:
        return []
    stay = "stays" if len(held) == 1 else "stay"
    target, ceiling = signed(held[0].loudness_lufs or 0), signed(held[0].peak_dbtp)
    return [f"about {len(held)} {stay} below {target} LUFS: peaks reach {ceiling} dB first"]


def is_held(sample: Sample, recipe: Recipe) -> bool:
    """Tell whether a sound's peak stands in the way of its loudness.

    From the measures of the whole sound in stereo: folding and trimming may change it.
    """
    target, loud, peak = recipe.loudness_lufs, sample.loudness_lufs, sample.true_peak_dbtp
    if target is None or loud is None or peak is None:
        return False
    if recipe.channels == "mono" and (sample.channels or 1) > 1:
        loud -= FOLD_DB
    return peak + min(target - loud, MOST_BOOST_DB) > recipe.peak_dbtp - AIM_LOWER_DB


def result(export: Export) -> str:
    """Say of a finished export how many of its files their peaks have held down, if any."""
    if export.is_open or export.options.get("loudness") != "match":
        return ""
    written = export.items.filter(state=State.COMPLETED)
    changes = list(written.values_list("changes", flat=True))
    held = sum(any(HELD in change for change in each) for each in changes)
    if not held:
        return ""
    count = f"{held} of {len(changes)}"
    if held == 1:
        return f"{count} was limited by its peaks: it is as loud as it can be without a limiter."
    why = "they are as loud as they can be without a limiter."
    return f"{count} were limited by their peaks: {why}"
