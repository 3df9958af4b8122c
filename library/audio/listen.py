"""Everything that one pass over a sound tells."""

import math
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from library.audio import edit, levels, waveform
from library.audio.clip import Samples
from library.audio.convert import convert
from library.audio.decoders import Decoder
from library.audio.files import Decoding, blocks, with_fallback
from library.audio.hearing.signal import Collector, Signal
from library.audio.loudness import LoudnessMeter
from library.audio.passes import material_of, passed, prepared
from library.audio.recipe import DEFAULT, Material, planned_channels
from library.audio.truepeak import TruePeakMeter
from library.audio.units import gain_to_db


@dataclass(frozen=True)
class Facts:
    """What is stored of a sound.

    material: format, rate, channels, exact frames, peaks at 48 kHz, warnings. peak_amplitude and
    rms_energy: linear, of the source, 1.0 = full scale. loudness_lufs and true_peak_dbtp: at 48 kHz
    with all that the converter keeps, stereo as stereo; None for what is too quiet to have one.
    waveform: 64 bytes for a row; peaks: 10,752 bytes for the deck (laid out as `waveform` says).
    signal: what hearing takes, None where there is nothing to hear.
    """

    material: Material
    peak_amplitude: float
    rms_energy: float
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    waveform: bytes
    peaks: bytes
    signal: Signal | None = field(repr=False, compare=False)

    @property
    def dynamic_range_db(self) -> float | None:
        """Return how far the peak stands above the RMS of the whole, in dB; None for silence."""
        return levels.dynamic_range_db(self.peak_amplitude, self.rms_energy)

    @property
    def seconds(self) -> float:
        """Exact length in seconds."""
        return self.material.frames / self.material.rate


def facts(path: Path, rendition: Path | None = None) -> Facts:
    """Decode a file once, in constant memory, and measure it; raises AudioError.

    rendition: where to write it converted by the default recipe, from the same pass.
    """
    if rendition is None:
        ear, repaired = with_fallback(path, lambda decoder: _heard(path, decoder))
    else:
        ears: list[_Ear] = []
        repaired = convert(path, rendition, listening=partial(_new_ear, ears)).repaired
        ear = ears[-1]
    return Facts(
        material=material_of(
            ear.decoding,
            (ear.peak, ear.mono_peak),
            ear.ends.sounding,
            repaired=repaired,
            channels_equal=ear.alike.is_so,
        ),
        peak_amplitude=ear.meter.peak,
        rms_energy=ear.meter.rms,
        loudness_lufs=_finite(ear.loudness.integrated()),
        true_peak_dbtp=_finite(gain_to_db(ear.true_peak.peak)),
        waveform=waveform.envelope(ear.outline),
        peaks=waveform.peaks(ear.outline),
        signal=ear.collector.signal(ear.decoding.frames),
    )


def _finite(level: float) -> float | None:
    return level if math.isfinite(level) else None


class _Ear:
    """Hears a source to its end: as it is, and as the converter will have it before rounding."""

    def __init__(self, decoding: Decoding) -> None:
        self.decoding = decoding
        self.meter = levels.Meter()
        self.outline = waveform.Outline()
        self.ends = edit.Ends(decoding.rate)
        self.alike = edit.Alike(decoding.channels)
        self.collector = Collector(decoding.rate, decoding.channels)
        channels = planned_channels(decoding.channels, DEFAULT)
        self.loudness = LoudnessMeter(channels)
        self.true_peak = TruePeakMeter(channels)
        self.peak = self.mono_peak = 0.0

    def source(self, block: Samples) -> None:
        self.meter.add(block)
        self.outline.add(block)
        self.ends.add(block)
        self.alike.add(block)
        self.collector.add(block)

    def at_48k(self, block: Samples) -> None:
        self.loudness.add(block)
        self.true_peak.add(block)
        self.peak = max(self.peak, levels.peak(block))
        self.mono_peak = max(self.mono_peak, levels.peak(edit.to_mono(block)))


def _new_ear(ears: list[_Ear], decoding: Decoding) -> _Ear:
    ears.append(_Ear(decoding))
    return ears[-1]


def _heard(path: Path, decoder: Decoder | None) -> _Ear:
    with blocks(path, decoder=decoder) as decoding:
        ear = _Ear(decoding)
        for block in prepared(passed(decoding, [ear.source]), decoding.places, decoding.rate):
            ear.at_48k(block)
    return ear
