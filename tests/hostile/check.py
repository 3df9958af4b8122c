"""Hold what the converter wrote against what a kind of file must give."""

import wave
from pathlib import Path

import numpy as np

from library.audio.decoders import DAMAGED
from library.audio.files import CUT_SHORT, FOLLOWED, NOT_NUMBERS
from tests.hostile.kinds import ABSENT, Sound

RATE = 48_000
WARNINGS = {DAMAGED, CUT_SHORT, FOLLOWED, NOT_NUMBERS}
EDGE = 20
"""One part in so many is left out at both ends: filters ring there, codecs begin there."""


def faults(path: Path, expected: Sound, changes: list[str]) -> list[str]:
    """Say what is wrong with a converted WAV; changes: what the converter says that it did."""
    with wave.open(str(path)) as file:
        form = (file.getframerate(), file.getsampwidth(), file.getnchannels())
        frames = file.getnframes()
        words = np.frombuffer(file.readframes(frames), "<i2").reshape(-1, form[2])
    found = []
    if form != (RATE, 2, min(expected.channels, 2)):
        found.append(f"rate, bytes and channels are {form}")
    fewest, most = expected.frames if isinstance(expected.frames, tuple) else [expected.frames] * 2
    if not out_of(fewest, expected.rate) <= frames <= out_of(most, expected.rate):
        found.append(f"{frames} frames, that is {frames * expected.rate / RATE:g} of the source")
    if set(changes) & WARNINGS != set(expected.warnings):
        found.append(f"the warnings are {sorted(set(changes) & WARNINGS)}")
    return found + [fault for side in (0, 1) for fault in _unheard(words, expected, side)]


def out_of(frames: int, rate: int) -> int:
    """Frames at 48 kHz, rounded up."""
    return -(-frames * RATE // rate)


def _unheard(words, expected: Sound, side: int) -> list[str]:
    tones = [(hz, level) for channel, hz, level in expected.heard if channel == side]
    if not tones:
        return []
    edge = len(words) // EDGE
    line = words[edge : len(words) - edge, side] / 32_768
    found = []
    for (hz, wanted), level in zip(tones, levels(line, [hz for hz, _ in tones]), strict=True):
        if wanted == ABSENT:
            is_right = level <= expected.absent_db
        else:
            is_right = abs(level - wanted) <= expected.within_db
        if not is_right:
            found.append(f"channel {side}: {hz:g} Hz at {level:.2f} dB instead of {wanted:.2f}")
    return found


def levels(line, pitches: list[float]) -> list[float]:
    """Peak levels in dB of several tones at once, by least squares: none leaks into another."""
    turns = 2 * np.pi / RATE * np.arange(len(line))
    waves = [wave_(hz * turns) for hz in pitches for wave_ in (np.sin, np.cos)]
    fitted, *_ = np.linalg.lstsq(np.stack(waves, axis=1), line, rcond=None)
    peaks = np.hypot(fitted[0::2], fitted[1::2])
    return list(20 * np.log10(np.maximum(peaks, 1e-9)))
