"""Everything that is heard in a sound, each thing once."""

import numpy as np

from library.audio.hearing.descriptor import COUNT, standardised
from library.audio.hearing.fingerprint import fingerprint
from library.audio.hearing.heard import Halves, Heard
from library.audio.hearing.key import key
from library.audio.hearing.kind import kind
from library.audio.hearing.onsets import onsets
from library.audio.hearing.rhythm import rhythm
from library.audio.hearing.signal import LOW_RATE, USUAL_RATE, Mono, Signal
from library.audio.hearing.sound_class import chosen, class_features
from library.audio.hearing.strike import Strike
from library.audio.hearing.tempo import Tempo, tempo

NO_RHYTHM: Halves = np.zeros(0, np.float16)


def hear(signal: Signal) -> Heard:
    """Return all that a sound says by itself."""
    in_time = tempo(signal)
    of_kind = kind(signal, in_time)
    in_key = key(signal)
    numbers = class_features(Strike.of(signal.mono), signal.seconds)
    of_class = chosen(numbers, is_loop=of_kind.is_loop)
    return Heard(
        is_loop=of_kind.is_loop,
        kind_confidence=of_kind.confidence,
        bpm=in_time.bpm,
        bpm_confidence=in_time.confidence,
        bpm_octaves=in_time.octaves,
        bpm_alternatives=in_time.alternatives,
        key=in_key.name,
        key_confidence=in_key.confidence,
        key_second=in_key.second_name,
        tonality=in_key.tonality,
        heard_class=of_class.name,
        class_confidence=of_class.confidence,
        class_second=of_class.second,
        coarse=of_class.coarse,
        onsets=onsets(signal),
        descriptor=standardised(numbers[-COUNT:]),
        rhythm=_rhythm(in_time, signal.seconds) if of_kind.is_loop else NO_RHYTHM,
        fingerprint=fingerprint(signal),
    )


def _rhythm(in_time: Tempo, seconds: float) -> Halves:
    """Return where something begins in a bar; nothing of a sound without a tempo."""
    bpm = in_time.bpm
    return NO_RHYTHM if bpm is None else rhythm(in_time.guesses.evidence.envelope, bpm, seconds)


def warm_up() -> None:
    """Load models and make filters, which processes forked from this one then share."""
    for seconds in (0.5, 4.0):
        mono, native = _beats(seconds, LOW_RATE), _beats(seconds, USUAL_RATE)
        frames = len(native)
        hear(Signal(mono, native, USUAL_RATE, seconds, frames, USUAL_RATE, channels=1))


def _beats(seconds: float, rate: int) -> Mono:
    """Return noise that falls silent twice a second."""
    moments = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(404).uniform(-1, 1, moments.size)
    return (noise * np.exp(-20 * (moments % 0.5))).astype(np.float32)
