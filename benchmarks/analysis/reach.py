"""The figures to reach (analysis.md §1), one place for the table and for the test."""

from dataclasses import dataclass

DEV, SYNTH, PLACED, DRUMS = "recorded", "generated", "placed hits", "generated drums"


@dataclass(frozen=True)
class Goal:
    """One row: which figures of what, on which set, and how good they are to be.

    at_least: one limit for each figure; lower: those figures are the better the lower. digits: of
    the printed figures.
    """

    task: str
    over: str
    figures: tuple[str, ...]
    limits: tuple[float, ...]
    lower: tuple[bool, ...] = ()
    digits: int = 3

    @property
    def name(self) -> str:
        """Its name in the table."""
        return f"{self.task}, {self.over}"

    def holds(self, found: tuple[float, ...]) -> bool:
        """Tell whether all figures are as good as they are to be."""
        lower = self.lower or (False,) * len(self.limits)
        pairs = zip(found, self.limits, lower, strict=True)
        return all(value <= limit if less else value >= limit for value, limit, less in pairs)

    def text(self, found: tuple[float, ...]) -> str:
        """Print figures."""
        return " / ".join(_plain(value, self.digits) for value in found)

    @property
    def limit_text(self) -> str:
        """Print the limits."""
        lower = self.lower or (False,) * len(self.limits)
        signs = {"≤" if less else "≥" for less in lower}
        if len(signs) == 1:
            return f"{signs.pop()} {self.text(self.limits)}"
        return " / ".join(
            f"{'≤' if less else '≥'} {_plain(limit, self.digits)}"
            for limit, less in zip(self.limits, lower, strict=True)
        )


def _plain(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".removeprefix("0") if 0 < value < 1 else f"{value:.{digits}f}"


TEMPO = ("accuracy 1", "accuracy 2", "right integer")
KEY = ("MIREX", "exact")
ONSETS = ("F ±50 ms", "F ±10 ms", "median error, ms")
LEAST_LAST = (False, False, True)

GOALS = {
    "tempo recorded": Goal("tempo", DEV, TEMPO, (0.80, 0.90, 0.76)),
    "tempo generated": Goal("tempo", SYNTH, TEMPO, (0.87, 0.96, 0.80)),
    "key recorded": Goal("key", DEV, KEY, (0.72, 0.66)),
    "key generated": Goal("key", SYNTH, KEY, (0.74, 0.66)),
    "kind": Goal("one-shot or loop", DEV, ("right",), (0.96,)),
    "class": Goal(
        "class of a one-shot",
        f"{DEV}, LSO",
        ("accuracy", "macro-F1", "kick snare clap hat tom"),
        (0.68, 0.58, 0.79),
    ),
    "coarse": Goal("coarse class", f"{DEV}, LSO", ("right",), (0.89,)),
    "loop class": Goal("class of a loop", f"{DEV}, LSO", ("right",), (0.80,)),
    "onsets placed": Goal("onsets", PLACED, ONSETS, (0.94, 0.91, 1.0), LEAST_LAST),
    "onsets drums": Goal("onsets", DRUMS, ONSETS, (0.92, 0.91, 0.5), LEAST_LAST),
    "similar": Goal("five similar, of the same class", DEV, ("share",), (0.46,)),
    "altered": Goal("altered copy finds its original", DEV, ("first", "among 5"), (0.68, 0.86)),
    "bpm on one-shots": Goal("BPM on a one-shot", DEV, ("share",), (0.03,), (True,)),
    "key on drum loops": Goal("key shown on a drum loop", DEV, ("share",), (0.08,), (True,)),
    "key on hits": Goal("key shown on a drum hit", DEV, ("share",), (0.08,), (True,)),
    "speed": Goal(
        "speed of one core",
        DEV,
        ("one-shots a second", "ms a loop"),
        (25, 150),
        (False, True),
        0,
    ),
}
