"""The key of a sound: 24 candidates, each described by what is heard from its tonic."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from library import keys
from library.audio.hearing.chroma import NAMES, chromas
from library.audio.hearing.key_profiles import PROFILES, SHAPES, standardised
from library.audio.hearing.model import FOLDER, Logit
from library.audio.hearing.signal import LOW_RATE, Signal

Values = npt.NDArray[np.float64]

MODEL = FOLDER / "key.npz"
MODES = ("major", "minor")
COMPARED = ("full", "below_1k", "root", "peaky")
"""The chromas that are held against the profiles."""

_ROWS = [NAMES.index(name) for name in COMPARED]
_DEGREES = (np.arange(12)[:, None] + np.arange(12)) % 12
"""For each tonic the pitch classes of its twelve degrees."""

FEATURES = (
    *(f"{mode} {name} {degree}" for mode in MODES for name in NAMES for degree in range(12)),
    *(f"{name} as {profile}" for name in COMPARED for profile in PROFILES),
    "minor",
)
"""Names of the 237 numbers of a candidate."""


def features(heard: Values) -> Values:
    """Return the candidates' numbers (24 x 237) from chromas (9 x 12).

    Candidate 12 minor + tonic. All are taken from the tonic upwards, so a transposed sound gives
    the same rows in another order.
    """
    turned = heard[:, _DEGREES].transpose(1, 0, 2)
    degrees = turned.reshape(12, -1)
    shapes = standardised(turned[:, _ROWS])
    rows = np.zeros((2, 12, len(FEATURES)))
    size = degrees.shape[1]
    for mode in range(2):
        rows[mode, :, mode * size : (mode + 1) * size] = degrees
        likeness = np.einsum("trd,pd->trp", shapes, SHAPES[:, mode])
        rows[mode, :, 2 * size : -1] = likeness.reshape(12, -1)
    rows[1, :, -1] = 1
    return rows.reshape(24, -1)


@dataclass(frozen=True)
class Key:
    """A key: tonic 0..11 from C, major or minor, None of all three where nothing has a pitch.

    confidence: how likely it is, 0..1; second: the next likeliest (tonic, is it minor); tonality:
    how much of the sound is tones, 0..1.
    """

    tonic: int | None
    is_minor: bool
    confidence: float
    second: tuple[int, bool] | None
    tonality: float

    @property
    def name(self) -> str:
        """It as `library.keys` writes it, '' for none."""
        return "" if self.tonic is None else keys.named(self.tonic, is_minor=self.is_minor)

    @property
    def second_name(self) -> str:
        """The runner-up, likewise."""
        return "" if self.second is None else keys.named(self.second[0], is_minor=self.second[1])


NO_KEY = Key(None, is_minor=False, confidence=0.0, second=None, tonality=0.0)


@cache
def model() -> Logit:
    """Return the trained weights."""
    return Logit.read(MODEL)


def chosen(pitches: Values, tonality: float, weights: Logit) -> Key:
    """Return the likeliest key of chromas (9 x 12)."""
    if not pitches.any():
        return NO_KEY
    masses = weights.masses(features(pitches))
    second, first = (divmod(int(each), 12) for each in np.argsort(masses, kind="stable")[-2:])
    return Key(
        tonic=first[1],
        is_minor=bool(first[0]),
        confidence=float(masses.max()),
        second=(second[1], bool(second[0])),
        tonality=tonality,
    )


def key(signal: Signal) -> Key:
    """Return the key of a sound; that of drums has little tonality."""
    heard = chromas(signal.mono, LOW_RATE)
    return chosen(heard.chromas, heard.tonality, model())
