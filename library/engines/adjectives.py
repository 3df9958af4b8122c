"""What adjectives do: to the settings of a recipe, and to the sound that it made."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

from library.audio.loudness import LoudnessMeter
from library.audio.synth.mixdown import crush, saturate
from library.audio.synth.space import Room, wide
from library.audio.synth.studio import Recipe, Signal, Studio
from library.audio.truepeak import TruePeakMeter

_TIMES = ("seconds", "decay", "skin_decay", "wire_decay", "tail")
TURNED: dict[str, dict[str, float]] = {
    "long": dict.fromkeys(_TIMES, 1.7),
    "short": dict.fromkeys(_TIMES, 0.55),
    "dark": {
        "low_hz": 0.85, "high_hz": 0.75, "top_hz": 0.6, "wire_high_hz": 0.7, "bright_hz": 0.6,
        "click": 0.5,
    },
    "bright": {
        "low_hz": 1.1, "high_hz": 1.2, "top_hz": 1.6, "wire_high_hz": 1.5, "bright_hz": 1.5,
        "light_hz": 1.5,
    },
    "hard": {"drive": 1.5, "click": 1.5, "slap": 1.5, "tick": 1.4},
    "soft": {"drive": 0.7, "click": 0.4, "slap": 0.5, "tick": 0.5, "bright": 0.6},
}  # fmt: skip
"""Factors for the settings that a recipe has."""

VARIED = {
    **dict.fromkeys(_TIMES, 0.12), "seconds": 0.0, "punch": 0.12, "drop": 0.15, "click": 0.2,
    "drive": 0.1, "top_hz": 0.12, "wire_level": 0.1, "wire_high_hz": 0.1, "metal": 0.1,
    "slap": 0.15, "slap_hz": 0.1, "tick": 0.15, "gap": 0.12, "swing": 0.06, "attack": 0.1,
    "bright": 0.15, "tremolo_hz": 0.15, "turn_hz": 0.08, "open_hz": 0.12, "closed_hz": 0.1,
    "dark_hz": 0.1, "light_hz": 0.12, "bright_hz": 0.12, "warmth": 0.1, "size": 0.03,
    "breath": 0.15, "clicks_per_second": 0.15,
}  # fmt: skip
"""How far another take of the same words may be, a standard deviation in nepers."""

PITCH_VARIED = 0.035
"""The same for the pitch of a drum that nobody has tuned."""

FARTHEST = 1.8  # standard deviations

SHELF = {"dark": 0.3, "bright": 2.6}
"""Gain far above the middle of a sound's own spectrum."""

SOFTEST_LUFS = -17.7
"""How loud a hit is at least where its true peak is at full scale; files peak a decibel lower."""
HARDEST_DRIVE = 20.0

ROOM = Room(0.5, 0.3, 7000.0)
APART_SECONDS, APART = 0.013, 0.45
DUST_BITS, DUST_SHELF = 8, 0.4
BROKEN_DRIVE = 7.0


def turned(recipe: Recipe, factors: Mapping[str, float]) -> Recipe:
    """Return a recipe with those of its settings multiplied that it has."""
    if not is_dataclass(recipe):
        return recipe
    known = {field.name: getattr(recipe, field.name) for field in fields(recipe)}
    changes: dict[str, Any] = {
        name: known[name] * factor
        for name, factor in factors.items()
        if isinstance(known.get(name), float | int)
    }
    return replace(recipe, **changes)


def described(recipe: Recipe, traits: frozenset[str]) -> Recipe:
    """Return a recipe as adjectives want it, as far as it has settings for them."""
    for trait in sorted(traits & TURNED.keys()):
        recipe = turned(recipe, TURNED[trait])
    return _bare(recipe) if "dry" in traits else recipe


def _bare(recipe: Recipe) -> Recipe:
    """Return a recipe whose room, where it has one, does not answer."""
    room = getattr(recipe, "room", None)
    return replace(recipe, room=replace(room, level=0.0)) if room else recipe  # type: ignore[type-var]


def another(recipe: Recipe, chance: np.random.Generator, *, tuned: bool) -> Recipe:
    """Return a take of a recipe: its settings a little off. tuned: its pitch stays."""
    spread = VARIED if tuned else {**VARIED, "hz": PITCH_VARIED}
    off = np.clip(chance.standard_normal(len(spread)), -FARTHEST, FARTHEST)
    factors = np.exp(off * np.array(list(spread.values())))
    return turned(recipe, dict(zip(spread, map(float, factors), strict=True)))


def coloured(sound: Signal, studio: Studio, traits: frozenset[str], *, is_loop: bool) -> Signal:
    """Return a sound as adjectives want it. A loop's end is joined to its start throughout."""
    for trait in sorted(traits & SHELF.keys()):
        sound = shelved(sound, studio.rate, SHELF[trait], is_loop=is_loop)
    if "distorted" in traits:
        sound = saturate(sound / np.max(np.abs(sound)), BROKEN_DRIVE)
    if "dusty" in traits:
        sound = dusty(sound, studio.rate, is_loop=is_loop)
    if "wide" in traits:
        sound = broad(sound, studio, is_loop=is_loop)
    return sound.mean(axis=1) if "dry" in traits and sound.ndim > 1 else sound


def dense(sound: Signal, rate: int) -> Signal:
    """Return a hit driven until it is not much softer than others at the same peak.

    Where it is loud enough it stays as it is. What makes takes of one drum differ in loudness is
    how far their peaks stand out, not what they are.
    """
    sound = sound / np.max(np.abs(sound))
    driven, drive = sound, 1.0
    while _loudness(driven, rate) < SOFTEST_LUFS and drive < HARDEST_DRIVE:
        drive *= 1.2
        driven = saturate(sound, drive)
    return driven


def _loudness(sound: Signal, rate: int) -> float:
    """Return how loud a sound is, in LUFS, where its true peak is at full scale."""
    samples = sound.reshape(len(sound), -1).astype(np.float32)
    loudness, peak = LoudnessMeter(samples.shape[1], rate), TruePeakMeter(samples.shape[1])
    loudness.add(samples)
    peak.add(samples)
    return loudness.integrated() - 20 * float(np.log10(peak.peak))


def shelved(sound: Signal, rate: int, gain: float, *, is_loop: bool) -> Signal:
    """Turn up or down, by a first-order shelf, what is above the middle of its own spectrum."""
    size = len(sound) if is_loop else len(sound) + rate // 4
    spectrum = np.fft.rfft(sound, size, axis=0)
    hz = np.fft.rfftfreq(size, 1 / rate)
    energy = np.cumsum(np.sum(np.abs(spectrum.reshape(len(hz), -1)) ** 2, axis=1))
    middle = hz[np.searchsorted(energy, 0.5 * energy[-1])] + 20.0
    gains = (1 + gain * 1j * hz / middle) / (1 + 1j * hz / middle)
    spectrum *= gains.reshape(-1, *[1] * (sound.ndim - 1))
    return np.asarray(np.fft.irfft(spectrum, size, axis=0)[: len(sound)])


def dusty(sound: Signal, rate: int, *, is_loop: bool) -> Signal:
    """Return a sound as off an early sampler: coarse, and dull above."""
    level = np.max(np.abs(sound))
    coarse = crush(saturate(sound / level, 1.5), DUST_BITS)
    return np.asarray(level * shelved(coarse, rate, DUST_SHELF, is_loop=is_loop))


def broad(sound: Signal, studio: Studio, *, is_loop: bool) -> Signal:
    """Set a sound wide: a late copy left, its opposite right; together they are as before."""
    both = wide(sound)
    late = studio.frames(APART_SECONDS)
    copy = np.roll(both.mean(axis=1), late)
    if not is_loop:
        both, copy = ROOM(studio, both), np.concatenate([np.zeros(late), both.mean(axis=1)])
        copy = np.pad(copy, (0, max(0, len(both) - len(copy))))[: len(both)]
    return both + APART * np.stack([copy, -copy], axis=1)
