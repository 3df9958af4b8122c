"""The rhythm of a loop: how strongly something begins at each sixteenth of a bar."""

import numpy as np
import numpy.typing as npt

from library.audio.hearing.envelope import FRAME_SECONDS, Envelope

Halves = npt.NDArray[np.float16]

STEPS = 16
BEATS = 4
"""In a bar."""

BANDS = 3
COUNT = STEPS * BANDS + 1
"""Numbers of a rhythm: 16 steps of the low band, of the middle, of the high, and the BPM."""


def rhythm(envelope: Envelope, bpm: float, seconds: float) -> Halves:
    """Return the rhythm of a loop that lasts so many seconds (float16, 49 numbers).

    The first 48 are of length 1 together and not negative (all 0 where nothing begins), the last is
    the BPM. The loop starts on the first beat; all its bars are laid over one another, and one that
    is shorter than a bar is played on until the bar is full.
    """
    step = 60 / bpm * BEATS / STEPS
    heard = min(seconds, len(envelope.total) * FRAME_SECONDS)
    count = max(STEPS, int(heard / step + 0.5))
    at = np.arange(count) * step % heard
    edges = np.rint(at[:, None] / FRAME_SECONDS + np.array([-0.5, 0.5]) * step / FRAME_SECONDS)
    bars = np.zeros((STEPS, BANDS))
    for place, (start, end) in enumerate(edges.astype(int)):
        around = np.arange(start, max(end, start + 1)) % len(envelope.bands)
        bars[place % STEPS] += envelope.bands[around].max(axis=0)
    pattern = bars.T.ravel()
    length = float(np.linalg.norm(pattern)) or 1.0
    return np.append(pattern / length, bpm).astype(np.float16)
