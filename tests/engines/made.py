"""Sounds of the engine, made once, and what the product hears in them."""

import tempfile
from functools import cache
from pathlib import Path

import soundfile

from library.audio.hearing.hear import hear
from library.audio.hearing.signal import read
from library.engines.synthesiser import Synthesiser


@cache
def made(prompt, duration=4.0, seed=0):
    """Frames x channels and rate; not to be written to."""
    audio, rate = Synthesiser(seed).generate(prompt, duration)
    audio.flags.writeable = False
    return audio, rate


@cache
def heard(prompt, duration=4.0, seed=0):
    """What the sound says by itself, without its name."""
    audio, rate = made(prompt, duration, seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        soundfile.write(path, audio, rate, subtype="PCM_24")
        return hear(read(path))
