"""Where sounds begin: spectral flux finds them, the waveform says to the sample where they are.

The flux is SuperFlux (Boeck and Widmer, DAFx 2013): what rises in a mel band against the loudest of
its neighbours two frames before, so that vibrato does not count as a beginning.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from library.audio.hearing.signal import Mono, Signal
from library.audio.hearing.spectrum import magnitudes, mel

Line = npt.NDArray[np.float32]
Places = npt.NDArray[np.intp]

SIZE, HOP = 1_024, 256
BANDS, LOW_HZ, HIGH_HZ = 40, 30.0, 16_000.0
LOUDNESS = 640.0
"""How far log(1 + LOUDNESS x) reaches into what is quiet; more makes onsets of noise."""
LAG = 2

NEAREST_SECONDS = 0.050
"""Two beginnings that are closer are one, as mir_eval and listeners have it."""
AROUND_SECONDS = 0.1
TOP = 99
FLOOR = 0.04
"""Share of the 99th percentile that a peak rises above its surroundings at least."""

STEP_SECONDS = 0.0005
REACH_STEPS = 16
SIDE_STEPS = 8
"""A beginning is looked for within 8 ms, by 4 ms of sound on both sides of it."""
SPREAD_STEPS = 8
EMPHASIS = np.float32(0.95)
QUIETEST = 1e-4
RISE = 0.08
CROSSING_SECONDS = 0.002
MERGED_SECONDS = 0.012


@dataclass(frozen=True, eq=False)
class Onsets:
    """Where something begins: seconds (float64, rising) and strengths (float32, 0..1), as many."""

    seconds: npt.NDArray[np.float64]
    strengths: Line


def onsets(signal: Signal) -> Onsets:
    """Return the beginnings in a sound."""
    rate = signal.native_rate
    rises = flux(signal.native, rate)
    peaks = _peaks(rises, rate / HOP)
    places = _refined(signal.native, rate, peaks * HOP)
    order = np.argsort(places, kind="stable")
    places, peaks = places[order], peaks[order]
    apart = np.diff(places, prepend=-rate) > MERGED_SECONDS * rate
    strengths = rises[peaks[apart]]
    return Onsets(places[apart] / rate, strengths / strengths.max(initial=np.float32(1e-9)))


def flux(native: Mono, rate: int) -> Line:
    """Return how much begins in each frame (HOP samples apart), the mean over the bands."""
    bands = np.log1p(LOUDNESS * mel(magnitudes(native, SIZE, HOP), rate, BANDS, LOW_HZ, HIGH_HZ))
    before = np.zeros_like(bands)
    earlier, around = bands[:-LAG], before[LAG:]
    np.copyto(around, earlier)
    np.maximum(around[:, 1:], earlier[:, :-1], out=around[:, 1:])
    np.maximum(around[:, :-1], earlier[:, 1:], out=around[:, :-1])
    rises: Line = np.maximum(bands - before, 0).mean(axis=1)
    return rises


def _peaks(rises: Line, rate: float) -> Places:
    """Return the frames that stand out; rate: frames a second."""
    near, around = round(NEAREST_SECONDS * rate), round(AROUND_SECONDS * rate)
    highest = _windows(rises, near).max(axis=1)
    surroundings = _windows(rises, around)
    level = 2 * np.median(surroundings, axis=1) + surroundings.mean(axis=1)
    stands_out = (rises >= highest) & (rises > level + FLOOR * np.percentile(rises, TOP))
    kept: list[int] = []
    for frame in np.flatnonzero(stands_out):
        if not kept or frame - kept[-1] >= near:
            kept.append(int(frame))
    return np.array(kept, np.intp)


def _windows(line: Line, reach: int) -> Line:
    """Return each value with `reach` neighbours on both sides (frames x 2 reach + 1)."""
    windows: Line = sliding_window_view(np.pad(line, reach), 2 * reach + 1)
    return windows


def _refined(native: Mono, rate: int, near: Places) -> Places:
    """Return the sample where each beginning really is; near: samples within 8 ms of it."""
    step = round(STEP_SECONDS * rate)
    count = len(native) // step
    if not len(near) or count <= SIDE_STEPS:
        return near
    sharp = np.empty_like(native)  # pre-emphasis: beginnings are bright
    sharp[0] = native[0]
    np.subtract(native[1:], EMPHASIS * native[:-1], out=sharp[1:])
    blocks = sharp[: count * step].reshape(count, step)
    sums = np.concatenate(([0.0], np.cumsum(np.sqrt(np.mean(blocks**2, axis=1, dtype=np.float64)))))
    offsets = np.arange(-REACH_STEPS, REACH_STEPS + 1)
    steps = np.clip(near[:, None] // step + offsets, 0, count - SIDE_STEPS)
    after = (sums[steps + SIDE_STEPS] - sums[steps]) / SIDE_STEPS
    before = (sums[steps] - sums[np.maximum(steps - SIDE_STEPS, 0)]) / SIDE_STEPS
    top = np.maximum(after.max(axis=1, keepdims=True), np.finfo(np.float32).tiny)
    rise = np.log((after + QUIETEST * top) / (before + QUIETEST * top)) * (after - before) / top
    best = np.argmax(rise * np.exp(-0.5 * (offsets / SPREAD_STEPS) ** 2), axis=1)
    found = np.take_along_axis(steps, best[:, None], axis=1)[:, 0] * step
    return np.array([_first_sample(native, rate, place, step) for place in found.tolist()], np.intp)


def _first_sample(native: Mono, rate: int, place: int, step: int) -> int:
    """Return the first sample 8 % up the rise, back to where the wave last crossed zero."""
    calm = native[max(0, place - (SIDE_STEPS + 1) * step) : max(0, place - step)]
    start = max(0, place - step)
    sound = np.abs(native[start : place + SIDE_STEPS * step])
    quiet = float(np.abs(calm).max(initial=0))
    level = quiet + RISE * max(0.0, float(sound.max()) - quiet)
    first = start + int(np.argmax(sound > level))
    back = max(0, first - round(CROSSING_SECONDS * rate))
    is_low = np.signbit(native[back : first + 1])
    crossings = np.flatnonzero(is_low[1:] != is_low[:-1])
    return back + int(crossings[-1]) + 1 if len(crossings) else first
