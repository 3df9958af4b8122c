"""The floor under any converter: read the bytes, resample with bare soxr, write the result.

    python benchmarks/floor.py    reads lines "SOURCE<tab>TARGET<tab>RATE<tab>CHANNELS<tab>FRAMES"

Nothing is decoded, dithered or looked at: noise of the file's rate and length stands in for it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soxr

RATE = 48_000
BLOCK = 65_536


NOISE = np.random.default_rng(1).uniform(-1, 1, (BLOCK, 2)).astype(np.float32)
BLOCKS = {1: np.ascontiguousarray(NOISE[:, :1]), 2: NOISE}
WORDS = bytes(BLOCK * 16)
"""More than a block becomes: 22.05 to 48 kHz is 2.2 times as many."""


def outputs(rate: int, channels: int, frames: int) -> Iterator[int]:
    """Resample so many frames, unless they are at 48 kHz; gives the bytes of each block's words."""
    stream = soxr.ResampleStream(rate, RATE, channels, "float32", "HQ") if rate != RATE else None
    for start in range(0, frames, BLOCK):
        length = min(BLOCK, frames - start)
        if stream is None:
            yield length * channels * 2
        else:
            last = start + length == frames
            yield stream.resample_chunk(BLOCKS[channels][:length], last=last).nbytes // 2


def main() -> None:
    """Do for each line what cannot be left out."""
    for line in sys.stdin:
        source, target, *figures = line.rstrip("\n").split("\t")
        Path(source).read_bytes()
        with Path(target).open("wb", buffering=0) as file:
            file.writelines(WORDS[:size] for size in outputs(*map(int, figures)))


if __name__ == "__main__":
    main()
