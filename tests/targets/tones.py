"""What a converter makes of steady tones."""

from functools import cache, partial

import numpy as np

from library.audio.units import db_to_gain
from tests import measure, sounds
from tests.targets.through import RATE, STEPS, CannotDo

STEADY = 2.0
"""Seconds of each step of a staircase of tones that are measured."""
EDGE = 0.15
"""Seconds left out before and after: the tone comes and goes smoothly there."""


@cache
def staircase(rate, tones, peak_db=-1.0):
    """One tone after the other, each fading in and out: one file instead of twenty."""
    frames = round((STEADY + 2 * EDGE) * rate)
    rise = np.minimum(np.arange(frames), np.arange(frames)[::-1]) / (0.7 * EDGE * rate)
    envelope = np.sin(np.pi / 2 * np.minimum(rise, 1)) ** 2 * db_to_gain(peak_db)
    radians = 2 * np.pi / rate * np.arange(frames)
    steps = [envelope * np.sin(hz * radians) for hz in tones]
    return np.concatenate(steps)[:, None].astype(np.float32)


def steps_of(line, tones):
    """Give each tone with its steady part in the output."""
    length = round((STEADY + 2 * EDGE) * RATE)
    for number, hz in enumerate(tones):
        start = number * length + round(EDGE * RATE)
        yield hz, line[start : start + round(STEADY * RATE)]


def tones_to_nyquist(rate, count=20):
    """Tones over the whole range of a rate, close together under its end.

    137 Hz off the places where a tone and its own image would fall together.
    """
    even = np.linspace(0.01, 0.96, count - 4)
    close = np.array([0.97, 0.98, 0.985, 0.99])
    return tuple(int(share * rate / 2 // 300 * 300 + 137) for share in (*even, *close))


BAND = (20, 100, 1_000, 5_000, 10_000, 15_000, 17_500, 19_000, 20_000)


def passband(through):
    """Largest deviation in dB from 20 Hz to 20 kHz."""
    worst = 0.0
    for rate in (44_100, 48_000, 88_200, 96_000):
        line = through.line(staircase(rate, BAND), rate)
        levels = [measure.level(part, hz) for hz, part in steps_of(line, BAND)]
        worst = max(worst, np.abs(np.array(levels) + 1).max())
    return worst


def images(rate, through):
    """Loudest image of any tone up to the end of a rate's range, relative to the tone, in dB."""
    steps = tones_to_nyquist(rate)
    line = through.line(staircase(rate, steps), rate)
    return max(measure.worst_image(part, hz, rate) for hz, part in steps_of(line, steps)) + 1


def images_by_rate(rates):
    """Give each rate with its measurement."""
    return [(rate, partial(images, rate)) for rate in rates]


# ── One tone ────────────────────────────────────────────────────────────────


@cache
def tone(hz, peak_db, rate, seconds=8):
    """A steady sine that begins at phase 0."""
    return sounds.sine(hz, frames=seconds * rate, rate=rate, peak_db=peak_db)


def middle(line):
    """Without a second at each end."""
    return line[RATE:-RATE]


def gain(through):
    """Deviation at 1 kHz in dB."""
    line = middle(through.line(tone(1_000, -1, 44_100), 44_100))
    return abs(measure.level(line, 1_000) + 1)


def thd_and_noise(through):
    """Everything but the tone."""
    line = middle(through.line(tone(997, -1, 44_100), 44_100))
    return measure.noise_and_distortion(line, 997)


def spur(through):
    """Worst line beside the tone."""
    line = middle(through.line(tone(997, -1, 44_100), 44_100))
    return measure.worst_spur(line, 997)


def quiet_level(through):
    """Error of the level of a sine a third of a step high, in dB."""
    line = middle(through.line(tone(997, -100, 44_100), 44_100))
    return measure.level(line, 997) + 100


def quiet_harmonics(through):
    """Loudest of its harmonics 2 to 10, relative to it as it was."""
    line = middle(through.line(tone(997, -100, 44_100), 44_100))
    if not line.any():
        raise CannotDo("silent")
    tones, _, _ = measure.fit(line, [997 * order for order in range(1, 11)])
    return measure.decibels(np.abs(tones[1:]).max()) + 100


def delayed(through):
    """Frames by which a tone comes late or early."""
    worst = 0.0
    for rate in (22_050, 44_100, 96_000):
        line = through.line(tone(100, -1, rate), rate)
        worst = max(worst, abs(measure.delay(middle(line), 100)))
    return worst


def direct_current(through):
    """Constant added to a sound that has one of its own, in steps."""
    worst = 0.0
    for rate in (44_100, 48_000):
        samples = tone(997, -20, rate) + np.float32(0.01)
        line = middle(through.line(samples, rate))
        worst = max(worst, abs(measure.fit(line, [997])[1] - 0.01) * STEPS)
    return worst
