"""What judging one task gave."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Verdict:
    """ours, librosa: figures by the name of their goal; failures: sounds by task, the worst first.

    sizes: how many sounds stand behind the figures of a goal. notes: sentences beside the table.
    """

    ours: dict[str, tuple[float, ...]] = field(default_factory=dict)
    librosa: dict[str, tuple[float, ...]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    failures: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, other: "Verdict") -> None:
        """Take in what judging another task gave."""
        self.ours |= other.ours
        self.librosa |= other.librosa
        self.sizes |= other.sizes
        self.failures |= other.failures
        self.notes += other.notes


def share(right: Iterable[bool | float]) -> float:
    """Return the mean, 0 of nothing."""
    counted = list(right)
    return float(sum(counted)) / len(counted) if counted else 0.0
