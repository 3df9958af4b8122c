"""Change what a sound consists of: channels folded together."""

from functools import cache

import numpy as np
import numpy.typing as npt

from library.audio.clip import Samples

AT_SIDE = 0.5**0.5
SHARES = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "FC": (AT_SIDE, AT_SIDE),
    "FLC": (1.0, 0.0),
    "FRC": (0.0, 1.0),
    "BL": (AT_SIDE, 0.0),
    "BR": (0.0, AT_SIDE),
    "SL": (AT_SIDE, 0.0),
    "SR": (0.0, AT_SIDE),
    "BC": (AT_SIDE, AT_SIDE),
    "LFE": (0.0, 0.0),
}
"""ITU-R BS.775: left and right share of each place; low frequency effects are dropped."""


@cache
def fold_matrix(places: tuple[str, ...]) -> npt.NDArray[np.float32]:
    """Return channels x 2, scaled so that no mixture can exceed the loudest channel."""
    shares = np.array([SHARES.get(place, (AT_SIDE, AT_SIDE)) for place in places])
    matrix: npt.NDArray[np.float32] = (shares / shares.sum(axis=0).max()).astype(np.float32)
    return matrix


def fold_down(samples: Samples, places: tuple[str, ...]) -> Samples:
    """Mix more than two channels to stereo; one and two stay as they are."""
    if len(places) <= 2:  # noqa: PLR2004 - mono and stereo
        return samples
    return samples @ fold_matrix(places)


def to_mono(samples: Samples) -> Samples:
    """Mean of the channels; two equal ones come out unchanged, bit for bit."""
    if samples.shape[1] == 1:
        return samples
    left, right = samples[:, :1], samples[:, 1:]
    return (left + right) * np.float32(0.5)
