"""The floor under any converter: read the bytes, resample with bare soxr, write the result.

    python benchmarks/floor.py    reads lines "SOURCE<tab>TARGET<tab>RATE<tab>CHANNELS<tab>FRAMES"

Nothing is decoded, dithered or looked at: noise of the file's rate and length stands in for it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

RATE = 48_000
BLOCK = 65_536
STEPS = 32_767

Samples = npt.NDArray[np.float32]

NOISE: Samples = np.random.default_rng(1).uniform(-0.5, 0.5, (BLOCK, 2)).astype(np.float32)
BLOCKS = {1: np.ascontiguousarray(NOISE[:, :1]), 2: NOISE}
ROOM = bytearray(BLOCK * 4)


def read(path: Path) -> None:
    """Take in a whole file, piece by piece."""
    with path.open("rb", buffering=0) as file:
        while file.readinto(ROOM):
            pass


def resampled(rate: int, channels: int, frames: int) -> Iterator[Samples]:
    """Resample so many frames, unless they are at 48 kHz."""
    stream = soxr.ResampleStream(rate, RATE, channels, "float32", "HQ") if rate != RATE else None
    for start in range(0, frames, BLOCK):
        block = BLOCKS[channels][: frames - start]
        is_last = start + BLOCK >= frames
        yield block if stream is None else stream.resample_chunk(block, last=is_last)


def words(block: Samples) -> memoryview:
    """Return the bytes of a block in 16 bits, rounded towards zero."""
    return np.multiply(block, STEPS).astype("<i2").data


def main() -> None:
    """Do for each line what cannot be left out."""
    for line in sys.stdin:
        source, target, *figures = line.rstrip("\n").split("\t")
        read(Path(source))
        with Path(target).open("wb", buffering=0) as file:
            file.writelines(map(words, resampled(*map(int, figures))))


if __name__ == "__main__":
    main()
