"""Generated sounds with known truth: what models learn from, and others to judge them on.

`loops`, `hits`, `chords` and `drumming` take a seed and a count and yield `Made` sounds (arrays in
memory with their truth), the same on every machine. `write` puts them into a folder as files with a
`manifest.csv` of the columns of the recorded set. Nothing here knows the demo crate's synthesis.
"""

from benchmarks.analysis.generator.chords import chords
from benchmarks.analysis.generator.drumming import drumming
from benchmarks.analysis.generator.files import write
from benchmarks.analysis.generator.hits import hits
from benchmarks.analysis.generator.loops import loops
from benchmarks.analysis.generator.made import TESTING, TRAINING, Made
from library.audio.hearing.signal import Collector, Signal

__all__ = [
    "TESTING",
    "TRAINING",
    "Made",
    "chords",
    "drumming",
    "hits",
    "loops",
    "signal_of",
    "write",
]


def signal_of(made: Made) -> Signal:
    """Return what hearing takes of a generated sound; ValueError for a silent one."""
    collector = Collector(made.rate, made.samples.shape[1])
    collector.add(made.samples)
    signal = collector.signal(len(made.samples))
    if signal is None:
        raise ValueError(f"{made.name} is silent.")
    return signal
