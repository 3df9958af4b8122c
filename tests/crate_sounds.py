"""The demo crate rendered once, and how its sounds are looked at."""

from functools import cache

import numpy as np

from library.audio.synth.crate import DEMO, RATE

NAMES = tuple(sound.name for sound in DEMO)
SOUNDS = {sound.name: sound for sound in DEMO}


def named(sample_class):
    """Names of one class."""
    return [sound.name for sound in DEMO if sound.sample_class == sample_class]


@cache
def rendered(name):
    """Frames x channels at RATE; not to be written to."""
    audio = SOUNDS[name].render()
    audio.flags.writeable = False
    return audio


@cache
def power(name):
    """Frequencies in Hz and the power at each, channels summed."""
    audio = rendered(name)
    spectrum = np.abs(np.fft.rfft(audio, axis=0)) ** 2
    return np.fft.rfftfreq(len(audio), 1 / RATE), spectrum.sum(axis=1)


def share(name, low_hz, high_hz):
    """Part of the energy between two frequencies, 0..1."""
    hz, energy = power(name)
    return energy[(hz >= low_hz) & (hz < high_hz)].sum() / energy.sum()


def strongest_hz(name, low_hz, high_hz):
    """The frequency of the highest line between two frequencies."""
    hz, energy = power(name)
    inside = (hz >= low_hz) & (hz < high_hz)
    return hz[inside][np.argmax(energy[inside])]


def chroma(name, low_hz=30.0, high_hz=1500.0):
    """Energy in the middle 60 cents of each pitch class, C first, sum 1."""
    hz, energy = power(name)
    inside = (hz >= low_hz) & (hz < high_hz)
    semitones = 12 * np.log2(hz[inside] / 440) + 9
    near = np.abs(semitones - np.round(semitones)) <= 0.3
    classes = np.round(semitones[near]).astype(int) % 12
    summed = np.bincount(classes, energy[inside][near], minlength=12)
    return summed / summed.sum()
