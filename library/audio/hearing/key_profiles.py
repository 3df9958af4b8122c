"""How strongly each degree of the scale is heard in a key, as five studies published it.

* Krumhansl and Kessler 1982, "Tracing the dynamic changes in perceived tonal organization in a
  spatial representation of musical keys", Psychological Review 89: ratings of listeners.
* Temperley 1999, "What's key for key? The Krumhansl-Schmuckler key-finding algorithm
  reconsidered", Music Perception 17: the same, corrected by theory.
* Sha'ath 2011, "Estimation of key in digital music recordings", Birkbeck College, London:
  adapted to electronic dance music.
* edma: Faraldo, Gómez, Jordà and Herrera 2016, "Key estimation in electronic dance music",
  ECIR: means of a corpus.
* bgate: Faraldo, Jordà and Herrera 2017, "A multi-profile method for key estimation in EDM",
  AES Conference on Semantic Audio: medians of a corpus, the four lowest set to nothing.
"""

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]

PROFILES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "krumhansl": (
        (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
        (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
    ),
    "temperley": (
        (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0),
        (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0),
    ),
    "shaath": (
        (6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4),
        (6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2),
    ),
    "edma": (
        (1.0, 0.2875, 0.502, 0.4048, 0.605, 0.5614, 0.3205, 0.7966, 0.3159, 0.4506, 0.4202, 0.3889),
        (1.0, 0.3096, 0.4415, 0.5827, 0.3262, 0.4948, 0.2889, 0.7804, 0.4328, 0.2903, 0.5331,
         0.3217),
    ),
    "bgate": (
        (1.0, 0.0, 0.42, 0.0, 0.53, 0.37, 0.0, 0.77, 0.0, 0.38, 0.21, 0.3),
        (1.0, 0.0, 0.36, 0.39, 0.0, 0.38, 0.0, 0.74, 0.27, 0.0, 0.42, 0.23),
    ),
}  # fmt: skip
"""For each: degrees of the major and of the minor key in semitones above the tonic."""


def standardised(values: npt.ArrayLike) -> Values:
    """Return them with mean 0 and length 1 along the last axis, so that a product correlates.

    What does not vary becomes zeros.
    """
    centred = np.asarray(values, np.float64)
    centred = centred - centred.mean(axis=-1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=-1, keepdims=True))
    shape: Values = centred / np.maximum(length, 1e-9)
    return shape


SHAPES = standardised(list(PROFILES.values()))
"""All of them (5 profiles x major, minor x 12 degrees), standardised."""
