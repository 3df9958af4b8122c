"""Whether two files hold the same recording, whatever container, rate, level or codec it has.

Sounds that are merely similar stay apart: what is compared is the wave itself, in a low and in a
high band, not what it sounds like.
"""

from dataclasses import dataclass

import numpy as np

from library.audio.hearing.signal import LOW_RATE, Signal
from library.audio.hearing.strike import TINY, Strike, Values, decibels

STEP = 4
"""Frames in one value of a wave: 5.5 values a ms, for 2.5 kHz of its spectrum."""

LOW, HIGH, LATER = 2048, 1024, 1024
"""Values of the low band's wave (0.37 s), of the high band's, and of the low band's further on."""

LOW_HZ, HIGH_HZ = 0.0, 5000.0
"""Where the bands begin."""

FADED = 0.1
"""Of a band, at its upper end: where it fades."""

EMPHASIS = 0.95
EVENED, AROUND = 0.35, 64
"""What a wave's power about each value is raised to before the wave is divided by it."""

OUTLINE = 24
"""Levels in dB of as many equal parts of the sound."""

OUTLINE_DB = 50.0

ENDED = 0.99
"""Of the energy: where a sound counts as over, which neither silence nor codecs move."""

PLACES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds after the start of the later piece: the last that lies in the first 60 % of the sound."""

WITHIN = 0.6
FAINT_DB = -40.0
"""Below the first piece: such a later one is left out."""

ALIKE = 0.75
"""From here on two files count as copies of one recording."""

LENGTHS = (0.3, 0.8)
"""Octaves: by how much the lengths of copies may differ."""

OUTLINES = (3.0, 7.0)
"""The same for their outlines, in dB."""

SHORTEST = 500
"""Frames added to a length before it is compared: codecs move the end of a click by so many."""

LONG = float(np.log2(0.3 * LOW_RATE + SHORTEST))
"""Of the lengths above: what is shorter has no outline worth comparing."""

LATER_LESS = 0.1
"""A later piece meets a worse codec than the first: it may fit worse by so much."""

PRESENT_DB = (8.0, 20.0)
"""Below the other band: down to here a band counts as much, from there on not at all."""

LOW_FITS = (0.6, 0.85)
"""Of the low band: between these it becomes that of a copy."""

LAG = 220
"""Frames, 10 ms: how far the starts that were found may lie apart."""

FINER = 4
"""Lags are tried in quarters of a value."""

FORMAT = 1
HEAD = 6
"""Format, place (0: none), length (u16), and how far the bands are below the whole (dB, u8)."""

BYTES = HEAD + OUTLINE + (LOW + HIGH + LATER) // 2


def fingerprint(signal: Signal) -> bytes:
    """Return what tells a recording from others, in 2,078 bytes; signal not silent."""
    samples = Strike.of(signal.mono).samples
    ended = _ended(samples)
    place = _place(samples, ended)
    later = samples[int(PLACES[place - 1] * LOW_RATE) :] if place else samples[:0]
    low, low_db = _wave(samples, LOW, LOW_HZ)
    high, high_db = _wave(samples, HIGH, HIGH_HZ)
    length = np.array([round(1000 * np.log2(ended + SHORTEST))], "<u2")
    outline = np.clip(np.rint(_outline(samples[:ended])), -127, 127).astype(np.int8)
    head = bytes([FORMAT, place]) + length.tobytes() + bytes([low_db, high_db])
    waves = (low, high, _wave(later, LATER, LOW_HZ)[0])
    return head + outline.tobytes() + b"".join(_packed(wave) for wave in waves)


def _ended(samples: Values) -> int:
    """Return after how many frames 99 % of the energy has passed."""
    energy = np.cumsum(np.square(samples, dtype=np.float64))
    return int(np.searchsorted(energy, ENDED * energy[-1])) + 1


def _place(samples: Values, ended: int) -> int:
    """Return which of PLACES the later piece is taken at, counted from 1; 0 for none."""
    place = int(np.searchsorted(PLACES, WITHIN * ended / LOW_RATE))
    if not place:
        return 0
    start = int(PLACES[place - 1] * LOW_RATE)
    first = np.square(samples[: LATER * STEP]).sum()
    later = np.square(samples[start : start + LATER * STEP]).sum()
    return place if later > first * 10 ** (FAINT_DB / 10) else 0


def _outline(samples: Values) -> Values:
    """Return the levels of 24 equal parts in dB, about their mean."""
    edges = np.linspace(0, len(samples), OUTLINE + 1).astype(int)[:-1]
    energy = np.add.reduceat(np.square(samples), np.minimum(edges, len(samples) - 1))
    level = np.maximum(decibels(energy), decibels(energy.max()) - OUTLINE_DB)
    about: Values = level - level.mean()
    return about


def _wave(samples: Values, count: int, lowest_hz: float) -> tuple[Values, int]:
    """Return so many values of a band's wave, its quiet parts raised, and its level.

    The band's lower end is moved down to 0 Hz. The level is in dB below the whole, at most 255.
    """
    heard = np.zeros(count * STEP, np.float32)
    part = samples[: len(heard)]
    heard[: len(part)] = part
    heard[1:] -= np.float32(EMPHASIS) * heard[:-1].copy()
    spectrum = np.fft.rfft(heard)
    first = round(lowest_hz / LOW_RATE * len(heard))
    band = spectrum[first : first + count // 2 + 1]
    fade = np.clip((count // 2 - np.arange(count // 2 + 1)) / (FADED * count / 2), 0, 1)
    band = band * fade.astype(np.float32)
    whole, kept = (float(np.square(np.abs(of)).sum()) + TINY for of in (spectrum, band))
    wave = np.fft.irfft(band, count).astype(np.float32)
    return _evened(wave), round(min(255.0, max(0.0, 10 * np.log10(whole / kept))))


def _evened(wave: Values) -> Values:
    """Divide a wave by nearly its envelope, so that the tail counts beside the attack."""
    power = np.convolve(np.square(wave), np.full(AROUND, 1 / AROUND, np.float32), "same")
    floor = float(power.max()) * 1e-5 + TINY
    evened: Values = wave / np.power(np.maximum(power, 0) + floor, EVENED)
    return evened


def _packed(values: Values) -> bytes:
    """Return two values a byte, each -7..7 of about two standard deviations."""
    scale = 3.5 / (float(values.std()) + TINY)
    words = (np.clip(np.rint(values * scale), -7, 7) + 8).astype(np.uint8)
    return bytes(words[0::2] << 4 | words[1::2])


@dataclass(frozen=True, eq=False)
class Read:
    """What a fingerprint says.

    place: of the later piece; length: log2 of frames; below: how far the two bands lie below the
    whole (dB); outline: dB (24,); low, high, later: the waves.
    """

    place: int
    length: float
    below: tuple[int, int]
    outline: Values
    low: Values
    high: Values
    later: Values


def unpacked(print_: bytes) -> Read:
    """Read a fingerprint; raises ValueError for what is none."""
    if len(print_) != BYTES or print_[0] != FORMAT:
        raise ValueError("Not a fingerprint of this format")
    length = int.from_bytes(print_[2:4], "little") / 1000
    outline = np.frombuffer(print_, np.int8, OUTLINE, HEAD).astype(np.float32)
    pairs = np.frombuffer(print_, np.uint8, offset=HEAD + OUTLINE)
    words = np.stack([pairs >> 4, pairs & 15], axis=1).ravel().astype(np.float32) - 8
    low, high, later = np.split(words, [LOW, LOW + HIGH])
    return Read(print_[1], length, (print_[4], print_[5]), outline, low, high, later)


def alike(a: bytes, b: bytes) -> float:
    """Return how sure two fingerprints are of one recording (0..1): from ALIKE on they count as so.

    Raises ValueError for what is no fingerprint.
    """
    one, other = unpacked(a), unpacked(b)
    same_length = _fading(abs(one.length - other.length), LENGTHS)
    if not same_length:
        return 0.0
    apart = float(np.abs(one.outline - other.outline).mean())
    same_outline = _fading(apart, OUTLINES) if min(one.length, other.length) > LONG else 1.0
    return same_length * same_outline * min(_bands(one, other), _further_on(one, other))


def _bands(one: Read, other: Read) -> float:
    """Return how well the waves of the start fit, each band by how much there is of it.

    Codecs harm the high band, hardly the low one: where there is a low band, it has to fit.
    """
    least = [min(pair) for pair in zip(one.below, other.below, strict=True)]
    low, high = (_fading(below - min(least), PRESENT_DB) for below in least)
    low_fit = _matched(one.low, other.low)
    high_fit = _matched(one.high, other.high, moved=True)
    fit = (low * low_fit + high * high_fit) / (low + high)
    return min(1.0, max(0.0, fit * (1 - low * _fading(low_fit, LOW_FITS))))


def _further_on(one: Read, other: Read) -> float:
    """Return how well the later pieces fit; 1 where there are none at the same place."""
    if not one.place or one.place != other.place:
        return 1.0
    return min(1.0, max(0.0, _matched(one.later, other.later) + LATER_LESS))


def _fading(difference: float, span: tuple[float, float]) -> float:
    """Return 1 below a span of differences, 0 above it."""
    low, high = span
    return min(1.0, max(0.0, (high - difference) / (high - low)))


def _matched(one: Values, other: Values, *, moved: bool = False) -> float:
    """Return the best correlation of two waves within 10 ms.

    moved: of bands moved down, whose phases have turned by how far they lie apart.
    """
    size = 2 * len(one)
    product = np.fft.rfft(one, size) * np.conj(np.fft.rfft(other, size))
    found = np.fft.ifft(product, FINER * size) * (2 * FINER)
    reach = FINER * LAG // STEP
    near = np.concatenate([found[-reach:], found[: reach + 1]])
    level = np.sqrt(np.dot(one, one) * np.dot(other, other)) + TINY
    return float((np.abs(near) if moved else near.real).max() / level)
