"""Write WAV and AIFF with nothing in them but the format and the sound: 48 kHz and 16 bits.

The device drops every other chunk and dislikes WAVE_FORMAT_EXTENSIBLE (docs/hardware.md). The head
of a WAV is made here for other rates and words as well.
"""

import os
import re
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np

from library.audio.clip import Integers
from library.audio.units import RATE

Container = Literal["wav", "aiff"]

WORD = 2
"""Bytes per sample."""

WAV_HEADER = struct.Struct("<4sI4s 4sIHHIIHH 4sI")
FLOAT_HEADER = struct.Struct("<4sI4s 4sIHHIIHHH 4sII 4sI")
PCM, FLOAT = 1, 3
"""Words of WAVE_FORMAT: whole numbers, and IEEE floats."""

AIFF_HEADER = struct.Struct(">4sI4s 4sIHIH10s 4sIII")

PARTIAL = re.compile(r"\.([1-9]\d{0,8})-[0-9a-f]{8}\.partial")
"""The name of a file that is being written, with its process."""

UNTOUCHED_SECONDS = 120
"""After so long nobody on another machine is still writing a file either."""

EXTENDED_48K = bytes.fromhex("400E BB80 0000 0000 0000")
"""48 000 as an 80-bit extended float: 2**15 * 1.46484375 (AIFF 1.3, "sampleRate")."""


def header(container: Container, frames: int, channels: int) -> bytes:
    """Return the bytes before the samples: 44 for WAV, 54 for AIFF."""
    if container == "wav":
        return wav_header(frames, channels)
    size = frames * channels * WORD
    return AIFF_HEADER.pack(
        *(b"FORM", AIFF_HEADER.size - 8 + size, b"AIFF"),
        *(b"COMM", 18, channels, frames, WORD * 8, EXTENDED_48K),
        *(b"SSND", 8 + size, 0, 0),
    )


def wav_header(
    frames: int, channels: int, rate: int = RATE, width: int = WORD, *, floats: bool = False
) -> bytes:
    """Return the bytes of a WAV before its samples, of `width` bytes each; floats: 58, else 44.

    Behind samples of an odd number of bytes in all has to follow a zero. rate in Hz.
    """
    step = channels * width
    size = frames * step
    told = (channels, rate, rate * step, step, width * 8)
    if floats:  # all but whole numbers have to say how many frames there are
        return FLOAT_HEADER.pack(
            *(b"RIFF", FLOAT_HEADER.size - 8 + size + size % 2, b"WAVE"),
            *(b"fmt ", 18, FLOAT, *told, 0),
            *(b"fact", 4, frames),
            *(b"data", size),
        )
    return WAV_HEADER.pack(
        *(b"RIFF", WAV_HEADER.size - 8 + size + size % 2, b"WAVE"),
        *(b"fmt ", 16, PCM, *told),
        *(b"data", size),
    )


def file_size(container: Container, frames: int, channels: int) -> int:
    """Return the exact size in bytes of a file of so many frames."""
    head = WAV_HEADER if container == "wav" else AIFF_HEADER
    return head.size + frames * channels * WORD


class PcmFile:
    """A file being written from its start; frames are counted, the header comes last."""

    def __init__(self, file: BinaryIO, container: Container, channels: int) -> None:
        """Empty the file and leave room for the header."""
        self.file = file
        self.container = container
        self.channels = channels
        self.frames = 0
        if file.tell():  # ext4 writes a file out at once when it closes, if it was ever emptied
            file.seek(0)
            file.truncate()
        file.write(header(container, 0, channels))

    def write(self, words: Integers) -> None:
        """Append int16 frames x channels."""
        big = self.container == "aiff"
        self.file.write(words.astype(">i2" if big else "<i2", order="C", copy=False).data)
        self.frames += len(words)

    def write_silence(self, frames: int) -> None:
        """Append digital silence."""
        self.write(np.zeros((frames, self.channels), np.int16))

    def finish(self) -> int:
        """Write the true header; return the size in bytes."""
        self.file.seek(0)
        self.file.write(header(self.container, self.frames, self.channels))
        return file_size(self.container, self.frames, self.channels)


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a new file beside `target`: it takes that name when the block ends well, else it goes.

    Nobody ever sees half a file, as long as there is power: a block that has to, syncs it.
    Raises OSError.
    """
    # Short: the target's name may have the greatest length. The process is for who clears up.
    partial = target.with_name(f".{os.getpid()}-{os.urandom(4).hex()}.partial")
    try:
        with partial.open("x+b") as file:
            yield file
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def remove_unfinished(target: Path, process: int) -> None:
    """Remove what a killed process left of `target`; it writes one file at a time."""
    for partial in target.parent.glob(f".{process}-*.partial"):
        partial.unlink(missing_ok=True)


def remove_abandoned(folder: Path) -> None:
    """Remove what runs that were killed as a whole have left in a folder; raises OSError.

    Another machine may write there too, with processes that nobody here knows: what was touched
    a moment ago stays.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            named = PARTIAL.fullmatch(entry.name)
            if named and _is_dead(int(named[1])) and _is_untouched(entry):
                with suppress(OSError):  # a folder, or not ours
                    Path(entry.path).unlink()


def _is_dead(process: int) -> bool:
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_bytes().rpartition(b") ")[2]
    except OSError as error:  # one of somebody else's cannot be asked, but is there
        return isinstance(error, ProcessLookupError)
    return state.startswith(b"Z")  # a container may have nobody who takes the dead away


def _is_untouched(entry: os.DirEntry[str]) -> bool:
    return time.time() - entry.stat(follow_symlinks=False).st_mtime > UNTOUCHED_SECONDS
