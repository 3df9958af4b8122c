"""The facts of a sound as they are asked for: from its header, from its levels, by listening."""

import math
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from library import keys
from library.audio.arrays import clip_of
from library.audio.clip import Samples
from library.audio.decoders import WAVE_ORDER, Decoder
from library.audio.files import blocks, with_fallback
from library.audio.headers import probe
from library.audio.hearing.signal import Collector, Signal
from library.audio.measured import Levels, in_blocks, measured
from library.audio.passes import passed


@dataclass(frozen=True)
class Metadata:
    """What is known of a sound; None for what was not asked for, or what it does not have.

    file_size_bytes and bit_depth: of files; lossy ones have no depth. bpm: of what surely is a
    loop. key: such as 'C major', where the sound has one that is worth telling. peak_amplitude and
    rms_energy: linear, of all channels, 1.0 = full scale, 0.0 for silence. dynamic_range_db:
    20 log10 of peak by RMS, None for silence. loudness_lufs (BS.1770) and true_peak_dbtp: None for
    what is too quiet to have one; both are taken of stereo where there are more channels.
    """

    duration_seconds: float
    sample_rate: int
    channels: int
    file_size_bytes: int | None = None
    bit_depth: int | None = None
    bpm: float | None = None
    key: str | None = None
    peak_amplitude: float | None = None
    rms_energy: float | None = None
    dynamic_range_db: float | None = None
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None


class Wanted(NamedTuple):
    """Which facts are asked for besides those of the header."""

    bpm: bool
    key: bool
    stats: bool

    @property
    def hearing(self) -> bool:
        """Tell whether somebody has to listen."""
        return self.bpm or self.key


def read_metadata(
    path: str | os.PathLike[str], *, bpm: bool = True, key: bool = False, stats: bool = True
) -> Metadata:
    """Return the facts of a sound file; raises AudioError where it is none.

    stats: peak, RMS and what follows from them, loudness and true peak, for which all of it is
    decoded. bpm, key: what is heard in its first 40 seconds. Without any of them only the header is
    read, unless it has no length.
    """
    path, wanted = Path(path), Wanted(bpm, key, stats)
    header = probe(path)
    size = path.stat().st_size
    if header.seconds is None or any(wanted):
        found, _ = with_fallback(path, lambda decoder: _decoded(path, decoder, wanted))
    else:
        found = Metadata(header.seconds, header.rate, header.channels)
    return replace(found, file_size_bytes=size, bit_depth=header.bit_depth)


def describe_audio(
    array: object, sample_rate: float, *, bpm: bool = True, key: bool = False, stats: bool = True
) -> Metadata:
    """Return the facts of an array or a tensor, as `write_audio` takes it; raises AudioError."""
    clip = clip_of(array, sample_rate)
    return _told(in_blocks(clip), clip.rate, WAVE_ORDER[clip.channels], Wanted(bpm, key, stats))


def _decoded(path: Path, decoder: Decoder | None, wanted: Wanted) -> Metadata:
    with blocks(path, decoder=decoder) as decoding:
        return _told(decoding, decoding.rate, decoding.places, wanted)


def _told(
    source: Iterable[Samples], rate: int, places: tuple[str, ...], wanted: Wanted
) -> Metadata:
    collector = Collector(rate, len(places))
    takers: list[Callable[[Samples], None]] = [collector.add] if wanted.hearing else []
    if wanted.stats:
        levels = measured(source, rate, places, takers)
        frames = levels.frames
        facts = _with_levels(Metadata(frames / rate, rate, len(places)), levels)
    else:
        frames = sum(len(block) for block in passed(source, takers))
        facts = Metadata(frames / rate, rate, len(places))
    signal = collector.signal(frames)  # None where it was given nothing
    return facts if signal is None else _heard(facts, signal, wanted)


def _with_levels(facts: Metadata, levels: Levels) -> Metadata:
    return replace(
        facts,
        peak_amplitude=levels.peak,
        rms_energy=levels.rms,
        dynamic_range_db=levels.dynamic_range_db,
        loudness_lufs=_finite(levels.lufs),
        true_peak_dbtp=_finite(levels.true_peak_dbtp),
    )


def _finite(level: float) -> float | None:
    return level if math.isfinite(level) else None


def _heard(facts: Metadata, signal: Signal, wanted: Wanted) -> Metadata:
    """Listen for what is wanted; the models are loaded only here."""
    from library.audio.hearing.key import key
    from library.audio.hearing.kind import kind
    from library.audio.hearing.shown import shown_bpm, shown_key
    from library.audio.hearing.tempo import tempo

    if wanted.bpm:
        in_time = tempo(signal)
        bpm = shown_bpm(kind(signal, in_time), in_time, signal.seconds)
        facts = replace(facts, bpm=bpm)
    if wanted.key:
        facts = replace(facts, key=dict(keys.CHOICES).get(shown_key(key(signal))))
    return facts
