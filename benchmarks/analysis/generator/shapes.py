"""What all players are built of: time, falling levels, noise, bands, many modes at once."""

from functools import lru_cache

import numpy as np
from scipy import signal

from benchmarks.analysis.generator.made import RATE, Line, Random

NYQUIST = RATE / 2


def times(seconds: float) -> Line:
    """Seconds from the start, one for each frame."""
    return np.arange(max(int(seconds * RATE), 32)) / RATE


def fall(t: Line, decay: float, attack: float = 0.0) -> Line:
    """Return a level that rises in `attack` s and falls by 60 dB in `decay` s."""
    level = np.exp(-6.908 / decay * t)
    if attack > 0:
        level *= np.minimum(t / attack, 1.0)
    return level


def noise(random: Random, frames: int) -> Line:
    """White noise around -10 dB."""
    return random.standard_normal(frames) * 0.3


@lru_cache(4096)
def _sections(kind: str, low: float, high: float, order: int) -> Line:
    if kind == "bandpass":
        edges: object = (min(low, 0.9 * high), high)
    else:
        edges = low
    return signal.butter(order, edges, kind, fs=RATE, output="sos")


def _tidy(hz: float) -> float:
    return float(np.clip(round(hz, 1), 16.0, 0.95 * NYQUIST))


def low_pass(line: Line, hz: float, order: int = 2) -> Line:
    """Keep what lies below a pitch; without delay before the first frame."""
    return signal.sosfilt(_sections("lowpass", _tidy(hz), 0.0, order), line)


def high_pass(line: Line, hz: float, order: int = 2) -> Line:
    """Keep what lies above a pitch."""
    return signal.sosfilt(_sections("highpass", _tidy(hz), 0.0, order), line)


def band_pass(line: Line, low: float, high: float, order: int = 1) -> Line:
    """Keep what lies between two pitches."""
    return signal.sosfilt(
        _sections("bandpass", _tidy(low), _tidy(max(high, low * 1.2)), order), line
    )


def modes(t: Line, pitches: Line, decays: Line, levels: Line, phases: Line | None = None) -> Line:
    """Sum tones that die away each at its own speed: what is struck sounds so."""
    keep = pitches < 0.95 * NYQUIST
    sound = np.zeros(len(t))
    starts = np.zeros(len(pitches)) if phases is None else phases
    for hz, decay, level, start in zip(
        pitches[keep], decays[keep], levels[keep], starts[keep], strict=True
    ):
        frames = min(len(t), int(1.3 * decay * RATE) + 32)  # what is left is below -78 dB
        part = t[:frames]
        sound[:frames] += (
            level * np.exp(-6.908 / decay * part) * np.sin(2 * np.pi * hz * part + start)
        )
    return sound


def sweep(t: Line, start_hz: float, end_hz: float, seconds: float) -> Line:
    """Return a tone that falls (or rises) to its pitch and stays there."""
    hz = end_hz + (start_hz - end_hz) * np.exp(-t / max(seconds, 1e-4))
    return np.sin(2 * np.pi * np.cumsum(hz) / RATE)


def saw(turns: Line) -> Line:
    """Return a saw of a phase in turns, its step rounded over about two frames."""
    phase = turns % 1.0
    step = np.gradient(turns)
    line = 2 * phase - 1
    before, after = phase > 1 - step, phase < step
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.where(after, phase / step, np.where(before, (phase - 1) / step, 0.0))
    line -= np.where(after, 2 * x - x * x - 1, 0.0) + np.where(before, x * x + 2 * x + 1, 0.0)
    return line


def square(turns: Line, width: float = 0.5) -> Line:
    """Return a pulse of a phase in turns."""
    return 0.5 * (saw(turns) - saw(turns + width)) + (width - 0.5)


def peak_at(line: Line, peak: float = 1.0) -> Line:
    """The same, its highest frame at `peak`."""
    highest = np.max(np.abs(line))
    return line * (peak / highest) if highest > 0 else line


def fade_out(line: Line, seconds: float) -> Line:
    """End without a click."""
    frames = min(len(line), int(seconds * RATE))
    if frames:
        line = line.copy()
        line[-frames:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, frames))
    return line


def mix_at(canvas: Line, line: Line, at: int, gain: float = 1.0) -> None:
    """Add a line to a canvas from a frame on; what reaches beyond is dropped."""
    start = max(at, 0)
    stop = min(at + len(line), len(canvas))
    if stop > start:
        canvas[start:stop] += gain * line[start - at : stop - at]
