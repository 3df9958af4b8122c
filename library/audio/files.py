"""The sound in a file, in blocks, by the decoder that suits it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from library.audio.clip import Clip, Integers, Samples
from library.audio.decoders import DAMAGED, Decoder, Stream, ffmpeg_stream, sndfile_stream
from library.audio.errors import DamagedAudio, OutOfBounds, UnreadableAudio
from library.audio.headers import LONGEST_SECONDS, Header, check_bounds, open_header, probe
from library.audio.ogg import Survey, survey

BLOCK = 32_768
"""Frames per block: small enough to stay in a core's cache from the decoder to the file."""

CUT_SHORT = "File ends early, what is there was kept"
FOLLOWED = "Holds several sounds one after the other, only the first was kept"
NOT_NUMBERS = "Invalid values replaced with silence"

LOUDEST = 1e9
"""Samples beyond this (+180 dBFS) are no sound; resampling them would overflow."""

MP4_SLACK = 8_192
"""Frames by which an MP4's own length may exceed its sound: encoders' delay and padding."""

WORD = np.float32(1 / 32_768)
"""The smallest step of 16 bits."""

WHOLE_NUMBERS = {"PCM_24", "PCM_32", "ALAC"}
"""Subtypes that cannot hold anything but sound."""

Result = TypeVar("Result")


@dataclass
class Decoding:
    """An open file: iterate once for its blocks; counts and warnings are final then.

    rate (Hz) and channels are the decoder's and may differ from the header's (HE-AAC).
    """

    header: Header
    stream: Stream
    promised: int | None
    decoder: Decoder
    pages: Survey | None = None
    frames: int = 0

    @property
    def rate(self) -> int:
        """Frames per second of the blocks."""
        return self.stream.rate

    @property
    def places(self) -> tuple[str, ...]:
        """Where each channel stands: 'FL', 'FR', 'FC', 'LFE', 'BL', ..."""
        return self.stream.places

    @property
    def channels(self) -> int:
        """Channels of the blocks."""
        return len(self.stream.places)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was put right while decoding, in words for people."""
        return tuple(self.stream.warnings)

    def __iter__(self) -> Iterator[Samples]:
        """Give float32 blocks, frames x channels; raises AudioError."""
        if self.stream.in_words:
            for words in self.words():
                yield np.multiply(words, WORD, dtype=np.float32)
        elif self.header.subtype in WHOLE_NUMBERS:
            yield from self._counted()
        else:
            for block in self._counted():
                yield self._numbers_only(block)

    def words(self) -> Iterator[Integers]:
        """Give the blocks of a source with `stream.in_words` as they are; raises AudioError."""
        return self._counted()

    def _counted(self) -> Iterator[Any]:
        for block in self.stream.blocks:
            self.frames += len(block)
            if self.frames > LONGEST_SECONDS * self.rate:
                raise OutOfBounds("the sound is longer than 60 minutes")
            yield block
        if not self.frames:
            raise UnreadableAudio("the file has no samples")
        if self._is_cut_short():
            self.stream.warnings.append(CUT_SHORT)
        if self.pages:
            self._compare(self.pages)

    def _compare(self, pages: Survey) -> None:
        """Tell what the pages of an Ogg file promise and its decoder left out without a word.

        FFmpeg may leave out one packet of Vorbis, and reads on where another sound follows.
        """
        is_ffmpeg = self.decoder == "ffmpeg"
        slack = pages.identity.most if is_ffmpeg and pages.identity.codec == "VORBIS" else 0
        told = {
            DAMAGED: pages.is_torn or self.frames + slack < pages.frames(self.rate),
            CUT_SHORT: pages.is_cut,
            FOLLOWED: pages.is_followed and not is_ffmpeg,
        }
        for warning, is_so in told.items():
            if is_so and warning not in self.stream.warnings:
                self.stream.warnings.append(warning)

    def _numbers_only(self, block: Samples) -> Samples:
        flat = block.reshape(-1)
        with np.errstate(over="ignore", invalid="ignore"):
            energy = np.dot(flat, flat)
        if not energy < LOUDEST**2:  # one cheap look at all; NaN fails it too
            wrong = ~(np.abs(block) < LOUDEST)
            if wrong.any():
                block = np.where(wrong, np.float32(0), block)
                if NOT_NUMBERS not in self.stream.warnings:
                    self.stream.warnings.append(NOT_NUMBERS)
        return block

    def _is_cut_short(self) -> bool:
        if self.promised is None:
            return False
        if self.header.format != "m4a":
            return self.frames < self.promised
        # The promise of an MP4 counts in the container's rate, the decoder may run at twice that.
        promised = self.promised * self.rate // self.header.rate
        return self.frames < promised - MP4_SLACK


def decoders(header: Header) -> tuple[Decoder, ...]:
    """Return which decoders to try, best first.

    MP4 is FFmpeg's. libsndfile needs a true length: it stops where it believes the end to be.
    """
    if header.format == "m4a":
        return ("ffmpeg",)
    return ("ffmpeg", "sndfile") if header.frames is None else ("sndfile", "ffmpeg")


@contextmanager
def blocks(path: Path, frames: int = BLOCK, decoder: Decoder | None = None) -> Iterator[Decoding]:
    """Open a file for decoding in blocks of `frames`; raises AudioError, also while iterating.

    The best decoder is taken unless one is named; see `with_fallback` for the second try.
    """
    with open_header(path) as (header, promised, file), ExitStack() as stack:
        chosen = decoder or decoders(header)[0]
        if chosen == "ffmpeg":
            stream = stack.enter_context(ffmpeg_stream(path, header.format, frames))
        elif file is not None:
            stream = sndfile_stream(path, file, header.format, frames)
        else:
            raise UnreadableAudio("the content cannot be decoded")
        pages = survey(path) if header.format == "ogg" else None
        decoding = Decoding(header, stream, promised, chosen, pages)
        check_bounds(decoding.rate, decoding.channels)
        yield decoding


def with_fallback(path: Path, work: Callable[[Decoder | None], Result]) -> tuple[Result, bool]:
    """Do `work` with the best decoder (None), and from the start with the other one if it fails.

    Returns the result and whether the first decoder broke off in the middle.
    """
    try:
        return work(None), False
    except UnreadableAudio as error:
        _, *others = decoders(probe(path))
        if not others:
            raise
        return work(others[0]), isinstance(error, DamagedAudio)


def read(path: Path) -> Clip:
    """Read a whole file, for short ones; raises AudioError."""

    def whole(decoder: Decoder | None) -> Clip:
        with blocks(path, decoder=decoder) as decoding:
            return Clip(np.concatenate(list(decoding)), decoding.rate)

    return with_fallback(path, whole)[0]
