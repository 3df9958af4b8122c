"""Drum passages whose every blow is known to the frame."""

from collections.abc import Iterator

import numpy as np

from benchmarks.analysis.generator import patterns, studio
from benchmarks.analysis.generator.kit import Kit
from benchmarks.analysis.generator.made import RATE, Made, between, chance, pick

TOGETHER = 0.02
"""Blows so near to each other (s) are heard as one, at the time of the first."""


def merged(seconds: np.ndarray, gap: float = TOGETHER) -> np.ndarray:
    """Return times without those that follow another within the gap; seconds, rising."""
    kept: list[float] = []
    for second in np.sort(seconds):
        if not kept or second - kept[-1] > gap:
            kept.append(float(second))
    return np.array(kept)


def passage(seed: int, number: int) -> Made:
    """Make one; it keeps the rate and has neither codec nor wow, so that times stay exact."""
    random = chance(seed, "drumming", number)
    style = str(pick(random, patterns.USUAL))
    bpm = patterns.tempo(random, style)
    rhythm = patterns.rhythm(random, style, int(pick(random, {1: 1, 2: 3, 4: 1})))
    frames_a_beat = 60 * RATE / bpm
    frames = round(rhythm.beats * frames_a_beat)
    line, at = Kit(random).play(patterns.played(rhythm), frames_a_beat, frames)
    line = line[:frames]
    if random.random() < 0.4:
        line = studio.room(random, line, between(random, 0.02, 0.3))
    line = studio.worn(random, studio.mixed(random, line))
    return Made(
        name=f"drumming_{number:04d}",
        samples=studio.levelled(random, studio.stereo(random, line)).astype(np.float32),
        rate=RATE,
        kind="loop",
        sound_class="drums",
        bpm=bpm,
        beats=float(rhythm.beats),
        onsets=merged(at / RATE),
        group=f"drumming: {style}",
        notes=("odd_meter",) if rhythm.meter == 3 else (),
    )


def drumming(seed: int, count: int) -> Iterator[Made]:
    """Make so many passages."""
    return (passage(seed, number) for number in range(count))
