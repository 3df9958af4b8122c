"""What happens to a sound on its way to a file: rooms, mixing, records, codecs, rates.

Nothing here moves the beginning of a sound, but what says so (`through_codec`, `spun`).
"""

import io

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy import signal

from benchmarks.analysis.generator.made import RATE, Line, Random, between, pick
from benchmarks.analysis.generator.shapes import (
    band_pass,
    high_pass,
    low_pass,
    noise,
    peak_at,
    times,
)

Samples = NDArray[np.float32]

RATES = {44_100: 13, 48_000: 4, 22_050: 1, 32_000: 1}
"""Of files, and how often each is met."""


# ── Rooms ───────────────────────────────────────────────────────────────────


def room(random: Random, line: Line, wet: float, *, round_and_round: bool = False) -> Line:
    """Add the walls; the tail is cut at the end, or comes back at the beginning of a loop."""
    seconds = between(random, 0.08, 2.0)
    t = times(seconds)
    walls = noise(random, len(t)) * np.exp(-6.9 * t / seconds)
    walls = band_pass(walls, between(random, 60, 400), between(random, 2500, 14_000))
    first = int(between(random, 0.002, 0.03) * RATE)
    walls[:first] = 0.0
    for at in random.integers(min(first, len(walls) - 2), min(4 * first, len(walls) - 1), 6):
        walls[at] += random.uniform(-1, 1)
    walls /= np.sqrt(np.sum(walls**2)) + 1e-9
    tail = signal.fftconvolve(line, walls)
    sound = line + wet * tail[: len(line)]
    if round_and_round:
        over = tail[len(line) : 2 * len(line)]
        sound[: len(over)] += wet * over
    return sound


# ── Mixing ──────────────────────────────────────────────────────────────────


def pressed(line: Line, by_db: float, seconds: float = 0.08) -> Line:
    """Compress: what is louder than the threshold is brought down 4 : 1."""
    if by_db <= 0:
        return line
    step = 32
    blocks = np.sqrt(np.add.reduceat(line**2, np.arange(0, len(line), step)) / step) + 1e-6
    keep = np.exp(-step / RATE / seconds)
    level = signal.lfilter([1 - keep], [1, -keep], blocks)
    threshold = np.percentile(level, 97) * 10 ** (-by_db / 20)
    gain = np.minimum(1.0, (level / threshold) ** -0.75)
    return line * np.interp(np.arange(len(line)), np.arange(len(gain)) * step + step, gain)


def mixed(random: Random, line: Line) -> Line:
    """Tone, compression, saturation: a little of each, often none."""
    if random.random() < 0.25:
        line = low_pass(line, between(random, 3000, 15_000), int(pick(random, (1, 2, 4))))
    if random.random() < 0.25:
        line = high_pass(line, between(random, 25, 150), 1)
    if random.random() < 0.3:
        low = between(random, 80, 6000)
        line = line + random.uniform(-0.5, 0.9) * band_pass(line, low, 2 * low)
    if random.random() < 0.35:
        line = pressed(line, random.uniform(3, 18), between(random, 0.01, 0.2))
    if random.random() < 0.2:
        line = np.tanh(between(random, 1, 6) * peak_at(line))
    if random.random() < 0.08:
        line = np.clip(peak_at(line), -0.6, 0.6)
    return line


def worn(random: Random, line: Line) -> Line:
    """Lay a record's crackle and rumble, or a hiss, or a few bits, over a sound."""
    line = peak_at(line)
    way = pick(random, {"clean": 12, "hiss": 4, "record": 2, "bits": 2})
    if way == "hiss":
        line = line + noise(random, len(line)) * between(random, 1e-4, 2e-2)
    if way == "record":
        clicks = np.zeros(len(line))
        count = int(len(line) / RATE * between(random, 4, 40))
        places = random.integers(0, len(line), count)
        clicks[places] = random.standard_normal(count) * between(random, 0.02, 0.25)
        clicks = band_pass(clicks, 800, 8000)
        rumble = low_pass(noise(random, len(line)), 80) * between(random, 0.005, 0.1)
        line = line + clicks + rumble + noise(random, len(line)) * 0.004
        line = low_pass(line, between(random, 5000, 14_000))
    if way == "bits":
        steps = 2.0 ** int(random.integers(5, 9))
        line = np.round(line * steps) / steps
    return line


def stereo(random: Random, line: Line) -> NDArray[np.float64]:
    """Give it one channel or two: equal, or a little or much apart, no channel later."""
    way = pick(random, {"mono": 6, "equal": 3, "leaning": 2, "wide": 4})
    if way == "mono":
        return line[:, None]
    if way == "wide":
        apart = high_pass(line, 250, 1)
        taps = np.zeros(int(0.02 * RATE))
        places = random.integers(1, len(taps), 12)
        taps[places] = random.uniform(-0.4, 0.4, 12)
        side = signal.fftconvolve(apart, taps)[: len(line)] * random.uniform(0.2, 1)
        return np.stack((line + side, line - side), axis=1)
    right = random.uniform(0.5, 1) if way == "leaning" else 1.0
    return np.stack((line, right * line), axis=1)


# ── Out ─────────────────────────────────────────────────────────────────────


def spun(random: Random, line: Line) -> Line:
    """Let the pitch waver as a tape does: wow and flutter; times move by up to about 1 ms."""
    t = np.arange(len(line))
    slow = between(random, 0.3, 2.0)
    depth = between(random, 1e-4, 1.5e-3) * RATE / (2 * np.pi * slow)
    places = t + depth * np.sin(2 * np.pi * slow * t / RATE)
    return np.interp(places, t, line)


def at_rate(samples: NDArray[np.float64], rate: int) -> Samples:
    """Bring what was played at 44.1 kHz to the rate of its file."""
    if rate == RATE:
        return samples.astype(np.float32)
    return soxr.resample(samples, RATE, rate, quality="HQ").astype(np.float32)


def levelled(random: Random, samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring the peak somewhere between -18 dB and full scale, mostly near the top."""
    peak = np.max(np.abs(samples))
    target = 10 ** (-random.exponential(3.0) / 20)
    return samples * (max(target, 0.12) / peak) if peak > 0 else samples


def through_codec(random: Random, samples: Samples, rate: int, form: str) -> Samples:
    """Write MP3 or Ogg and read it back, with what that does to the sound and its length."""
    form, subtype = {"mp3": ("MP3", "MPEG_LAYER_III"), "ogg": ("OGG", "VORBIS")}[form]
    file = io.BytesIO()
    level = float(random.uniform(0.1, 0.8))
    with soundfile.SoundFile(
        file, "w", rate, samples.shape[1], subtype, format=form, compression_level=level
    ) as sound:
        for start in range(0, len(samples), 4096):
            sound.write(samples[start : start + 4096])
    file.seek(0)
    return soundfile.read(file, dtype="float32", always_2d=True)[0]


def delayed(random: Random, samples: Samples) -> Samples:
    """Lengthen as a codec without gapless information does: a delay, then whole blocks."""
    delay, block = pick(random, ((1105, 1152), (2257, 1152), (2112, 1024), (576, 576)))
    frames = -(-(len(samples) + delay) // block) * block
    longer = np.zeros((frames, samples.shape[1]), np.float32)
    longer[delay : delay + len(samples)] = samples
    return longer
