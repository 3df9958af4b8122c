"""Which pitch classes sound: peaks of the spectrum, the tuning, and chromas of several registers.

A chroma is twelve numbers, C first, of length 1 (or all 0): how much each pitch class is heard.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from library.audio.hearing.spectrum import magnitudes

Values = npt.NDArray[np.float64]
Samples = npt.NDArray[np.float32]

LONG, SHORT, HOP = 8192, 4096, 2048
LOWEST_HZ, HIGHEST_HZ = 32.0, 3300.0
AROUND = 20
"""Bins on each side that a peak is compared with."""

FRAME_FLOOR, FILE_FLOOR = 1e-3, 1e-4
"""Peaks weaker than this share of the strongest of their frame, of the file, are left out."""

CLEAR, PURE = 2.5, 4.0
"""Peakiness of a tone among others, and of one that hardly can be noise."""

QUIET = 0.03
"""Frames quieter than this share of the loudest count in proportion to their loudness."""

TONAL = 2.25
"""Times the energy of pure peaks in the whole makes tonality: a steady tone has two thirds of its
energy in its highest bin (Hann), one that fades or wavers less."""

TUNED_HZ = (80.0, 2000.0)
"""Where peaks tell the tuning: below, bins are too coarse; above, overtones are stretched."""

STRONG = 0.25
"""Of a frame's strongest peak: what the lowest note has at least."""

NAMES = (
    "full", "below_1k", "middle", "bass", "first", "last", "root", "peaky", "lowest",
)  # fmt: skip


@dataclass(frozen=True)
class Peaks:
    """Spectral peaks of all frames (n,), and what they were taken from.

    frame: which; hertz: refined between bins; magnitude: 1 is a full-scale sine; peakiness: how far
    it stands out, magnitude over the mean of its surroundings. frames: how many there are; energy:
    sum of all squared magnitudes, peaks or not.
    """

    frame: npt.NDArray[np.intp]
    hertz: Values
    magnitude: Values
    peakiness: Values
    frames: int
    energy: float

    def pitch(self) -> Values:
        """Return MIDI note numbers: A4 = 440 Hz = 69, with fractions."""
        return np.asarray(69 + 12 * np.log2(self.hertz / 440), np.float64)

    def pure_energy(self) -> float:
        """Return the squared magnitudes of what is surely a tone."""
        return float((self.magnitude[self.peakiness > PURE] ** 2).sum())


def find_peaks(samples: Samples, rate: int, size: int) -> Peaks:
    """Return the peaks between 32 and 3300 Hz of spectra of `size` samples every 2048.

    Refined by a parabola through the logarithm of the three highest magnitudes (Smith and Serra
    1987, PARSHL).
    """
    spectra = magnitudes(samples, size, HOP)
    energy = float(np.square(spectra, dtype=np.float64).sum())
    low, high = int(LOWEST_HZ * size / rate), int(np.ceil(HIGHEST_HZ * size / rate))
    first = max(low - AROUND, 0)
    band = spectra[:, first : high + AROUND + 1]
    here = slice(max(low, 1) - first, high - first)
    centre = band[:, here]
    left = band[:, here.start - 1 : here.stop - 1]
    right = band[:, here.start + 1 : here.stop + 1]
    floor = np.maximum(centre.max(axis=1) * FRAME_FLOOR, centre.max() * FILE_FLOOR)
    frame, at = np.nonzero((centre > left) & (centre >= right) & (centre > floor[:, None]))
    position = at + here.start

    sums = np.zeros((len(band), band.shape[1] + 1))
    np.cumsum(band, axis=1, out=sums[:, 1:])
    begin = np.maximum(position - AROUND, 0)
    end = np.minimum(position + AROUND + 1, band.shape[1])
    mean = (sums[frame, end] - sums[frame, begin]) / (end - begin)

    peak = centre[frame, at].astype(np.float64)
    before, top, after = (
        np.log(np.maximum(side[frame, at].astype(np.float64), 1e-12))
        for side in (left, centre, right)
    )
    # The middle one is the highest, but rounding may have made all three equal.
    offset = 0.5 * (before - after) / np.minimum(before - 2 * top + after, -1e-12)
    hertz = (position + first + np.clip(offset, -0.5, 0.5)) * rate / size
    return Peaks(frame, hertz, peak, peak / mean, len(spectra), energy)


def tuning(peaks: Peaks) -> float:
    """Return how far the notes lie above A4 = 440 Hz: semitones, -0.5..0.5.

    It is the circular mean of the clear peaks' distances, the loud ones counting more.
    """
    low, high = TUNED_HZ
    heard = (peaks.hertz > low) & (peaks.hertz < high) & (peaks.peakiness > CLEAR)
    turns = np.exp(2j * np.pi * peaks.pitch()[heard])
    return float(np.angle(np.sum(peaks.magnitude[heard] * turns)) / (2 * np.pi))


@dataclass(frozen=True)
class Folded:
    """Peaks folded into pitch classes: for each the class (n,) and how near to it, 0..1."""

    peaks: Peaks
    pitch_class: npt.NDArray[np.intp]
    nearness: Values

    @classmethod
    def of(cls, peaks: Peaks, shift: float) -> "Folded":
        """Fold them; shift: the tuning in semitones. Half a semitone off counts nothing."""
        pitch = peaks.pitch() - shift
        nearest = np.rint(pitch)
        return cls(peaks, nearest.astype(np.intp) % 12, np.cos(np.pi * (pitch - nearest)) ** 2)

    def frames(self, weight: Values) -> Values:
        """Return a chroma for each frame (frames x 12) from a weight for each peak."""
        slot = self.peaks.frame * 12 + self.pitch_class
        sums = np.bincount(slot, weight * self.nearness, minlength=self.peaks.frames * 12)
        return np.asarray(sums.reshape(-1, 12))


def balanced(frames: Values) -> Values:
    """Return the chroma of all frames: those twice as loud count the square root of 2 more.

    Very quiet ones count less than that.
    """
    loudness = frames.sum(axis=1, keepdims=True)
    floor = QUIET * max(float(loudness.max()), 1e-12)
    total = (frames / np.sqrt(np.maximum(loudness, floor))).sum(axis=0)
    return np.asarray(total / max(float(np.sqrt((total**2).sum())), 1e-12))


def _lowest(peaks: Peaks) -> Values:
    """Return the weights that leave the lowest strong and clear peak of each frame."""
    loudest = np.zeros(peaks.frames)
    np.maximum.at(loudest, peaks.frame, peaks.magnitude)
    strong = (peaks.magnitude > STRONG * loudest[peaks.frame]) & (peaks.peakiness > CLEAR)
    # Peaks are sorted by frame and rise within one: the first of each frame is its lowest.
    _, first = np.unique(peaks.frame[strong], return_index=True)
    kept = np.zeros(len(peaks.frame))
    kept[np.flatnonzero(strong)[first]] = 1
    return kept * peaks.magnitude


@dataclass(frozen=True)
class Heard:
    """What the pitch of a sound is: chromas (9 x 12) in the order of NAMES, tuning, tonality.

    tuning: semitones above 440 Hz, -0.5..0.5; tonality 0..1: how much of it is tones.
    """

    chromas: Values
    tuning: float
    tonality: float


def chromas(samples: Samples, rate: int) -> Heard:
    """Return what is heard in a mono signal."""
    long, short = (find_peaks(samples, rate, size) for size in (LONG, SHORT))
    shift = tuning(long)
    one, two = Folded.of(long, shift), Folded.of(short, shift)

    def between(folded: Folded, low: float, high: float) -> Values:
        hertz, magnitude = folded.peaks.hertz, folded.peaks.magnitude
        return folded.frames(magnitude * ((hertz > low) & (hertz < high)))

    full = one.frames(long.magnitude) + two.frames(short.magnitude)
    eighth = max(len(full) // 8, 1)
    peaky = one.frames(long.magnitude * (long.peakiness > PURE))
    frames = (
        full,
        between(one, LOWEST_HZ, 1000) + between(two, LOWEST_HZ, 1000),
        between(one, 50, 600),
        between(one, LOWEST_HZ, 190),
        full[:eighth],
        full[-eighth:],
        one.frames(np.sqrt(long.magnitude)) + two.frames(np.sqrt(short.magnitude)),
        peaky + two.frames(short.magnitude * (short.peakiness > PURE)),
        one.frames(_lowest(long)),
    )
    tonality = min(1.0, TONAL * long.pure_energy() / max(long.energy, 1e-12))
    return Heard(np.array([balanced(each) for each in frames]), shift, tonality)
