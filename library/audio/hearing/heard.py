"""All that is heard in one sound."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from library.audio.hearing.onsets import Onsets

Halves = npt.NDArray[np.float16]


@dataclass(frozen=True, eq=False)
class Heard:
    """What the audio alone says; confidences lie in 0..1.

    is_loop: or a one-shot. bpm: BPM, of one-shots as well, None where a sound is too short for any;
    bpm_octaves: how likely it, its half or its double is; bpm_alternatives: (BPM, how likely), the
    likeliest first. key, key_second: as `library.keys` writes them, '' for none. tonality: how much
    of it has a pitch. heard_class: of `classes.ONE_SHOTS` or `classes.LOOPS`; coarse: its family.
    descriptor: 64 numbers of its character; rhythm: its onsets over one bar, empty for one-shots;
    fingerprint: what near-duplicates share.
    """

    is_loop: bool
    kind_confidence: float
    bpm: float | None
    bpm_confidence: float
    bpm_octaves: float
    bpm_alternatives: tuple[tuple[float, float], ...]
    key: str
    key_confidence: float
    key_second: str
    tonality: float
    heard_class: str
    class_confidence: float
    class_second: str
    coarse: str
    onsets: Onsets
    descriptor: Halves
    rhythm: Halves
    fingerprint: bytes
