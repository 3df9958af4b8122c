"""What the sounds of one person are like, in one file that all processes map into memory.

The file is a copy of what stands in the rows, made to be searched: 64 numbers a sound, and the
rhythms of loops. A file is never changed but for its note of how far it goes: another one takes its
place. It may be deleted at any time. Classes, keys and the trash are not in it: these change with a
press of a key, so a search asks the rows for them.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

import numpy as np
import numpy.typing as npt
from django.conf import settings

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]

WIDTH = 64
"""Numbers of a sound: library/audio/hearing/descriptor.py."""

SPECTRAL = np.array([*range(39), *range(55, 61), 63])
"""Those of them that tell what it is made of, not how it swells and fades."""

STEPS = 48
"""Of a loop's rhythm: 16 in each of three bands (library/audio/hearing/rhythm.py)."""

FORMAT = 2
HEAD = 5
"""Whole numbers at the start: format, the last hearing that is in, the database, sounds, loops."""

WORD = 8
TINY = np.float32(1e-9)


@dataclass(frozen=True, eq=False)
class Matrix:
    """The sounds of one person, by their ids.

    upto: the newest hearing of anybody when it was made. database: whose numbers all these are.
    ids: int64 (n,), ascending. sounds: float32 (n, 64), rows of length 1. spectral: float32 (n,),
    the length of each row's spectral part. loops: int64 (m,), the rows of sounds with a rhythm.
    rhythms: float32 (m, 48), rows of length 1. tempos: float32 (m,), BPM.
    """

    upto: int
    database: int
    ids: Numbers
    sounds: Floats
    spectral: Floats
    loops: Numbers
    rhythms: Floats
    tempos: Floats

    @classmethod
    def mapped(cls, path: Path) -> Self | None:
        """Return what a file holds, or None where there is none of this format."""
        try:
            memory = np.memmap(path, np.uint8, "r")
        except (FileNotFoundError, ValueError):  # none yet, or an empty one
            return None
        if len(memory) < HEAD * WORD:
            return None
        form, upto, database, count, loops = memory[: HEAD * WORD].view(np.int64).tolist()
        sizes = (count * WORD, count * WIDTH * 4, count * 4, loops * WORD, loops * STEPS * 4)
        if form != FORMAT or len(memory) != HEAD * WORD + sum(sizes) + loops * 4:
            return None
        ids, sounds, spectral, at, rhythms, tempos = np.split(
            memory, np.cumsum([HEAD * WORD, *sizes])
        )[1:]
        return cls(
            upto,
            database,
            ids.view(np.int64),
            sounds.view(np.float32).reshape(count, WIDTH),
            spectral.view(np.float32),
            at.view(np.int64),
            rhythms.view(np.float32).reshape(loops, STEPS),
            tempos.view(np.float32),
        )

    def write(self, path: Path) -> None:
        """Store it whole: another process sees the old file or this one."""
        counts = len(self.ids), len(self.loops)
        head = np.array([FORMAT, self.upto, self.database, *counts], np.int64)
        parts = (self.ids, self.sounds, self.spectral, self.loops, self.rhythms, self.tempos)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = settings.TMP_DIR / f"{uuid4().hex}.part"
        try:
            with part.open("xb") as file:
                for values in (head, *parts):
                    file.write(np.ascontiguousarray(values).tobytes())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def place_of(self, sample: int) -> int | None:
        """Return the row of a sound; None where nothing was heard of it."""
        place = int(np.searchsorted(self.ids, sample))
        return place if place < len(self.ids) and self.ids[place] == sample else None

    def places_of(self, samples: Numbers) -> Numbers:
        """Return the rows of those of the sounds that are in."""
        if not len(self.ids):
            return np.empty(0, np.int64)
        places = np.minimum(np.searchsorted(self.ids, samples), len(self.ids) - 1)
        found: Numbers = places[self.ids[places] == samples]
        return found


def note(path: Path, upto: int) -> None:
    """Write into a file that it holds all up to this hearing."""
    handle = os.open(path, os.O_WRONLY)
    try:
        os.pwrite(handle, np.int64(upto).tobytes(), WORD)
    finally:
        os.close(handle)


def unit(rows: Floats) -> Floats:
    """Return rows brought to length 1; those of zeros stay."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    brought: Floats = (rows / np.maximum(lengths, TINY)).astype(np.float32)
    return brought
