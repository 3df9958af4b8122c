"""Sounds of the engine, made once, and what the product hears in them."""

import tempfile
from functools import cache
from pathlib import Path

import soundfile

from library.audio.hearing.hear import hear
from library.audio.hearing.signal import read
from library.engines.synthesiser import Synthesiser


def made(prompt, duration=4.0, seed=0):
    """Frames x channels and rate; not to be written to."""
    return _made(prompt, duration, seed)


@cache  # which knows calls by how they are written: all are to be written in one way
def _made(prompt, duration, seed):
    audio, rate = Synthesiser(seed).generate(prompt, duration)
    audio.flags.writeable = False
    return audio, rate


def heard(prompt, duration=4.0, seed=0):
    """What the sound says by itself, without its name."""
    return _heard(prompt, duration, seed)


@cache
def _heard(prompt, duration, seed):
    audio, rate = made(prompt, duration, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        soundfile.write(path, audio, rate, subtype="PCM_24")
        return hear(read(path))
