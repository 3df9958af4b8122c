"""What the slicer knows of a sound: its hits, the marks in its file, and where a choice cuts it."""

import wave
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.core.files.storage import default_storage

from kits.models import Pad
from kits.sounding import LONG_SECONDS
from library import storage
from library.audio import slices
from library.audio.chunks.reading import read
from library.audio.units import RATE, resampled_frames
from library.models import Hearing, Sample

METHODS = {
    "file": "In the file",
    "hits": "Hits",
    "beats": "Beats",
    "equal": "Equal",
    "hand": "By hand",
}


@dataclass(frozen=True)
class Choice:
    """How to cut: a key of METHODS and its numbers.

    sensitivity 0..100; shortest and offset in milliseconds; most 1..64 hits; grid as in
    `slices.GRIDS`; parts 2..64; trim: the first piece begins at the first mark.
    """

    method: str = "hits"
    sensitivity: int = 62
    shortest: int = 60
    most: int = 16
    bpm: float = 120.0
    offset: float = 0.0
    grid: int = 8
    parts: int = 16
    trim: bool = False


@dataclass(frozen=True)
class Cuttable:
    """A sound that can be cut, with a known length."""

    sample: Sample
    frames: int  # at 48 kHz, at least one

    @classmethod
    def of(cls, sample: Sample) -> "Cuttable | None":
        """Return it; None for a sound that is not measured yet or has no frames."""
        if not sample.frames or not sample.sample_rate:
            return None
        return cls(sample, resampled_frames(sample.frames, sample.sample_rate))

    @property
    def is_long(self) -> bool:
        """Tell whether a browser streams it."""
        return self.frames > LONG_SECONDS * RATE

    @cached_property
    def hits(self) -> list[slices.Hit]:
        """Return where something begins in it, with strengths; nothing before it was heard."""
        found = Hearing.objects.filter(sample=self.sample).only("onsets", "strengths").first()
        if found is None:
            return []
        seconds = np.frombuffer(found.onsets, np.float32).astype(np.float64)
        strengths = np.frombuffer(found.strengths, np.float32)
        places = np.floor(seconds * RATE + 0.5).astype(np.int64)
        loud = np.rint(strengths * slices.STRONGEST).astype(np.int64)
        pairs = zip(places.tolist(), loud.tolist(), strict=True)
        return [(place, strength) for place, strength in pairs if place < self.frames]

    @cached_property
    def marks(self) -> list[int]:
        """Return the cue points and loop points of its file, else the chops of a pad that has any.

        Only the file's chunks are read.
        """
        found = self._embedded()
        if not found:
            pads = Pad.objects.filter(sample=self.sample).exclude(chops=[]).order_by("-pk")
            found = next(iter(pads.values_list("chops", flat=True)[:1]), [])
        inside = {mark for mark in found if 0 < mark < self.frames}
        return slices.settled(inside, self.frames, head=False) if inside else []

    def _embedded(self) -> list[int]:
        try:
            with storage.local(self.sample.blob) as path:
                found = read(path)
        except FileNotFoundError:
            return []
        marks = [*found.marks, *(edge for loop in found.loops for edge in loop)]
        return slices.at_rate(marks, self.sample.sample_rate or RATE)

    def first_choice(self) -> Choice:
        """Return what fits best before anybody chose: marks of the file, else hits."""
        method = "file" if self.marks else "hits"
        return Choice(method=method, bpm=self.sample.bpm or Choice.bpm)

    def cuts(self, choice: Choice) -> list[int]:
        """Return where a choice cuts, in frames at 48 kHz; by hand nothing is cut yet."""
        head = not choice.trim
        if choice.method == "file":
            return slices.settled(self.marks, self.frames, head=head)
        if choice.method == "hits":
            return slices.hits(
                self.hits,
                self.frames,
                sensitivity=choice.sensitivity,
                shortest=choice.shortest * RATE // 1000,
                most=choice.most,
                head=head,
            )
        if choice.method == "beats":
            offset = int(choice.offset * RATE / 1000 + 0.5)
            return slices.beats(
                self.frames, bpm=choice.bpm, offset=offset, grid=choice.grid, head=head
            )
        return slices.equal(self.frames, choice.parts) if choice.method == "equal" else [0]

    def snapped(self, cuts: list[int]) -> list[int]:
        """Return cuts moved to zero crossings of what browsers hear and cards get (16 bits).

        A cut at the start stays; so do all where there is no rendition.
        """
        try:
            with default_storage.open(self.sample.preview) as file, wave.open(file) as heard:
                moved: list[int] = []
                for cut in cuts:
                    moved.append(max(_snapped(heard, cut), moved[-1] + 1 if moved else 0))
                return [cut for cut in moved if cut < self.frames]
        except (FileNotFoundError, wave.Error, EOFError):
            return cuts

    def facts(self) -> dict[str, Any]:
        """Return what the page's script needs, for JSON."""
        return {
            "sample": self.sample.pk,
            "frames": self.frames,
            "bpm": self.sample.bpm,
            "long": self.is_long,
            "hits": self.hits,
            "file": self.marks,
        }


def _snapped(heard: wave.Wave_read, cut: int) -> int:
    if not 0 < cut < heard.getnframes():
        return cut
    first = max(0, cut - slices.SNAP - 1)
    heard.setpos(first)
    words = np.frombuffer(heard.readframes(2 * slices.SNAP + 2), "<i2")
    line = words.reshape(-1, heard.getnchannels()).sum(axis=1, dtype=np.int32)
    return first + slices.snapped(np.sign(line).tolist(), cut - first)
