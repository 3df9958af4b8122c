"""Small trained models as plain arrays: a choice among candidates, and classes."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

FOLDER = Path(__file__).with_name("models")
"""Where the arrays lie, each beside a text that says where it comes from."""


def softmax(scores: Values) -> Values:
    """Return e^score over its sum along the last axis."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Values = raised / raised.sum(axis=-1, keepdims=True)
    return shares


@dataclass(frozen=True)
class Logit:
    """A conditional logit: softmax of one linear score over the candidates of a sound.

    names: of the features; mean, scale, weights: one number a feature.
    """

    names: tuple[str, ...]
    mean: Values
    scale: Values
    weights: Values

    def masses(self, features: Values) -> Values:
        """Return how likely each candidate is (candidates x features -> candidates, sum 1)."""
        return softmax((features - self.mean) / self.scale @ self.weights)

    def write(self, path: Path) -> None:
        """Write it; the same numbers give the same bytes."""
        with path.open("wb") as file:
            np.savez(
                file,
                names=np.array(self.names),
                mean=self.mean,
                scale=self.scale,
                weights=self.weights,
            )

    @classmethod
    def read(cls, path: Path) -> "Logit":
        """Read what `write` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            names = tuple(str(name) for name in stored["names"])
            return cls(names, stored["mean"], stored["scale"], stored["weights"])


@dataclass(frozen=True)
class Softmax:
    """Softmax regression over classes, on features clipped to what training has seen.

    classes: their names; low, high, mean, scale: one number a feature; weights: classes x features;
    bias: one a class. Standardised features are clipped to ±limit.
    """

    classes: tuple[str, ...]
    low: Values
    high: Values
    mean: Values
    scale: Values
    weights: Values
    bias: Values
    limit: float = 4.0

    def standardised(self, features: Values) -> Values:
        """Return features as the weights expect them (same shape)."""
        inside = (np.clip(features, self.low, self.high) - self.mean) / self.scale
        return np.clip(inside, -self.limit, self.limit)

    def probabilities(self, features: Values) -> Values:
        """Return how likely each class is (… x features -> … x classes, sum 1)."""
        return softmax(self.standardised(features) @ self.weights.T + self.bias)

    def write(self, path: Path) -> None:
        """Write it; the same numbers give the same bytes."""
        with path.open("wb") as file:
            np.savez(
                file,
                classes=np.array(self.classes),
                low=self.low,
                high=self.high,
                mean=self.mean,
                scale=self.scale,
                weights=self.weights,
                bias=self.bias,
                limit=np.array(self.limit),
            )

    @classmethod
    def read(cls, path: Path) -> "Softmax":
        """Read what `write` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            numbers = {
                key: stored[key] for key in ("low", "high", "mean", "scale", "weights", "bias")
            }
            classes = tuple(str(name) for name in stored["classes"])
            return cls(classes, limit=float(stored["limit"]), **numbers)
