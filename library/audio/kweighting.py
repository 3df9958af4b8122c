"""K-weighting (ITU-R BS.1770-4, annex 1) as products of matrices.

The two filters in a row are one system with four states: state' = state A + input B, output =
state C + input D. Over blocks of 32 frames its impulse response becomes a 32 x 32 matrix, and what
a block leaves behind and what it finds become narrow ones. The states between blocks are a second,
far smaller system of the same kind; two levels of it reach over 400 ms without a loop.

The states are turned into the basis in which white noise of variance 1 gives each of them variance
1 and no correlation, so float32 is enough (Moore, IEEE Trans. AC-26 (1981): input-normal form).
"""

import math
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from library.audio.clip import Samples
from library.audio.units import RATE

SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (-1.69065929318241, 0.73248077421585),
)
"""Effect of the head: numerator, denominator without its leading 1, at 48 kHz (table 1)."""

HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
"""The revised low-frequency B curve at 48 kHz (table 2)."""

BLOCK = 32
"""Frames per row of the first product."""

RUN = 25
"""Blocks per row of the second."""

RUNS = 24
"""Rows of the second product per row of the third."""

STEP = BLOCK * RUN
"""Frames that can be weighted, or any multiple of them."""

LONGEST = STEP * RUNS
"""Frames that can be weighted at once: 19,200 (400 ms at 48 kHz)."""

FAINTEST = 1e-30
"""States below this are silence; numbers that float32 can hardly hold would slow the products."""

Matrix = npt.NDArray[np.float64]

Section = tuple[tuple[float, ...], tuple[float, ...]]
"""Numerator, and denominator without its leading 1."""


class System(NamedTuple):
    """A filter by its states: A (states x states), B (1 x states), C (states x 1), D."""

    step: Matrix
    enter: Matrix
    leave: Matrix
    through: float


def _at_rate(section: Section, rate: int) -> Section:
    """Return a filter of the standard's tables for another rate.

    Back to the analogue filter by the bilinear transform, w = (1 - 1/z) / (1 + 1/z), and down again
    at the rate, so that the frequency of its poles stays where it is. Near half of the rate it
    bends: a tone of 1 kHz weighs 0.2 dB too little at 8 kHz, 0.6 dB at 4 kHz.
    """
    if rate == RATE:
        return section
    polynomials = np.array([section[0], (1.0, *section[1])])
    turn = np.array([[1, 1, 1], [2, 0, -2], [1, -1, 1]])  # powers of 1/z -> powers of w
    analogue = polynomials @ turn.T
    bend = math.sqrt(analogue[1, 0] / analogue[1, 2])  # tan(pi hertz / rate) of the poles
    stretch = bend / math.tan(math.atan(bend) * RATE / rate)
    back = analogue * stretch ** np.arange(3) @ np.linalg.inv(turn).T
    numerator, denominator = back / back[1, 0]
    return tuple(numerator.tolist()), tuple(denominator[1:].tolist())


def _section(numerator: tuple[float, ...], denominator: tuple[float, ...]) -> System:
    """Return one second-order filter, transposed direct form II."""
    through, *zeros = numerator
    enter = np.array(zeros) - through * np.array(denominator)
    step = np.array([[-denominator[0], -denominator[1]], [1.0, 0.0]])
    return System(step, enter[None, :], np.array([[1.0], [0.0]]), through)


def _in_series(first: System, second: System) -> System:
    none = np.zeros((2, 2))
    return System(
        np.block([[first.step, first.leave @ second.enter], [none, second.step]]),
        np.hstack((first.enter, first.through * second.enter)),
        np.vstack((first.leave * second.through, second.leave)),
        first.through * second.through,
    )


def _unit_variance(system: System) -> System:
    """Turn the states' basis so that white noise makes them white too."""
    size = len(system.step)
    spread = np.eye(size * size) - np.kron(system.step.T, system.step.T)
    covariance = np.linalg.solve(spread, (system.enter.T @ system.enter).reshape(-1))
    turn = np.linalg.cholesky(covariance.reshape(size, size)).T
    back = np.linalg.inv(turn)
    return System(
        turn @ system.step @ back, system.enter @ back, turn @ system.leave, system.through
    )


@cache
def filters(rate: int = RATE) -> System:
    """Return both filters at a rate (Hz) in a row as one system of four states."""
    shelf, high_pass = (_section(*_at_rate(each, rate)) for each in (SHELF, HIGH_PASS))
    return _unit_variance(_in_series(shelf, high_pass))


class Level(NamedTuple):
    """How states pass along a row of places, each of which adds something to them.

    `added` (4n x 4(n+1)): what all places added -> the states before each place and after the last.
    `found` (4 x 4(n+1)): the state before the first place -> the same.
    """

    added: Samples
    found: Samples


def _level(step: Matrix, places: int) -> Level:
    powers = [np.linalg.matrix_power(step, n) for n in range(places + 1)]
    size = len(step)
    added = np.zeros((places, size, places + 1, size))
    for place in range(places):
        for later in range(place + 1, places + 1):
            added[place, :, later] = powers[later - place - 1]
    flat = added.reshape(places * size, -1)
    return Level(flat.astype(np.float32), np.hstack(powers).astype(np.float32))


class Products(NamedTuple):
    """The matrices of one pass.

    `output` (32 x 32) and `leave` (4 x 32): a block and the state before it -> what comes out.
    `enter` (32 x 4): a block -> what it adds to the state. `within`: over the blocks of a run,
    `across`: over runs.
    """

    output: Samples
    leave: Samples
    enter: Samples
    within: Level
    across: Level


@cache
def _products(rate: int) -> Products:
    step, enter, leave, through = filters(rate)
    powers = [np.linalg.matrix_power(step, n) for n in range(BLOCK)]
    response = [through, *(float((enter @ power @ leave)[0, 0]) for power in powers[:-1])]
    output = sum(np.diag([value] * (BLOCK - late), late) for late, value in enumerate(response))
    block = np.linalg.matrix_power(step, BLOCK)
    return Products(
        np.asarray(output, np.float32),
        np.hstack([power @ leave for power in powers]).astype(np.float32),
        np.vstack([enter @ power for power in reversed(powers)]).astype(np.float32),
        _level(block, RUN),
        _level(np.linalg.matrix_power(block, RUN), RUNS),
    )


def at_rest(channels: int) -> Samples:
    """Return the states (channels x 4) before the first frame."""
    return np.zeros((channels, len(filters().step)), np.float32)


def weigh(lines: Samples, states: Samples, rate: int = RATE) -> tuple[Samples, Samples]:
    """K-weight channels x frames, full scale 1; frames a multiple of 800, up to 19,200.

    Returns the weighted lines and the states after them.
    """
    products = _products(rate)
    channels, size = states.shape
    runs = lines.shape[1] // (BLOCK * RUN)
    blocks = lines.reshape(-1, BLOCK)
    inputs = (blocks @ products.enter).reshape(-1, RUN * size)
    within = inputs @ products.within.added
    totals = within[:, -size:].reshape(channels, runs * size)
    across = products.across
    starts = totals @ across.added[: runs * size, : (runs + 1) * size]
    starts += states @ across.found[:, : (runs + 1) * size]
    before = starts[:, :-size].reshape(-1, size)
    within += before @ products.within.found
    weighted = blocks @ products.output
    weighted += within[:, :-size].reshape(-1, size) @ products.leave
    after = starts[:, -size:]
    return weighted.reshape(lines.shape), np.where(np.abs(after) < FAINTEST, np.float32(0), after)
