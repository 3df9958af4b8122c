"""Read sound files: what their headers say, and their sound in blocks.

`probe` reads headers only and never loads FFmpeg, so that a web process may call it.
"""

import errno
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np

from library.audio.claims import promised_frames
from library.audio.clip import Clip, Integers, Samples
from library.audio.decoders import (
    Decoder,
    ForwardFile,
    Stream,
    ffmpeg_stream,
    open_sndfile,
    sndfile_stream,
)
from library.audio.errors import (
    DamagedAudio,
    OutOfBounds,
    UnreadableAudio,
    UnsupportedFormat,
)
from library.audio.mp4 import first_sound
from library.audio.ogg import identify
from library.audio.sniff import HEAD_BYTES, behind_tag, sniff

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

LARGEST_TAG = 16 << 20
"""Bytes of an ID3 tag: it holds a picture at most."""

NOWHERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}
"""What a path says that leads to nothing, or round in a circle."""

WORD = np.float32(1 / 32_768)
"""The smallest step of 16 bits."""

WHOLE_NUMBERS = {"PCM_24", "PCM_32", "ALAC"}
"""Subtypes that cannot hold anything but sound."""

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


class _Opened(NamedTuple):
    """A file whose header is read; no `file` where libsndfile cannot read it."""

    header: Header
    promised: int | None
    file: ForwardFile | None


def probe(path: Path) -> Header:
    """Read the header of a regular file and hold it against the bounds; raises AudioError.

    4-384 kHz, 1-8 channels, at most 60 minutes. Nothing is decoded.
    """
    with _opened(path) as opened:
        return opened.header


@contextmanager
def _opened(path: Path) -> Iterator[_Opened]:
    container = _container(path)
    with ExitStack() as stack:
        try:
            if container == "m4a":
                header = _mp4_header(path)
                opened = _Opened(header, header.frames, None)
            else:
                file = stack.enter_context(open_sndfile(path, container))
                opened = _Opened(*_sndfile_header(path, container, file), file)
        except UnreadableAudio:
            if container != "ogg":
                raise
            opened = _Opened(_ogg_header(path), None, None)
        _check_header(opened.header)
        yield opened


def _check_header(header: Header) -> None:
    _check_bounds(header.rate, header.channels)
    if header.frames == 0:
        raise UnreadableAudio("the file has no samples")
    if header.frames is not None and header.frames > LONGEST_SECONDS * header.rate:
        raise OutOfBounds("the sound is longer than 60 minutes")


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
            has_room = behind_tag(file) < min(found.st_size, LARGEST_TAG)
    except OSError as error:
        if error.errno not in NOWHERE:
            raise
        raise UnreadableAudio("the file is not there") from error
    if not head:
        raise UnreadableAudio("the file is empty")
    if not has_room:  # libmpg123 would keep all of the tag, or make room for what it claims
        raise UnreadableAudio("the content cannot be decoded")
    container = sniff(head)
    if container is None:
        raise UnsupportedFormat("the content is not a sound file of a known format")
    return container


def _sndfile_header(path: Path, container: str, file: ForwardFile) -> tuple[Header, int | None]:
    """Return what an open file says of itself, and how many frames it promises."""
    kind, subtype = file.format, file.subtype
    if kind not in CONTAINERS:
        raise UnsupportedFormat("the content is not a sound file of a known format")
    container, depth = CONTAINERS[kind], BIT_DEPTHS.get(subtype)
    promised = promised_frames(path, container, file.frames)
    is_known = promised is not None or _is_present(container, file.frames)
    frames = file.frames if is_known else None
    header = Header(container, subtype, file.samplerate, file.channels, depth, frames)
    return header, promised if container in {"wav", "aiff"} else frames


def _ogg_header(path: Path) -> Header:
    """Read the first page: libsndfile looks for the last one and gives up where it is cut off."""
    with path.open("rb") as page:
        subtype, rate, channels = identify(page)
    return Header("ogg", subtype, rate, channels, None, None)


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
    with _opened(path) as (header, promised, file), ExitStack() as stack:
        if (decoder or decoders(header)[0]) == "ffmpeg":
            stream = stack.enter_context(ffmpeg_stream(path, header.format, frames))
        elif file is not None:
            stream = sndfile_stream(path, file, header.format, frames)
        else:
            raise UnreadableAudio("the content cannot be decoded")
        decoding = Decoding(header, stream, promised)
        _check_bounds(decoding.rate, decoding.channels)
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


def _check_bounds(rate: int, channels: int) -> None:
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise OutOfBounds(f"the rate of {rate} Hz is outside 4 to 384 kHz")
    if not 1 <= channels <= MOST_CHANNELS:
        raise OutOfBounds(f"{channels} channels are outside 1 to 8")


def read(path: Path) -> Clip:
    """Read a whole file, for short ones; raises AudioError."""

    def whole(decoder: Decoder | None) -> Clip:
        with blocks(path, decoder=decoder) as decoding:
            return Clip(np.concatenate(list(decoding)), decoding.rate)

    return with_fallback(path, whole)[0]
