"""Whether two files hold the same recording, whatever container, rate, level or codec it has.

Sounds that are merely similar stay apart: what is compared is the wave itself below 2.5 kHz and how
four bands above it flicker, not what they sound like.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from library.audio.hearing.signal import LOW_RATE, Signal
from library.audio.hearing.spectrum import Spectra, magnitudes
from library.audio.hearing.strike import TINY, Strike, Values, decibels

STEP = 4
WAVE = 2048
"""Values of the wave: 0.37 s at 5.5 kHz."""

TOP_HZ = 2500.0
FADE_HZ = 200.0

SIZE, HOP = 128, 64
FLICKER = 128
"""Values of each band's flicker: 0.37 s as well."""

EDGES_HZ = (2500.0, 4000.0, 6000.0, 8000.0, 10500.0)
BANDS = len(EDGES_HZ) - 1
AROUND = 8
"""Values each side that make the trend: 23 ms."""

RANGE_DB = 12.0
"""What flickers by more says no more."""

OUTLINE = 24
"""Levels in dB of as many equal parts of the sound."""

ENDED = 0.99
"""Of the energy: where a sound counts as over, which neither silence nor codecs move."""

LATER = 1024
"""Values of a second piece of the wave, further on: loops may begin alike."""

PLACES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds after the start where that may be: the last that lies in the first 60 % of the sound."""

WITHIN = 0.6
FAINT_DB = -40.0
"""Below the first piece: such a second one is left out."""

ALIKE = 0.78
"""From here on two files count as copies of one recording."""

LENGTHS = (0.2, 0.5)
"""Octaves: by how much the lengths of copies may differ."""

OUTLINES = (3.0, 7.0)
"""The same for their outlines, in dB."""

SHORTEST = 500
"""Frames added to a length before it is compared: codecs move the end of a click by so many."""

LONG = np.log2(0.3 * LOW_RATE + SHORTEST)
"""Of the lengths above: what is shorter has no outline worth comparing."""

LATER_LESS = 0.1
"""A later piece meets a worse codec than the first: it may fit worse by so much."""

LAG = 220
"""Frames, 10 ms: how far the starts that were found may lie apart."""

FINER = 4
"""Lags are tried in quarters of a value."""

FORMAT = 1
HEAD = 4
BYTES = HEAD + OUTLINE + WAVE // 2 + BANDS * FLICKER // 2 + LATER // 2
"""Of a fingerprint: format, place (0: none), length (u16), outline (i8), two values a byte."""


def fingerprint(signal: Signal) -> bytes:
    """Return what tells a recording from others, in 1,820 bytes; signal not silent."""
    samples = Strike.of(signal.mono).samples
    ended = _ended(samples)
    place = _place(samples, ended)
    later = samples[int(PLACES[place - 1] * LOW_RATE) :] if place else samples[:0]
    outline = np.clip(np.rint(_outline(samples[:ended])), -127, 127).astype(np.int8)
    length = np.array([round(1000 * np.log2(ended + SHORTEST))], "<u2")
    parts = (_wave(samples, WAVE), _flicker(samples), _wave(later, LATER))
    packed = b"".join(_packed(part) for part in parts)
    return bytes([FORMAT, place]) + length.tobytes() + outline.tobytes() + packed


def _place(samples: Values, ended: int) -> int:
    """Return which of PLACES the second piece is taken at, counted from 1; 0 for none."""
    place = int(np.searchsorted(PLACES, WITHIN * ended / LOW_RATE))
    if not place:
        return 0
    start = int(PLACES[place - 1] * LOW_RATE)
    first, later = (
        np.square(part).sum()
        for part in (samples[: LATER * STEP], samples[start : start + LATER * STEP])
    )
    return place if later > first * 10 ** (FAINT_DB / 10) else 0


def _ended(samples: Values) -> int:
    """Return after how many frames 99 % of the energy has passed."""
    energy = np.cumsum(np.square(samples, dtype=np.float64))
    return int(np.searchsorted(energy, ENDED * energy[-1])) + 1


def _outline(samples: Values) -> Values:
    """Return the levels of 24 equal parts in dB, about their mean."""
    edges = np.linspace(0, len(samples), OUTLINE + 1).astype(int)[:-1]
    squares = np.square(samples, dtype=np.float64)
    energy = np.add.reduceat(squares, np.minimum(edges, len(samples) - 1))
    level = np.maximum(decibels(energy), decibels(energy.max()) - 50)
    return level - level.mean()


def _wave(samples: Values, count: int) -> Values:
    """Return so many values of the wave below 2.5 kHz at 5.5 kHz, its quiet parts raised."""
    frames = count * STEP
    heard = np.zeros(frames, np.float32)
    part = samples[:frames]
    heard[: len(part)] = part
    heard[1:] -= np.float32(0.95) * heard[:-1].copy()
    spectrum = np.fft.rfft(heard)
    hertz = np.fft.rfftfreq(frames, 1 / LOW_RATE)
    spectrum *= np.clip((TOP_HZ + FADE_HZ - hertz) / FADE_HZ, 0, 1)
    return _evened(np.fft.irfft(spectrum[: count // 2 + 1], count).astype(np.float32))


def _evened(wave: Values) -> Values:
    """Divide a wave by the root of its envelope, so that the tail counts beside the attack."""
    power = np.convolve(np.square(wave), np.full(64, 1 / 64, np.float32), "same")
    floor = float(power.max()) * 1e-5 + TINY
    return wave / np.power(np.maximum(power, 0) + floor, 0.35)


def _flicker(samples: Values) -> Values:
    """Return how four bands above rise and fall against their trend, in dB (4 x 128, in a row)."""
    power: Spectra = np.square(magnitudes(samples[: FLICKER * HOP], SIZE, HOP)[:FLICKER])
    edges = np.searchsorted(np.arange(SIZE // 2 + 1) * LOW_RATE / SIZE, EDGES_HZ)
    bands = np.add.reduceat(power, edges, axis=1)[:, :BANDS]
    bands = np.pad(bands, ((0, FLICKER - len(bands)), (0, 0)))
    level = decibels(bands, float(bands.max()) * 1e-5 + TINY).T
    smooth = np.apply_along_axis(
        lambda row: np.convolve(np.pad(row, 8, "edge"), _trend(), "valid"), 1, level
    )
    return np.clip(level - smooth, -12, 12).ravel()


@cache
def _trend() -> Values:
    window = np.hanning(2 * AROUND + 3)[1:-1]
    return (window / window.sum()).astype(np.float32)


def _packed(values: Values) -> bytes:
    """Return two values a byte, each -7..7 of about two standard deviations."""
    scale = 3.5 / (float(values.std()) + TINY)
    words = (np.clip(np.rint(values * scale), -7, 7) + 8).astype(np.uint8)
    return (words[0::2] << 4 | words[1::2]).tobytes()


@dataclass(frozen=True, eq=False)
class _Read:
    place: int
    ended: float
    outline: Values
    wave: Values
    flicker: Values
    later: Values


def _read(print_: bytes) -> _Read:
    if len(print_) != BYTES or print_[0] != FORMAT:
        raise ValueError("Not a fingerprint of this format")
    ended = int.from_bytes(print_[2:HEAD], "little") / 1000
    outline = np.frombuffer(print_, np.int8, OUTLINE, HEAD).astype(np.float32)
    pairs = np.frombuffer(print_, np.uint8, offset=HEAD + OUTLINE)
    words = np.stack([pairs >> 4, pairs & 15], axis=1).ravel().astype(np.float32) - 8
    wave, flicker, later = np.split(words, [WAVE, WAVE + BANDS * FLICKER])
    return _Read(print_[1], ended, outline, wave, flicker.reshape(BANDS, FLICKER), later)


def alike(a: bytes, b: bytes) -> float:
    """Return how sure two fingerprints are of one recording (0..1): from ALIKE on they count as so.

    Raises ValueError for what is no fingerprint.
    """
    one, other = _read(a), _read(b)
    same_length = _fading(abs(one.ended - other.ended), LENGTHS)
    if not same_length:
        return 0.0
    long = min(one.ended, other.ended) > LONG
    apart = float(np.abs(one.outline - other.outline).mean()) if long else 0.0
    wave, lag = _matched(one.wave, other.wave)
    start = max(wave, _flickering(one.flicker, other.flicker, lag))
    if one.place and one.place == other.place:
        start = min(start, _matched(one.later, other.later)[0] + LATER_LESS)
    return min(1.0, max(0.0, start)) * same_length * _fading(apart, OUTLINES)


def _fading(difference: float, span: tuple[float, float]) -> float:
    """Return 1 below a span of differences, 0 above it."""
    low, high = span
    return min(1.0, max(0.0, (high - difference) / (high - low)))


def _matched(one: Values, other: Values) -> tuple[float, float]:
    """Return the best correlation of two waves within 10 ms, and the lag there in frames."""
    size = 2 * len(one)
    product = np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size))
    found = np.fft.irfft(product, FINER * size) * FINER
    reach = FINER * LAG // STEP
    near = np.concatenate([found[-reach:], found[: reach + 1]])
    best = int(near.argmax())
    level = np.sqrt(np.dot(one, one) * np.dot(other, other)) + TINY
    return float(near[best] / level), (best - reach) * STEP / FINER


def _flickering(one: Values, other: Values, lag: float) -> float:
    """Return the correlation of two flickers at a lag in frames, or one step beside it."""
    shifts = round(lag / HOP) + np.arange(-1, 2)
    return max(_shifted(one, other, int(shift)) for shift in shifts)


def _shifted(one: Values, other: Values, shift: int) -> float:
    first = one[:, max(0, shift) : FLICKER + min(0, shift)]
    second = other[:, max(0, -shift) : FLICKER + min(0, -shift)]
    level = np.sqrt(np.square(first).sum() * np.square(second).sum()) + TINY
    return float((first * second).sum() / level)
