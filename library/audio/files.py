"""Read sound files: what their headers say, and their sound in blocks.

`probe` reads headers only and never loads FFmpeg, so that a web process may call it.
"""

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from library.audio.claims import promised_frames
from library.audio.clip import Clip, Samples
from library.audio.decoders import Decoder, Stream, open_sndfile, open_stream
from library.audio.errors import (
    DamagedAudio,
    OutOfBounds,
    UnreadableAudio,
    UnsupportedFormat,
)
from library.audio.mp4 import first_sound
from library.audio.ogg import identify
from library.audio.sniff import HEAD_BYTES, sniff

BLOCK = 65_536
"""Frames per block: soxr and the decoders are as fast on these as on whole files."""

LOWEST_RATE, HIGHEST_RATE = 4_000, 384_000
MOST_CHANNELS = 8
LONGEST_SECONDS = 3600

CUT_SHORT = "File ends early, what is there was kept"
NOT_NUMBERS = "Invalid values replaced with silence"

LOUDEST = 1e9
"""Samples beyond this (+180 dBFS) are no sound; resampling them would overflow."""

MP4_SLACK = 8_192
"""Frames by which an MP4's own length may exceed its sound: encoders' delay and padding."""

BIT_DEPTHS = {
    "PCM_S8": 8,
    "PCM_U8": 8,
    "PCM_16": 16,
    "PCM_24": 24,
    "PCM_32": 32,
    "FLOAT": 32,
    "DOUBLE": 64,
}
CONTAINERS = {
    "WAV": "wav",
    "WAVEX": "wav",
    "RF64": "wav",
    "AIFF": "aiff",
    "FLAC": "flac",
    "OGG": "ogg",
    "MP3": "mp3",
}

Result = TypeVar("Result")


@dataclass(frozen=True)
class Header:
    """What a file says of itself, within bounds but not to be relied on.

    format: 'wav', 'aiff', 'mp3', 'flac', 'm4a' or 'ogg'. subtype: libsndfile's word
    ('PCM_16', 'FLOAT', 'MPEG_LAYER_III', 'VORBIS', ...) or 'AAC', 'ALAC'. rate in Hz.
    bit_depth: None for lossy codecs. frames and seconds: None where the header has none.
    """

    format: str
    subtype: str
    rate: int
    channels: int
    bit_depth: int | None
    frames: int | None

    @property
    def seconds(self) -> float | None:
        """The claimed length in seconds."""
        return None if self.frames is None else self.frames / self.rate


@dataclass
class Decoding:
    """An open file: iterate once for its blocks; counts and warnings are final then.

    rate (Hz) and channels are the decoder's and may differ from the header's (HE-AAC).
    """

    header: Header
    stream: Stream
    promised: int | None
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
        for block in self.stream.blocks:
            self.frames += len(block)
            if self.frames > LONGEST_SECONDS * self.rate:
                raise OutOfBounds("the sound is longer than 60 minutes")
            yield self._numbers_only(block)
        if not self.frames:
            raise UnreadableAudio("the file has no samples")
        if self._is_cut_short():
            self.stream.warnings.append(CUT_SHORT)

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


def probe(path: Path) -> Header:
    """Read the header of a regular file and hold it against the bounds; raises AudioError.

    4-384 kHz, 1-8 channels, at most 60 minutes. Nothing is decoded.
    """
    container = _container(path)
    header = _mp4_header(path) if container == "m4a" else _sndfile_header(path, container)
    _check_bounds(header.rate, header.channels)
    if header.frames == 0:
        raise UnreadableAudio("the file has no samples")
    if header.frames is not None and header.frames > LONGEST_SECONDS * header.rate:
        raise OutOfBounds("the sound is longer than 60 minutes")
    return header


def _container(path: Path) -> str:
    """Sniff a regular file with something in it. A pipe is never opened: that would wait.

    OSError where the machine is at fault: that says nothing about the sound.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise UnreadableAudio("it is not a regular file")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError as error:
        raise UnreadableAudio("the file is not there") from error
    if not head:
        raise UnreadableAudio("the file is empty")
    container = sniff(head)
    if container is None:
        raise UnsupportedFormat("the content is not a sound file of a known format")
    return container


def _sndfile_header(path: Path, container: str) -> Header:
    try:
        with open_sndfile(path, container) as file:
            kind, subtype = file.format, file.subtype
            rate, channels, frames = file.samplerate, file.channels, file.frames
    except UnreadableAudio:
        if container != "ogg":
            raise
        # libsndfile looks for the last page at once and gives up on a file that was cut off.
        with path.open("rb") as page:
            subtype, rate, channels = identify(page)
        return Header("ogg", subtype, rate, channels, None, None)
    if kind not in CONTAINERS:
        raise UnsupportedFormat("the content is not a sound file of a known format")
    container, depth = CONTAINERS[kind], BIT_DEPTHS.get(subtype)
    if promised_frames(path, container, frames) is None and not _is_present(container, frames):
        return Header(container, subtype, rate, channels, depth, None)
    return Header(container, subtype, rate, channels, depth, frames)


def _is_present(container: str, frames: int) -> bool:
    """Tell whether libsndfile counted by what is there: so it does in WAV and AIFF."""
    return container in {"wav", "aiff"} and frames > 0


def _mp4_header(path: Path) -> Header:
    with path.open("rb") as file:
        track = first_sound(file)
    frames = None if track.seconds is None else round(track.seconds * track.rate)
    depth = track.bit_depth
    return Header("m4a", track.codec, track.rate, track.channels, depth, frames)


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
    header = probe(path)
    promised = header.frames
    if header.format in {"wav", "aiff"}:
        promised = promised_frames(path, header.format, header.frames or 0)
    with open_stream(path, header.format, decoder or decoders(header)[0], frames) as stream:
        decoding = Decoding(header, stream, promised)
        _check_bounds(decoding.rate, decoding.channels)
        yield decoding


def with_fallback(path: Path, work: Callable[[Decoder], Result]) -> tuple[Result, bool]:
    """Do `work` with the best decoder, and once more from the start with the other if it fails.

    Returns the result and whether the first decoder broke off in the middle.
    """
    first, *others = decoders(probe(path))
    try:
        return work(first), False
    except UnreadableAudio as error:
        if not others:
            raise
        return work(others[0]), isinstance(error, DamagedAudio)


def _check_bounds(rate: int, channels: int) -> None:
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise OutOfBounds(f"the rate of {rate} Hz is outside 4 to 384 kHz")
    if not 1 <= channels <= MOST_CHANNELS:
        raise OutOfBounds(f"{channels} channels are outside 1 to 8")


def read(path: Path) -> Clip:
    """Read a whole file, for short ones; raises AudioError."""

    def whole(decoder: Decoder) -> Clip:
        with blocks(path, decoder=decoder) as decoding:
            return Clip(np.concatenate(list(decoding)), decoding.rate)

    return with_fallback(path, whole)[0]
