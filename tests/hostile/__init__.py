"""A corpus of nasty and odd sound files, made the same each time, with what each must give.

`python -m tests.hostile FOLDER` writes them all.
"""

from tests.hostile import (
    aiff,
    flac,
    mp3,
    mp4,
    mp4_lies,
    ogg,
    strangers,
    wav_chunks,
    wav_places,
    wav_words,
)
from tests.hostile.kinds import KINDS

__all__ = [
    "KINDS",
    "aiff",
    "flac",
    "mp3",
    "mp4",
    "mp4_lies",
    "ogg",
    "strangers",
    "wav_chunks",
    "wav_places",
    "wav_words",
]
