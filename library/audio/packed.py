"""24-bit words straight from WAV and AIFF: numpy unpacks them four times as fast as libsndfile."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import soundfile

from library.audio.clip import Samples

WIDTH = 3
"""Bytes per sample."""

SCALE = np.float32(2.0**-31)
LIBRARY, MEMORY = soundfile._snd, soundfile._ffi  # noqa: SLF001 - raw reads have no public name


def is_packed(file: soundfile.SoundFile) -> bool:
    """Tell whether the samples of an open file lie in it as three bytes each."""
    return bool(file.subtype == "PCM_24" and file.format in {"WAV", "WAVEX", "RF64", "AIFF"})


def packed_blocks(file: Any, frames: int) -> Iterator[Samples]:
    """Give float32 blocks of `frames` frames, the last one shorter; frames x channels.

    Each three bytes are read as four, with one byte of a neighbour that is then masked out. Where
    libsndfile fails to read, the sound ends, as it does for a file that was cut off.
    """
    is_big = file.endian == "BIG" or (file.endian == "FILE" and file.format == "AIFF")
    step = WIDTH * file.channels
    room = np.zeros(frames * step + 1, np.uint8)
    # The byte of no account is the lowest of the four: behind the others, or in front of them.
    shift, order = (0, ">i4") if is_big else (1, "<i4")
    target = MEMORY.cast("char *", MEMORY.from_buffer(room)) + shift
    while True:
        count = max(0, LIBRARY.sf_read_raw(file._file, target, frames * step)) // step  # noqa: SLF001
        fours = np.ndarray((count * file.channels,), order, room, 0, (WIDTH,))
        block = np.bitwise_and(fours, -256, dtype=np.int32).astype(np.float32)
        block *= SCALE
        if count:
            yield block.reshape(count, file.channels)
        if count < frames:
            return
